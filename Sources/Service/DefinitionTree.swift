import Cryptography
import Git
import Pipelines
import Premises
import YAML

/// Reads the definitions in a folder that strangers have filled: by descriptors, one name at a
/// time, and never through a link, which could lead to files of the house.
enum DefinitionTree {
    static let maximumFiles = 500
    static let maximumDepth = 32

    static func files(
        in folder: String, matching globs: [Glob],
        objecting: @escaping (Definition) -> [Diagnostic] = { _ in [] }
    ) throws(GitError) -> [DefinitionShelf.File] {
        var reader = Reader(globs: globs, objecting: objecting)
        try reader.read(try OpenFolder.open(folder), at: RawName([]), depth: 0)
        return reader.files
    }

    private struct Reader {
        let globs: [Glob]
        let objecting: (Definition) -> [Diagnostic]
        var files: [DefinitionShelf.File] = []

        mutating func read(
            _ folder: borrowing OpenFolder, at place: RawName, depth: Int
        ) throws(GitError) {
            for name in try folder.names() {
                let whole = place.appending(name)
                switch try folder.status(name).kind {
                case .folder:
                    guard depth < DefinitionTree.maximumDepth else { continue }
                    try read(try folder.folder(name), at: whole, depth: depth + 1)
                case .file, .program, .link, .special:
                    guard let path = whole.text, globs.admit(path) else { continue }
                    guard files.count < DefinitionTree.maximumFiles else { throw tooMany }
                    files.append(try file(name, path, in: folder))
                }
            }
        }

        private var tooMany: GitError {
            GitError(
                .overLimit, "read definitions",
                problem: "more than \(DefinitionTree.maximumFiles) files match",
                hint: "name them by a narrower pattern in the settings ('files:')")
        }

        private func file(
            _ name: RawName, _ path: String, in folder: borrowing OpenFolder
        ) throws(GitError) -> DefinitionShelf.File {
            switch try folder.status(name).kind {
            case .file, .program: break
            case .folder, .link, .special:
                return DefinitionShelf.File(
                    path: path, digest: "",
                    content: .mistake(
                        "\(Report.visible(path)): error: it is no plain file\n"
                            + "  hint: put the definition itself there\n"))
            }
            let opened = try folder.file(name)
            var bytes: [UInt8] = []
            while bytes.count <= Limits.bytes {
                let piece = try opened.read(upTo: 1 << 16)
                if piece.isEmpty { break }
                bytes += piece
            }
            return read(bytes, path)
        }

        private func read(_ bytes: [UInt8], _ path: String) -> DefinitionShelf.File {
            let reading = Definition.read(bytes, zones: ZoneNames.known)
            let digest = SHA256.hex(of: bytes)
            let objections = reading.definition.map(objecting) ?? []
            guard let definition = reading.definition, objections.isEmpty else {
                let report = Report(file: path, text: String(decoding: bytes, as: UTF8.self))
                return DefinitionShelf.File(
                    path: path, digest: digest,
                    content: .mistake(report.text(of: reading.diagnostics + objections)))
            }
            return DefinitionShelf.File(
                path: path, digest: digest, content: .definition(definition))
        }
    }
}
