import JSON

/// Several manifests under one digest, such as one for each platform: OCI's index, or Docker's
/// list. What it says of each stays as it was written, also what has no meaning here.
package struct ImageIndex: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let descriptor: Descriptor
        fileprivate let written: JSON

        package init(_ descriptor: Descriptor) {
            self.descriptor = descriptor
            written = descriptor.json
        }

        fileprivate init(_ json: JSON, number: Int) throws(ImageMistake) {
            descriptor = try Descriptor(json, what: "manifest \(number) of an index")
            written = json
        }
    }

    private static let own = ["schemaVersion", "mediaType", "manifests"]

    package let mediaType: MediaType
    package let entries: [Entry]
    /// What it tells about, if it is no image for itself.
    let subject: Descriptor?
    let artifactType: String?
    let annotations: [Descriptor.Annotation]
    private let others: [JSON.Member]

    package var manifests: [Descriptor] { entries.map(\.descriptor) }

    package init(_ mediaType: MediaType, of entries: [Entry]) {
        self.mediaType = mediaType
        self.entries = entries
        (subject, artifactType, annotations, others) = (nil, nil, [], [])
    }

    init(_ members: Members, _ mediaType: MediaType) throws(ImageMistake) {
        let manifests = try members.list("manifests", atMost: Manifest.mostReferences)
        guard let manifests else { throw members.missing("manifests") }
        self.mediaType = mediaType
        var entries: [Entry] = []
        for (index, manifest) in manifests.enumerated() {
            entries.append(try Entry(manifest, number: index + 1))
        }
        self.entries = entries
        subject = try members.descriptor("subject", what: "the subject")
        artifactType = try members.text("artifactType")
        annotations = try members.annotations()
        others = members.all { !Self.own.contains($0) }
    }

    private init(_ index: ImageIndex, with entries: [Entry]) {
        mediaType = index.mediaType
        self.entries = entries
        subject = index.subject
        artifactType = index.artifactType
        annotations = index.annotations
        others = index.others
    }

    /// The same with others in it.
    package func with(_ entries: [Entry]) -> ImageIndex { ImageIndex(self, with: entries) }

    /// The same for the same manifests, whoever writes it and whenever.
    package var bytes: [UInt8] {
        let members: [JSON.Member] = [
            .init("schemaVersion", 2), .init("mediaType", .string(mediaType.description)),
            .init("manifests", .array(entries.map(\.written))),
        ]
        return Array(JSON.object(members + others).text.utf8)
    }
}
