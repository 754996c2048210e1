/// What an attempt in a container needs to know besides: where the engine is, and what image.
package struct ContainerSpec: Hashable, Sendable {
    /// When an image is fetched.
    package enum Pull: String, Hashable, Sendable {
        case never, missing, always
    }

    package let socket: String
    package let image: String
    package let pull: Pull
    /// The house's folder, by which it finds what is its own among the engine's containers.
    package let house: String
    /// Where it is pulled from, if that is more than a name.
    package var registry: RegistrySpec?

    package init(socket: String, image: String, pull: Pull, house: String) {
        self.socket = socket
        self.image = image
        self.pull = pull
        self.house = house
    }

    var fields: Fields {
        var fields = Fields()
        fields.add("socket", socket)
        fields.add("image", image)
        fields.add("pull", pull.rawValue)
        fields.add("house", house)
        if let registry { fields.add("registry", registry.fields) }
        return fields
    }

    init(_ fields: Fields) throws(FieldError) {
        guard let pull = Pull(rawValue: try fields.text("pull")) else {
            throw FieldError("'pull' is unknown")
        }
        self.init(
            socket: try fields.text("socket"), image: try fields.text("image"), pull: pull,
            house: try fields.text("house"))
        if let part = try fields.parts("registry").first { registry = try RegistrySpec(part) }
    }
}
