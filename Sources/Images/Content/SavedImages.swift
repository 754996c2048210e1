import JSON

/// What `docker save` writes as `manifest.json`: the images in the archive, and which of its files
/// are theirs. It names no digests, and is no manifest.
package struct SavedImages: Hashable, Sendable {
    package struct Image: Hashable, Sendable {
        package let config: String
        /// As people call it: `debian:12`.
        package let names: [String]
        package let layers: [String]
    }

    package let images: [Image]

    package init(parsing bytes: [UInt8]) throws(ImageMistake) {
        // It is a list, so it is put where an object is read.
        let wrapped = Array(#"{"images":"#.utf8) + bytes + Array("}".utf8)
        let members = try Members(
            parsing: wrapped, atMost: Manifest.longest, what: "the archive's 'manifest.json'")
        var images: [Image] = []
        for json in try members.list("images", atMost: 1_000) ?? [] {
            let image = try Members(json, what: "an image in 'manifest.json'")
            guard let config = try image.text("Config") else { throw image.missing("Config") }
            images.append(
                Image(
                    config: config, names: try image.texts("RepoTags", atMost: 1_000) ?? [],
                    layers: try image.texts("Layers", atMost: Manifest.mostReferences) ?? []))
        }
        self.images = images
    }
}
