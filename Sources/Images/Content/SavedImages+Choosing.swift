extension SavedImages {
    /// The image of that name; without a name, the only one there is.
    package func chosen(_ name: String?) throws(ImageMistake) -> Image {
        let names = images.flatMap(\.names).prefix(20).map { "'\(ImageMistake.shown($0))'" }
        let hint = "name one of \(names.isEmpty ? "none" : names.joined(separator: ", "))"
        guard let name else {
            guard images.count == 1, let only = images.first else {
                throw ImageMistake("the archive has \(images.count) images", hint: hint)
            }
            return only
        }
        guard let found = images.first(where: { $0.names.contains(name) }) else {
            throw ImageMistake(
                "the archive has no image '\(ImageMistake.shown(name))'", hint: hint)
        }
        return found
    }
}
