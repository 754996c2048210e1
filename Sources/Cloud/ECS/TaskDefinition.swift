package import JSON

/// What a task of ECS is: as it is registered, and without what AWS says of one that was.
package struct TaskDefinition: Hashable, Sendable {
    package private(set) var members: [JSON.Member]

    /// Why something cannot be one, or cannot be made one.
    package struct Mistake: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// What can be registered.
    private static let known: Set<String> = [
        "family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions",
        "volumes", "placementConstraints", "requiresCompatibilities", "cpu", "memory", "pidMode",
        "ipcMode", "proxyConfiguration", "inferenceAccelerators", "ephemeralStorage",
        "runtimePlatform", "enableFaultInjection",
    ]
    /// What AWS says of one, and what is ours to say; such a file comes from the console.
    private static let said: Set<String> = [
        "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities",
        "registeredAt", "registeredBy", "deregisteredAt", "tags",
    ]

    /// `place` is where it is from, for people.
    package init(_ json: JSON?, from place: String) throws(Mistake) {
        guard case .object(let written)? = json else {
            throw Mistake(description: "\(place) is no task definition: it is no JSON object")
        }
        let strange = written.map(\.key).filter {
            !Self.known.contains($0) && !Self.said.contains($0)
        }
        guard strange.isEmpty else {
            throw Mistake(
                description: "\(place) has '\(strange[0])', which no task definition has")
        }
        members = written.filter { Self.known.contains($0.key) && !$0.value.isNothing }
        guard family != nil, !containers.isEmpty else {
            throw Mistake(
                description: "\(place) is no task definition: it needs 'family' and "
                    + "'containerDefinitions'")
        }
    }

    private subscript(key: String) -> JSON? { members.first { $0.key == key }?.value }

    package var family: String? { self["family"]?.string }

    package var containers: [Container] {
        guard case .array(let containers)? = self["containerDefinitions"] else { return [] }
        return containers.compactMap(Container.init)
    }

    /// One of its containers, as far as anybody here asks.
    package struct Container: Hashable, Sendable {
        package let name: String
        package let image: String
        /// What it listens on first.
        package let port: Int?
        /// Where CloudWatch keeps what it prints.
        package let log: Log?

        package struct Log: Hashable, Sendable {
            package let group: String
            package let prefix: String
        }

        fileprivate init?(_ json: JSON) {
            guard let name = json["name"]?.string else { return nil }
            self.name = name
            image = json["image"]?.string ?? ""
            if case .array(let ports)? = json["portMappings"],
                case .int(let first)? = ports.first?["containerPort"]
            {
                port = first
            } else {
                port = nil
            }
            let log = json["logConfiguration"]
            let options = log?["options"]
            if log?["logDriver"]?.string == "awslogs",
                let group = options?["awslogs-group"]?.string,
                let prefix = options?["awslogs-stream-prefix"]?.string
            {
                self.log = Log(group: group, prefix: prefix)
            } else {
                self.log = nil
            }
        }

        fileprivate var isPlaceholder: Bool { image.hasPrefix("<") && image.hasSuffix(">") }
    }

    /// With this image where one is to come: at its placeholders, such as `<IMAGE1_NAME>`, or in
    /// the container of this name, or in the one that it can be.
    package func with(image: String, in name: String?) throws(Mistake) -> TaskDefinition {
        let names = try target(of: image, name)
        guard case .array(let all)? = self["containerDefinitions"] else { return self }
        var copy = self
        let changed = all.map { json -> JSON in
            guard let own = json["name"]?.string, names.contains(own),
                case .object(let members) = json
            else { return json }
            let others = members.filter { $0.key != "image" }
            return .object(others + [.init("image", .string(image))])
        }
        copy.members = members.filter { $0.key != "containerDefinitions" }
        copy.members.append(.init("containerDefinitions", .array(changed)))
        let left = copy.containers.filter(\.isPlaceholder)
        guard left.isEmpty else {
            throw Mistake(description: "no image is given for '\(left[0].image)'")
        }
        return copy
    }

    private func target(of image: String, _ name: String?) throws(Mistake) -> Set<String> {
        let containers = containers
        if let name {
            guard containers.contains(where: { $0.name == name }) else {
                let names = containers.map { "'\($0.name)'" }.joined(separator: ", ")
                throw Mistake(
                    description: "the task has no container '\(name)'; it has \(names)")
            }
            return [name]
        }
        let places = containers.filter(\.isPlaceholder)
        if !places.isEmpty { return Set(places.map(\.name)) }
        if containers.count == 1 { return Set(containers.map(\.name)) }
        let same = containers.filter { Self.repository($0.image) == Self.repository(image) }
        guard same.count == 1 else {
            let names = containers.map { "'\($0.name)'" }.joined(separator: ", ")
            throw Mistake(
                description: "the task has the containers \(names), and nothing says whose image "
                    + "is exchanged; name it as 'container'")
        }
        return Set(same.map(\.name))
    }

    /// An image's name without its tag and digest.
    private static func repository(_ image: String) -> Substring {
        let name = image.prefix { $0 != "@" }
        guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else {
            return name
        }
        return name[..<colon]
    }
}

extension JSON {
    package subscript(key: String) -> JSON? {
        if case .object(let members) = self { members.first { $0.key == key }?.value } else { nil }
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }

    /// AWS answers empty lists for what was not given, and refuses some when they come back.
    fileprivate var isNothing: Bool {
        switch self {
        case .null, .array([]), .object([]): true
        default: false
        }
    }
}
