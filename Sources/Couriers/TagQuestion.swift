package import Addresses
package import Attempts
package import Images

/// What a courier is to find out of a registry: what a tag stands for.
package struct TagQuestion: Hashable, Sendable {
    package let repository: Repository
    package let tag: Tag
    /// What it stood for when somebody last looked.
    package let known: Digest?
    package let door: RegistryDoor
    package let addresses: AddressPolicy

    package init(
        _ repository: Repository, _ tag: Tag, known: Digest?, through door: RegistryDoor,
        _ addresses: AddressPolicy
    ) {
        self.repository = repository
        self.tag = tag
        self.known = known
        self.door = door
        self.addresses = addresses
    }

    var reference: Reference { Reference(repository, tag: tag) }
}

/// How a registry is reached, and what is shown there.
package struct RegistryDoor: Hashable, Sendable {
    package let spec: RegistrySpec
    /// The registry's own `user:password`, or the variables that AWS's chain looks at.
    package let access: [HandedSecret]

    package init(_ spec: RegistrySpec = RegistrySpec(), _ access: [HandedSecret] = []) {
        self.spec = spec
        self.access = access
    }
}

/// What a tag stands for.
package enum FoundTag: Hashable, Sendable {
    /// There is none.
    case missing
    case unchanged
    case image(Digest)
}

extension TagQuestion {
    var fields: Fields {
        var fields = Fields()
        fields.add("repository", "\(repository)")
        fields.add("tag", "\(tag)")
        fields.add("known", known?.description)
        fields.add("registry", door.spec.fields)
        for secret in door.access { fields.add("access", secret.fields) }
        for place in addresses.allowed.map(\.rawValue).sorted() { fields.add("allowed", place) }
        return fields
    }

    init(_ fields: Fields) throws {
        guard let spec = try fields.parts("registry").first else {
            throw FieldError("'registry' is missing")
        }
        self.init(
            try Repository(parsing: try fields.text("repository")),
            try Tag(parsing: try fields.text("tag")),
            known: try fields.texts("known").first.map { try Digest(parsing: $0) },
            through: RegistryDoor(try RegistrySpec(spec), try fields.secrets("access")),
            AddressPolicy(
                allowing: Set(fields.texts("allowed").compactMap { IPAddress.Place(rawValue: $0) }))
        )
    }
}

extension FoundTag {
    var fields: Fields {
        var fields = Fields()
        switch self {
        case .missing: fields.add("found", "nothing")
        case .unchanged: fields.add("found", "the same")
        case .image(let digest): fields.add("found", "\(digest)")
        }
        return fields
    }

    init(_ fields: Fields) throws(FieldError) {
        switch try fields.text("found") {
        case "nothing": self = .missing
        case "the same": self = .unchanged
        case let text:
            guard let digest = try? Digest(parsing: text) else {
                throw FieldError("'found' is no digest")
            }
            self = .image(digest)
        }
    }
}
