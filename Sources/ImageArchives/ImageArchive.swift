import Glibc
import Images
import Tar

/// A finished image in a file or a folder: an OCI layout, or what `docker save` writes. Nothing of
/// it is unpacked.
package struct ImageArchive: Sendable {
    private let files: ArchiveFiles
    private let path: String

    package init(_ path: String) throws(ArchiveProblem) {
        self.path = path
        files = try ArchiveProblem.wrapping { try ArchiveFiles.at(path) }
    }

    /// One that `fill` writes into a file without a name.
    package init(in scratch: Scratch, filledBy fill: (Int32) throws -> Void) throws {
        path = "what was saved"
        let file = try scratch.file()
        do { try fill(file) } catch {
            close(file)
            throw error
        }
        files = try ArchiveProblem.wrapping {
            .tar(try TarIndex(of: ReadableFile(owning: file, "what was saved")))
        }
    }

    /// What there is of an image before its layers are compressed.
    enum Content: Sendable {
        /// It has manifests of its own, and is given as it is.
        case made(ImageContents)
        case saved(SavedArchive)

        /// What has to be compressed.
        var layers: [PlainLayer] {
            if case .saved(let archive) = self { archive.layers } else { [] }
        }
    }

    /// The image in it, or the one of that name where it has several.
    func content(named name: String?) throws(ArchiveProblem) -> Content {
        try ArchiveProblem.wrapping {
            if let saved = try saved(named: name) { return .saved(saved) }
            return .made(try ImageLayout(files).image(named: name))
        }
    }

    /// Nothing where it is a layout.
    private func saved(named name: String?) throws -> SavedArchive? {
        // What has both is a layout, whose digests are known.
        if files.has("oci-layout"), files.has("index.json") { return nil }
        guard files.has("manifest.json") else {
            throw ArchiveProblem(
                "'\(path)' is neither an OCI layout nor an archive of 'docker save'",
                hint: "a layout has 'oci-layout' and 'index.json', a saved image 'manifest.json'")
        }
        return try SavedArchive(files, named: name)
    }
}
