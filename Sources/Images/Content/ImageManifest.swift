import JSON

/// What one image is made of: OCI's manifest, or Docker's of schema 2.
package struct ImageManifest: Hashable, Sendable {
    package let mediaType: MediaType
    package let config: Descriptor
    /// From the lowest up.
    package let layers: [Descriptor]
    /// What it tells about, if it is no image for itself: a signature, a list of materials.
    package let subject: Descriptor?
    var artifactType: String?
    var annotations: [Descriptor.Annotation] = []

    package init(
        _ mediaType: MediaType, config: Descriptor, layers: [Descriptor],
        subject: Descriptor? = nil
    ) {
        self.mediaType = mediaType
        self.config = config
        self.layers = layers
        self.subject = subject
    }

    init(_ members: Members, _ mediaType: MediaType) throws(ImageMistake) {
        guard let config = members.value("config") else { throw members.missing("config") }
        let layers = try members.list("layers", atMost: Manifest.mostReferences)
        guard let layers else { throw members.missing("layers") }
        var read: [Descriptor] = []
        for (index, layer) in layers.enumerated() {
            read.append(try Descriptor(layer, what: "layer \(index + 1)"))
        }
        self.init(
            mediaType, config: try Descriptor(config, what: "the configuration's descriptor"),
            layers: read, subject: try members.descriptor("subject", what: "the subject"))
        artifactType = try members.text("artifactType")
        annotations = try members.annotations()
    }

    /// The same for the same image, whoever writes it and whenever.
    package var bytes: [UInt8] {
        let json: JSON = [
            "schemaVersion": 2, "mediaType": .string(mediaType.description),
            "config": config.json, "layers": .array(layers.map(\.json)),
        ]
        return Array(json.text.utf8)
    }
}
