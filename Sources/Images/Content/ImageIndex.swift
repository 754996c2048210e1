import JSON

/// Several manifests under one digest, such as one for each platform: OCI's index, or Docker's
/// list.
package struct ImageIndex: Hashable, Sendable {
    package let mediaType: MediaType
    package let manifests: [Descriptor]

    package init(_ mediaType: MediaType, of manifests: [Descriptor]) {
        self.mediaType = mediaType
        self.manifests = manifests
    }

    init(_ members: Members, _ mediaType: MediaType) throws(ImageMistake) {
        let manifests = try members.list("manifests", atMost: Manifest.mostReferences)
        guard let manifests else { throw members.missing("manifests") }
        self.mediaType = mediaType
        var read: [Descriptor] = []
        for (index, manifest) in manifests.enumerated() {
            read.append(try Descriptor(manifest, what: "manifest \(index + 1) of an index"))
        }
        self.manifests = read
    }

    /// The same for the same manifests, whoever writes it and whenever.
    package var bytes: [UInt8] {
        let json: JSON = [
            "schemaVersion": 2, "mediaType": .string(mediaType.description),
            "manifests": .array(manifests.map(\.json)),
        ]
        return Array(json.text.utf8)
    }
}
