/// Where images are kept: a registry's host, and a path there, as in
/// `registry.example.com:5000/team/web`.
package struct Repository: Hashable, Sendable, CustomStringConvertible {
    /// Of host and path together.
    package static let maximumLength = 255

    package let host: RegistryHost
    package let path: String

    package var description: String { "\(host)/\(path)" }

    package init(_ host: RegistryHost, path: String) throws(ImageMistake) {
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            try Self.check(part, of: path)
        }
        self.host = host
        self.path = path
        guard description.utf8.count <= Self.maximumLength else {
            throw ImageMistake(
                "the repository's name has \(description.utf8.count) letters",
                hint: "host and path together may have \(Self.maximumLength)")
        }
    }

    /// A name without a host is refused, because what others would take instead is a registry of
    /// the whole world.
    package init(parsing text: String) throws(ImageMistake) {
        guard let slash = text.firstIndex(of: "/"), RegistryHost.looksLikeOne(text[..<slash])
        else {
            let path = text.contains("/") ? text : "library/\(text)"
            throw ImageMistake(
                "'\(ImageMistake.shown(text))' names no registry",
                hint: "write the host before it, as in 'registry.example.com/team/web'; the Docker "
                    + "Hub's is 'docker.io/\(ImageMistake.shown(path))'")
        }
        try self.init(
            RegistryHost(parsing: String(text[..<slash])),
            path: String(text[text.index(after: slash)...]))
    }

    private static func check(_ part: Substring, of path: String) throws(ImageMistake) {
        var separators = ""
        var hasBegun = false
        let wrong = ImageMistake(
            "'\(ImageMistake.shown(path))' is no path of a repository",
            hint: "its parts are of a-z and 0-9, with '.', '_', '__' or '-' between them, and "
                + "have '/' between each other, as in 'team/web-server'")
        for scalar in part.unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9":
                guard separators.isEmpty || hasBegun && areSeparators(separators) else {
                    throw wrong
                }
                hasBegun = true
                separators = ""
            case ".", "_", "-": separators.unicodeScalars.append(scalar)
            default: throw wrong
            }
        }
        guard hasBegun, separators.isEmpty else { throw wrong }
    }

    private static func areSeparators(_ text: String) -> Bool {
        [".", "_", "__"].contains(text) || text.allSatisfy { $0 == "-" }
    }
}
