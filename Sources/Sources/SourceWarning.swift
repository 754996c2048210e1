import Git

/// What a person should know of a source, though it can be used.
package struct SourceWarning: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// Git LFS keeps these files' content elsewhere.
        case largeFiles = "large-files"
        /// Repositories inside the folder that are no submodules.
        case strangers
    }

    private static let shown = 5

    package let kind: Kind
    /// The first few.
    package let paths: [String]
    package let count: Int

    /// Nothing where there are no paths to warn of.
    init?(_ kind: Kind, _ paths: [RawName]) {
        guard !paths.isEmpty else { return nil }
        self.kind = kind
        self.paths = paths.prefix(Self.shown).map(\.description)
        count = paths.count
    }

    package var description: String {
        let more = count > paths.count ? " and \(count - paths.count) more" : ""
        let list = paths.map { "'\($0)'" }.joined(separator: ", ") + more
        switch kind {
        case .largeFiles:
            return "only Git LFS pointers are there, and not the content, of \(count) "
                + "\(count == 1 ? "file" : "files"): \(list)"
        case .strangers:
            return "left out, because they are repositories of their own: \(list)"
        }
    }
}

extension SourceWarning {
    /// As it is kept beside the files: the escapes of the paths leave tabs free to part them.
    var line: String { ([kind.rawValue, String(count)] + paths).joined(separator: "\t") }

    init?(line: some StringProtocol) {
        let parts = line.split(separator: Character("\t")).map { String($0) }
        guard parts.count > 2, let kind = Kind(rawValue: parts[0]), let count = Int(parts[1])
        else { return nil }
        self.kind = kind
        self.count = count
        paths = Array(parts[2...])
    }
}
