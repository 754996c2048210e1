/// A tag: what an image is called in its repository. It can be moved to another image.
package struct Tag: Hashable, Sendable, CustomStringConvertible {
    package static let maximumLength = 128

    package let description: String

    package init(parsing text: String) throws(ImageMistake) {
        let isRight = text.unicodeScalars.enumerated().allSatisfy { offset, scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": true
            case ".", "-": offset > 0
            default: false
            }
        }
        guard isRight, 1...Self.maximumLength ~= text.utf8.count else {
            throw ImageMistake(
                "'\(ImageMistake.shown(text))' is no tag",
                hint: "use 1 to \(Self.maximumLength) of a-z, A-Z, 0-9, '_', '.' and '-', of which "
                    + "'.' and '-' are not the first")
        }
        description = text
    }

    /// Where a registry that cannot be asked what tells about something has a list of it.
    package init(listing digest: Digest) { description = "sha256-\(digest.hex)" }
}

/// An image in a registry: `registry.example.com/team/web:1.2@sha256:…`.
package struct Reference: Hashable, Sendable, CustomStringConvertible {
    package let repository: Repository
    package let tag: Tag?
    package let digest: Digest?

    package init(_ repository: Repository, tag: Tag? = nil, digest: Digest? = nil) {
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    package init(parsing text: String) throws(ImageMistake) {
        var rest = text[...]
        var digest: Digest?
        if let at = rest.firstIndex(of: "@") {
            digest = try Digest(parsing: String(rest[rest.index(after: at)...]))
            rest = rest[..<at]
        }
        var tag: Tag?
        // A colon before the last '/' is that of a port.
        if let slash = rest.lastIndex(of: "/"), let colon = rest[slash...].lastIndex(of: ":") {
            tag = try Tag(parsing: String(rest[rest.index(after: colon)...]))
            rest = rest[..<colon]
        }
        self.init(try Repository(parsing: String(rest)), tag: tag, digest: digest)
    }

    package var description: String {
        "\(repository)\(tag.map { ":\($0)" } ?? "")\(digest.map { "@\($0)" } ?? "")"
    }

    /// What its registry is asked for. A digest names more than a tag, and without either, people
    /// mean `latest`.
    package var version: String { digest?.description ?? tag?.description ?? "latest" }
}
