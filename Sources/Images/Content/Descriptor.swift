package import JSON

/// A piece of an image as others name it: what it is, its digest and its size.
package struct Descriptor: Hashable, Sendable {
    package let mediaType: MediaType
    package let digest: Digest
    package let size: Int
    package var platform: Platform?
    /// In the order they were written.
    package var annotations: [Annotation] = []
    /// What it is for, if it is no image: a signature, a list of materials.
    package var artifactType: String?
    /// It can be fetched elsewhere.
    package var hasAddresses = false

    package struct Annotation: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    package init(_ mediaType: MediaType, _ digest: Digest, size: Int) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
    }

    init(_ json: JSON, what: String) throws(ImageMistake) {
        let members = try Members(json, what: what)
        guard let digest = try members.text("digest") else { throw members.missing("digest") }
        guard let size = try members.number("size") else { throw members.missing("size") }
        guard size >= 0 else { throw members.wrong("size", "no less than 0") }
        self.init(
            try members.text("mediaType").map(MediaType.init) ?? .unknown,
            try Digest(parsing: digest), size: size)
        if let platform = try members.object("platform") { self.platform = try Platform(platform) }
        annotations = try members.annotations()
        artifactType = try members.text("artifactType")
        hasAddresses = try members.list("urls", atMost: 100)?.isEmpty == false
    }

    /// Whether an index has it for machines, and not to tell them of another that it has.
    package var isForPlatform: Bool {
        mediaType.isImage && platform?.system != "unknown"
            && annotation("vnd.docker.reference.digest") == nil
    }

    package func annotation(_ name: String) -> String? {
        annotations.first { $0.name == name }?.value
    }

    package var json: JSON {
        let named = annotations.map { JSON.Member($0.name, .string($0.value)) }
        let members: [JSON.Member?] = [
            .init("mediaType", .string(mediaType.description)), .init("size", .int(size)),
            .init("digest", .string(digest.description)),
            platform.map { .init("platform", $0.json) },
            artifactType.map { .init("artifactType", .string($0)) },
            named.isEmpty ? nil : .init("annotations", .object(named)),
        ]
        return .object(members.compactMap(\.self))
    }
}
