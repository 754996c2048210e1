import FoundationEssentials

/// The project's own files, as text.
struct Tree {
    struct File {
        let path: String
        let lines: [String]
    }

    static let root = String(#filePath.dropLast("Tests/TidyTests/Tree.swift".count))

    static func files(in folders: [String], ending: String) -> [File] {
        folders.flatMap { folder in
            paths(below: folder).filter { $0.hasSuffix(ending) }.sorted().compactMap(file)
        }
    }

    static let swift = files(in: ["Sources", "Tests", "Trials"], ending: ".swift")

    static func file(_ path: String) -> File? {
        guard let data = try? Data(contentsOf: URL(filePath: root + path)) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return File(
            path: path,
            lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }

    static func paths(below folder: String) -> [String] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: root + folder)) ?? []
        return names.map { "\(folder)/\($0)" }
    }
}
