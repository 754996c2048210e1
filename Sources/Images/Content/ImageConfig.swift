/// What an image says of itself: OCI's configuration, which is Docker's too.
package struct ImageConfig: Hashable, Sendable {
    package static let longest = 8 << 20

    package let platform: Platform?
    /// When it was made, as it was written.
    package let created: String?
    package let labels: [Descriptor.Annotation]
    /// Of its layers, uncompressed, from the lowest up.
    package let layers: [Digest]

    package init(parsing bytes: [UInt8]) throws(ImageMistake) {
        let members = try Members(
            parsing: bytes, atMost: Self.longest, what: "the image's configuration")
        platform = try Platform(members)
        created = try members.text("created")
        let labels = try members.object("config")?.dictionary("Labels") ?? []
        self.labels = labels.map { Descriptor.Annotation(name: $0, value: $1) }
        let most = Manifest.mostReferences
        var layers: [Digest] = []
        for text in try members.object("rootfs")?.texts("diff_ids", atMost: most) ?? [] {
            layers.append(try Digest(parsing: text))
        }
        self.layers = layers
    }

    package func label(_ name: String) -> String? { labels.first { $0.name == name }?.value }
}
