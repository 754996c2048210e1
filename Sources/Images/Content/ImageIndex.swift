/// Several manifests under one digest, such as one for each platform: OCI's index, or Docker's
/// list.
package struct ImageIndex: Hashable, Sendable {
    package let mediaType: MediaType
    package let manifests: [Descriptor]

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
}
