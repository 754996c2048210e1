import YAML

/// Where actions run and what they are allowed there: `runners/*.yml`, written by whoever hosts
/// the house. A repository has no say in it.
package struct RunnerProfile: Sendable, Hashable {
    package let name: RunnerName
    package let about: String?
    package let kind: Kind
    /// How many actions run at once.
    package let places: Int
    /// Folders of the host that commands see, at the same place, and cannot change.
    package let readOnly: [String]
    /// What an action may ask for; the first is what it gets without asking.
    package let networks: [Network]
    /// What network `outbound` does not reach, besides this host and the metadata of clouds.
    package let blocked: [NetworkRange]
    /// What an action gets where it does not say, and the most that it can ask for.
    package let limits: Limits
    package let environment: [String: String]
    package let labels: [String]

    package enum Kind: Hashable, Sendable {
        /// A sandbox over the machine's own system.
        case process
        /// A container for each action.
        case docker(DockerProfile)

        package var docker: DockerProfile? {
            if case .docker(let docker) = self { docker } else { nil }
        }
    }

    package init(
        name: RunnerName, about: String? = nil, kind: Kind = .process, places: Int,
        readOnly: [String] = [], networks: [Network] = [.none, .outbound],
        blocked: [NetworkRange] = [], limits: Limits = .none,
        environment: [String: String] = [:], labels: [String] = []
    ) {
        self.name = name
        self.about = about
        self.kind = kind
        self.places = places
        self.readOnly = readOnly
        self.networks = networks
        self.blocked = blocked
        self.limits = limits
        self.environment = environment
        self.labels = labels
    }
}

extension RunnerProfile {
    package typealias Reading = ProfileReading<RunnerProfile>

    package static func read(_ bytes: [UInt8]) -> Reading {
        Reading(bytes, as: shape, emptyHint: "a runner has at least 'name' and 'places'")
    }

    private static let shape = Shape<RunnerProfile>.mapping(about: "where actions run") { keys in
        let name = keys.required("name", RunnerName.shape, about: "what actions call it")
        let about = keys.optional("about", .string, about: "what it is for")
        let kind = DockerProfile.kind(&keys, name)
        let places = keys.required(
            "places", .whole(1...10_000), about: "how many actions run at once")
        let readOnly = keys.optional(
            "read-only", .oneOrMany(.hostFolder),
            about: "folders of this machine that commands can read, besides /usr")
        let networks = keys.optional(
            "network", .oneOrMany(Shape<Network>.word("network")),
            about: "what actions may reach; the first is what they get without asking")
        let blocked = keys.optional(
            "blocked", .oneOrMany(NetworkRange.shape),
            about: "addresses that network 'outbound' does not reach, besides this machine's own")
        let limits = keys.optional(
            "limits", Limits.shape, about: "what an action gets, and the most it can ask for")
        let environment = keys.optional(
            "environment", .dictionary(keys: .environmentName, values: .string),
            about: "variables for every command: NAME: value")
        let labels = keys.optional("labels", .oneOrMany(.string), about: "words to find it by")
        guard let name, let places else { return nil }
        return RunnerProfile(
            name: name, about: about, kind: kind, places: places, readOnly: readOnly ?? [],
            networks: networks ?? [.none, .outbound], blocked: blocked ?? [],
            limits: limits ?? .none,
            environment: Dictionary(environment ?? []) { _, last in last }, labels: labels ?? [])
    }
}

extension Shape where Value == String {
    /// A folder of the machine, from its root. The root itself would show everything.
    fileprivate static var hostFolder: Shape {
        .text("a folder such as '/opt/toolchain'") { text throws(Mistake) in
            let hint = "write it from the root of the machine, without '..', such as '/opt/tools'"
            guard text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
                throw Mistake("'\(text)' is no whole path of a folder", hint: hint)
            }
            guard text.contains(where: { $0 != "/" }) else {
                throw Mistake("'\(text)' would show the whole machine", hint: hint)
            }
            return text
        }
    }
}

extension RunnerProfile {
    /// What an action is given of a network: what it asks for, if that is allowed.
    package func network(asked: Network?) throws(RunnerRefusal) -> Network {
        guard let asked else { return networks.first ?? .none }
        guard networks.contains(asked) else {
            let allowed = oneOf(networks.map(\.rawValue))
            throw RunnerRefusal(
                "runner '\(name)' does not allow network '\(asked.rawValue)', only \(allowed); its "
                    + "profile can say 'network: [none, \(asked.rawValue)]'")
        }
        return asked
    }

    /// What an action is given of a limit: what it asks for, if that is not more than the runner's.
    package func limits(asked: Limits) throws(RunnerRefusal) -> Limits {
        Limits(
            time: try within(asked.time, limits.time, "time") { "\($0)" },
            memory: try within(asked.memory, limits.memory, "memory") { "\($0)" },
            processes: try within(asked.processes, limits.processes, "processes") { "\($0)" },
            cpu: try within(asked.cpu, limits.cpu, "cpu") { "\($0)" },
            disk: try within(asked.disk, limits.disk, "disk") { "\($0)" },
            output: try within(asked.output, limits.output, "output") { "\($0)" })
    }

    private func within<Amount: Comparable>(
        _ asked: Amount?, _ most: Amount?, _ what: String, _ text: (Amount) -> String
    ) throws(RunnerRefusal) -> Amount? {
        guard let asked, let most else { return asked ?? most }
        guard asked <= most else {
            throw RunnerRefusal(
                "runner '\(name)' allows \(what) \(text(most)) at most, and \(text(asked)) is asked"
            )
        }
        return asked
    }
}

/// Why a runner does not take an action, for people.
package struct RunnerRefusal: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
