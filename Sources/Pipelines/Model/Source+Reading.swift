import Images
import YAML

extension Source {
    static let shape = Shape<Origin>.mapping(about: "where revisions come from") { keys in
        let git = GitOrigin.read(&keys)
        let image = keys.optional(
            "image", .watchedTag, about: "a tag in a registry: a new image under it counts")
        if !keys.isDescribing, keys.has("git") == keys.has("image") {
            keys.findings.error(
                at: keys.place, "a source is either a repository ('git') or an 'image'",
                hint: keys.has("git")
                    ? "make two sources of it"
                    : "name the repository's address as 'git', or an image with its tag as 'image'")
        } else if keys.has("image") {
            for key in GitOrigin.keys where keys.has(key) {
                keys.findings.error(
                    at: keys.keyPlace(of: key), "an image has no '\(key)'",
                    hint: key == "credential"
                        ? "remove it; the profile of its registry says as whom it is asked"
                        : "remove it; the one tag that counts stands in 'image'")
            }
        }
        return git.map { .git($0) } ?? image.map { .image($0) }
    }

    init(_ name: Located<SourceName>, _ origin: Origin) {
        self.init(name: name, origin)
    }
}

extension GitOrigin {
    /// What only a repository has, besides its address.
    fileprivate static let keys = ["branches", "tags", "paths", "credential"]

    fileprivate static func read(_ keys: inout Keys) -> GitOrigin? {
        let address = keys.optional("git", .address, about: "a repository: an address or a path")
        let branches = keys.optional(
            "branches", .oneOrMany(.glob),
            about: "branches whose pushes count; all if left out, unless there are tags")
        let tags = keys.optional("tags", .oneOrMany(.glob), about: "tags whose pushes count")
        let paths = keys.optional(
            "paths", .oneOrMany(.glob), about: "a push counts only if it changes one of these files"
        )
        let credential = keys.optional(
            "credential", SecretName.shape.mentioned(as: .secret),
            about: "the secret that opens it: a private key, a token, or 'user:password'")
        return address.map { address in
            GitOrigin(
                address, branches: branches ?? [], tags: tags ?? [], paths: paths ?? [],
                credential: credential)
        }
    }
}

extension Shape where Value == ImageOrigin {
    fileprivate static var watchedTag: Shape {
        .text("an image such as 'registry.example.com/team/base:stable'") { text throws(Mistake) in
            let reference: Reference
            do throws(ImageMistake) {
                reference = try Reference(parsing: text)
            } catch {
                throw Mistake(error.problem, hint: error.hint)
            }
            guard reference.digest == nil else {
                throw Mistake(
                    "'\(text)' is one image for ever: nothing new comes under a digest",
                    hint: "name the tag that is moved, as in '\(reference.repository):stable'")
            }
            guard let tag = reference.tag else {
                throw Mistake(
                    "'\(text)' names no tag",
                    hint: "write the tag that is watched, as in '\(text):stable'")
            }
            return ImageOrigin(reference.repository, tag)
        }
    }
}

extension Shape where Value == String {
    package static var address: Shape {
        .text("an address such as 'https://git.example.com/shop.git'") { text throws(Mistake) in
            let hint =
                "use https://, ssh://, git:// or file://, host:path, or a path on this machine"
            guard !text.hasPrefix("-"), !text.contains(where: \.isWhitespace) else {
                throw Mistake("'\(text)' is no address of a repository", hint: hint)
            }
            // Git has transports that run a program of the address's choice. Others have two colons
            // in an address of IPv6.
            if let colons = text.firstRange(of: "::"),
                !text[..<colons.lowerBound].contains(where: { "/[".contains($0) })
            {
                throw Mistake(
                    "'\(text[..<colons.lowerBound])::' names a program to run, not a repository",
                    hint: hint)
            }
            if let scheme = text.firstRange(of: "://") {
                let known = ["https", "http", "ssh", "git", "file"]
                guard known.contains(String(text[..<scheme.lowerBound])) else {
                    throw Mistake(
                        "'\(text[..<scheme.lowerBound])' is no way to reach git", hint: hint)
                }
                let host = text[scheme.upperBound...].prefix { $0 != "/" }
                // Programs that git starts would read it as an option, or as two lines.
                let name = host.split(separator: "@").last ?? ""
                let hasLines = ["%0a", "%0d", "%00"].contains { text.lowercased().contains($0) }
                guard !name.hasPrefix("-"), !hasLines else {
                    throw Mistake("'\(text)' is no address of a repository", hint: hint)
                }
                if let at = host.firstIndex(of: "@"), host[..<at].contains(":") {
                    throw Mistake(
                        "a password in the address", at: 0,
                        hint: "keep it as a secret; a definition is read by many")
                }
            }
            return text
        }
    }
}
