import Images
import Tar

/// What `docker save` has written in its older form, and podman and others write still. It has no
/// manifest, so one is made: always the same for the same archive.
struct SavedArchive {
    private let files: ArchiveFiles

    init(_ files: ArchiveFiles) { self.files = files }

    func image(
        named name: String?, scratch: Scratch, unless isUnwanted: @escaping @Sendable () -> Bool
    ) throws -> ImageContents {
        let list = try files.place("manifest.json").bytes(atMost: Manifest.longest)
        let saved = try SavedImages(parsing: list).chosen(name)
        let configPlace = try files.place(saved.config)
        let bytes = try configPlace.bytes(atMost: ImageConfig.longest)
        let config = try ImageConfig(parsing: bytes)
        guard config.layers.count == saved.layers.count else {
            throw ArchiveProblem(
                "the image has \(saved.layers.count) layers, and its configuration tells of "
                    + "\(config.layers.count)", hint: "make the archive anew")
        }
        let places = try saved.layers.map { try files.place($0) }
        let layers = try LayerCompression(scratch, unless: isUnwanted)
            .compress(Array(zip(places, config.layers)))
        let named = Descriptor(.dockerConfig, Digest(of: bytes), size: bytes.count)
        let manifest = ImageManifest(
            .dockerManifest, config: named, layers: layers.map(\.descriptor))
        var found = [named.digest: configPlace]
        for layer in layers { found[layer.descriptor.digest] = layer.place }
        var seen: Set<Digest> = []
        return ImageContents(
            root: .init(manifest.bytes, .dockerManifest), below: [],
            blobs: ([named] + manifest.layers).filter { seen.insert($0.digest).inserted }
        ) { [found] digest in
            guard let place = found[digest] else {
                throw ArchiveProblem("there is no blob \(digest)", hint: "make the archive anew")
            }
            return place
        }
    }
}
