import Images
import Tar

/// What `docker save` has written in its older form, and podman and others write still. It has no
/// manifest, so one is made: always the same for the same archive.
struct SavedArchive: Sendable {
    /// In whose words the manifest is.
    enum Form: Sendable {
        case docker
        /// Those of the OCI, as an index of the OCI wants all that it lists.
        case oci
    }

    let config: ImageBlob
    let platform: Platform?
    let layers: [PlainLayer]

    init(_ files: ArchiveFiles, named name: String?) throws {
        let list = try files.place("manifest.json").bytes(atMost: Manifest.longest)
        let saved = try SavedImages(parsing: list).chosen(name)
        let place = try files.place(saved.config)
        let bytes = try place.bytes(atMost: ImageConfig.longest)
        let config = try ImageConfig(parsing: bytes)
        guard config.layers.count == saved.layers.count else {
            throw ArchiveProblem(
                "the image has \(saved.layers.count) layers, and its configuration tells of "
                    + "\(config.layers.count)", hint: "make the archive anew")
        }
        platform = config.platform
        self.config = ImageBlob(
            Descriptor(.dockerConfig, Digest(of: bytes), size: bytes.count), isSure: true
        ) { place }
        layers = try zip(saved.layers, config.layers).enumerated().map { index, layer in
            PlainLayer(number: index + 1, place: try files.place(layer.0), content: layer.1)
        }
    }

    /// The image that these layers make, which are called by their content.
    func image(of made: [Digest: LayerWorkshop.Layer], in form: Form) -> ImageContents {
        let layers = layers.compactMap { made[$0.content] }
        let manifest = manifest(of: layers.map(\.descriptor), in: form)
        var found = [config.descriptor.digest: config]
        for layer in layers {
            guard let place = layer.place else { continue }
            found[layer.descriptor.digest] = ImageBlob(layer.descriptor, isSure: true) { place }
        }
        var seen: Set<Digest> = []
        let all = ([config.descriptor] + manifest.layers).filter {
            seen.insert($0.digest).inserted
        }
        return ImageContents(
            root: .init(manifest.bytes, .image(manifest)), below: [],
            blobs: all.filter { found[$0.digest] != nil },
            elsewhere: all.filter { found[$0.digest] == nil }
        ) { [found] digest in
            guard let blob = found[digest] else {
                throw ArchiveProblem("there is no blob \(digest)", hint: "make the archive anew")
            }
            return try blob.place()
        }
    }

    private func manifest(of layers: [Descriptor], in form: Form) -> ImageManifest {
        switch form {
        case .docker: ImageManifest(.dockerManifest, config: config.descriptor, layers: layers)
        case .oci:
            ImageManifest(
                .ociManifest, config: config.descriptor.called(.ociConfig),
                layers: layers.map { $0.called(.ociLayer) })
        }
    }
}

extension Descriptor {
    fileprivate func called(_ mediaType: MediaType) -> Descriptor {
        Descriptor(mediaType, digest, size: size)
    }
}
