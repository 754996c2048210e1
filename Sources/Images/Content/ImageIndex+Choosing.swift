extension ImageIndex {
    private static let names = ["org.opencontainers.image.ref.name", "io.containerd.image.name"]

    /// The image of that name in a layout; without a name, the only one there is.
    package func chosen(_ name: String?) throws(ImageMistake) -> Descriptor {
        guard let name else {
            guard let only = manifests.first, manifests.allSatisfy({ $0.digest == only.digest })
            else {
                throw ImageMistake(
                    "the layout has \(manifests.count) images", hint: "name one of \(known)")
            }
            return only
        }
        let found = manifests.first { manifest in
            Self.names.contains { manifest.annotation($0) == name }
        }
        guard let found else {
            throw ImageMistake(
                "the layout has no image '\(ImageMistake.shown(name))'",
                hint: "name one of \(known)")
        }
        return found
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
