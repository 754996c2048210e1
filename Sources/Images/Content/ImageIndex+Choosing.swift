extension ImageIndex {
    private static let names = ["org.opencontainers.image.ref.name", "io.containerd.image.name"]

    /// What of a layout is an image.
    package enum Choice: Hashable, Sendable {
        case image(Descriptor)
        /// All of these together, an image for each platform.
        case platforms(ImageIndex)
    }

    /// The image of that name in a layout; without a name, the only one there is. `tellers` are no
    /// images: they tell about what is beside them.
    package func chosen(
        _ name: String?, besides tellers: Set<Digest> = []
    ) throws(ImageMistake) -> Choice {
        guard let name else {
            let images = entries.filter { !tellers.contains($0.descriptor.digest) }
            let first = images.first?.descriptor
            if let first, images.allSatisfy({ $0.descriptor.digest == first.digest }) {
                return .image(first)
            }
            if Self.isOneImage(images.map(\.descriptor)) {
                return .platforms(images.count == entries.count ? self : with(images))
            }
            throw ImageMistake(
                "the layout has \(images.count) images", hint: "name one of \(known)")
        }
        let found = manifests.first { manifest in
            Self.names.contains { manifest.annotation($0) == name }
        }
        guard let found else {
            throw ImageMistake(
                "the layout has no image '\(ImageMistake.shown(name))'",
                hint: "name one of \(known)")
        }
        return .image(found)
    }

    /// Each is for a platform of its own, or tells of one that is, as BuildKit has it.
    private static func isOneImage(_ manifests: [Descriptor]) -> Bool {
        let platforms = manifests.filter { $0.annotation("vnd.docker.reference.digest") == nil }
            .map(\.platform)
        let called = manifests.flatMap { manifest in names.compactMap { manifest.annotation($0) } }
        return !platforms.isEmpty && !platforms.contains(nil)
            && Set(platforms).count == platforms.count && Set(called).count < 2
    }

    private var known: String {
        let names = manifests.prefix(20).compactMap { manifest in
            Self.names.lazy.compactMap { manifest.annotation($0) }.first
        }
        let shown = names.map { "'\(ImageMistake.shown($0))'" }.joined(separator: ", ")
        return shown.isEmpty
            ? "its images, of which none has a name: write a layout with one" : shown
    }
}
