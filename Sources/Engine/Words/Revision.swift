package import Images
package import Pipelines

/// One version of one source that an execution carries.
package struct Revision: Hashable, Sendable {
    /// What makes it this version and no other.
    package enum Version: Hashable, Sendable {
        case commit(String)
        case image(PinnedImage)
    }

    package let source: SourceName
    /// The branch or tag it was found at; of an image, its tag.
    package let ref: String
    package let version: Version
    package let message: String
    /// Who wrote it and who pushed it: neither may approve it alone under four eyes. Of an image
    /// nobody is known.
    package let authors: [String]
    /// When it was committed, in seconds since 1970, by its committer's clock; nothing where nobody
    /// has looked, or that clock told no year that a date can be written in.
    package let committedAt: Int?

    /// From 1970 to the year 9999. A commit may claim any number.
    private static let dates = 0..<253_402_300_800

    package init(
        source: SourceName, ref: String, commit: String, message: String = "",
        authors: [String] = [], committedAt: Int? = nil
    ) {
        self.source = source
        self.ref = ref
        version = .commit(commit)
        self.message = message
        self.authors = authors
        self.committedAt = committedAt.flatMap { Self.dates.contains($0) ? $0 : nil }
    }

    package init(source: SourceName, tag: String, image: PinnedImage) {
        self.source = source
        ref = tag
        version = .image(image)
        message = ""
        authors = []
        committedAt = nil
    }
}

extension Revision {
    /// The commit, or the digest of the image.
    package var id: String {
        switch version {
        case .commit(let commit): commit
        case .image(let image): "\(image.digest)"
        }
    }

    package var commit: String? { if case .commit(let commit) = version { commit } else { nil } }

    package var image: PinnedImage? { if case .image(let image) = version { image } else { nil } }

    /// As much of it as people read.
    package var shortID: String { ShortVersion.of(id) }
}

extension Revision: Codable {
    private enum CodingKeys: String, CodingKey {
        case source, ref, commit, image, message, authors, committedAt
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        source = try fields.decode(SourceName.self, forKey: .source)
        ref = try fields.decode(String.self, forKey: .ref)
        if let image = try fields.decodeIfPresent(String.self, forKey: .image) {
            version = .image(try PinnedImage(parsing: image))
        } else {
            version = .commit(try fields.decode(String.self, forKey: .commit))
        }
        message = try fields.decode(String.self, forKey: .message)
        authors = try fields.decode([String].self, forKey: .authors)
        committedAt = try fields.decodeIfPresent(Int.self, forKey: .committedAt)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(source, forKey: .source)
        try fields.encode(ref, forKey: .ref)
        switch version {
        case .commit(let commit): try fields.encode(commit, forKey: .commit)
        case .image(let image): try fields.encode("\(image)", forKey: .image)
        }
        try fields.encode(message, forKey: .message)
        try fields.encode(authors, forKey: .authors)
        try fields.encodeIfPresent(committedAt, forKey: .committedAt)
    }
}
