package import YAML

/// Where versions are put, and what runs there.
package struct Environment: Hashable, Sendable {
    package let name: EnvironmentName
    package let place: Place
    package let about: String?
    /// Those that run on this machine.
    package let services: [ServiceRule]
    /// What AWS runs instead of them.
    package let ecs: ECSRule?
    /// When pipelines may deploy there; nothing if always.
    package let hours: OpeningHours?

    /// As it is written under a name.
    struct Body {
        let about: String?
        let services: [ServiceRule]
        let ecs: ECSRule?
        let hours: OpeningHours?
    }

    init(_ name: Located<EnvironmentName>, _ read: Body) {
        self.name = name.value
        place = name.place
        about = read.about
        services = read.services
        ecs = read.ecs
        hours = read.hours
    }
}

/// One kind of instance of what is deployed: what answers requests, or what works through a queue.
package struct ServiceRule: Hashable, Sendable {
    package let name: RoleName
    package let count: CountRule
    /// Nothing if what is deployed has a program of its own, as images have.
    package let script: String?
    /// Where requests come in; nothing for what answers none.
    package let listen: Listen?
    /// What an instance listens on in its own network; nothing if it does not.
    package let port: Int?
    package let health: HealthRule
    package let alarms: AlarmRule?
    package let queries: [AlarmQuery]
    package let settings: [Run.Setting]
    package let secrets: [Run.Secret]
    package let limits: Limits
    package let network: Network?
    /// Until an instance has to be healthy.
    package let patience: Duration
    /// How long it may go on with what it has begun.
    package let drain: Duration

    package static let standardPort = 8080
    package static let standardPatience: Duration = .seconds(60)
    package static let standardDrain: Duration = .seconds(30)
}

/// Where on this machine requests come in.
package struct Listen: Hashable, Sendable, Codable, CustomStringConvertible {
    package let address: String
    package let port: Int

    package var description: String { "\(address):\(port)" }
}

extension Environment {
    static let shape = Shape<Body>.mapping(about: "where versions are put") { keys in
        let about = keys.optional("about", .string, about: "what it is for")
        let services = keys.optional(
            "services", .dictionary(keys: RoleName.shape, values: ServiceRule.shape),
            about: "what runs there, on this machine: NAME: how")
        let ecs = keys.optional("ecs", ECSRule.shape, about: "the service of Amazon ECS that it is")
        if !keys.isDescribing, keys.has("services") == keys.has("ecs") {
            keys.findings.error(
                at: keys.place, "an environment has either 'services' or is on 'ecs'",
                hint: "write 'services:' for what runs on this machine, or 'ecs:' with a cluster "
                    + "and a service")
        }
        let hours = OpeningHours.read(&keys)
        if keys.isEmpty("services") {
            keys.findings.error(
                at: keys.place(of: "services"), "'services' is empty",
                hint: "an environment has at least one")
        }
        guard services != nil || ecs != nil else { return nil }
        return Body(
            about: about, services: (services ?? []).map { $1($0) }, ecs: ecs, hours: hours)
    }
}

extension ServiceRule {
    static let shape = Shape<@Sendable (RoleName) -> ServiceRule>.mapping(
        about: "one kind of instance"
    ) { keys in
        let script = keys.optional(
            "run", .command, about: "the program, for /bin/sh -eu; without it, the image's own")
        let count = keys.optional("count", CountRule.shape, about: "how many instances")
        let listen = keys.optional("listen", Listen.shape, about: "where requests come in")
        let port = keys.optional(
            "port", .whole(1_024...65_535), about: "what an instance listens on, as $PORT")
        let health = keys.optional("health", HealthRule.shape, about: "how one is known to be well")
        let alarms = keys.optional(
            "alarms", AlarmRule.shape, about: "what the new version may do while it is watched")
        let settings = keys.optional(
            "environment", .dictionary(keys: .environmentName, values: .template),
            about: "variables for the program: NAME: value")
        let secrets = keys.optional("secrets", .secrets, about: "secrets for the program, by name")
        let limits = keys.optional("limits", Limits.shape, about: "what an instance may use")
        let network = keys.optional(
            "network", Shape<Network>.word("network"), about: "what it can reach")
        let patience = keys.optional(
            "within", .duration, about: "until an instance has to be healthy")
        let drain = keys.optional(
            "drain", .duration, about: "how long one may go on with what it has begun")
        if network == .host {
            keys.findings.error(
                at: keys.place(of: "network"),
                "an instance has a network of its own, and never that of this machine",
                hint: "write 'outbound', or leave 'network' out")
        }
        if limits?.time != nil || limits?.output != nil {
            keys.findings.error(
                at: keys.keyPlace(of: "limits"),
                "an instance runs and prints as long as its version is there",
                hint: "remove 'time' and 'output'")
        }
        if let health, health.needsPort, !keys.isDescribing, !keys.has("listen"), !keys.has("port")
        {
            keys.findings.error(
                at: keys.keyPlace(of: "health"), "there is no port to ask for its health",
                hint: "add 'listen' or 'port', or check it with 'command'")
        }
        if alarms != nil, !keys.isDescribing, !keys.has("listen") {
            keys.findings.error(
                at: keys.keyPlace(of: "alarms"), "it takes no requests that could be watched",
                hint: "add 'listen', or remove 'alarms'")
        }
        if count?.scaling != nil, !keys.isDescribing, !keys.has("listen") {
            keys.findings.error(
                at: keys.keyPlace(of: "count"), "it takes no requests that could be counted",
                hint: "add 'listen', or write how many there are")
        }
        let own = port ?? listen.map { _ in standardPort }
        return { name in
            ServiceRule(
                name: name, count: count ?? .fixed(1), script: script, listen: listen,
                port: own, health: health ?? (own == nil ? .lives : .accepts),
                alarms: alarms?.rule, queries: alarms?.queries ?? [],
                settings: (settings ?? []).map { Run.Setting(name: $0.0, value: $0.1) },
                secrets: secrets ?? [], limits: limits ?? .none, network: network,
                patience: patience ?? standardPatience, drain: drain ?? standardDrain)
        }
    }
}

extension Listen {
    static let shape = Shape<Listen>.text(
        "a port, or an address and a port",
        schema: .pattern("^([0-9.]+:)?[0-9]{1,5}$", example: "0.0.0.0:8080")
    ) { text throws(Mistake) in
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let address = parts.count == 2 ? String(parts[0]) : "127.0.0.1"
        let numbers = address.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let port = Int(parts[parts.count - 1]),
            (1...65_535).contains(port), numbers.count == 4,
            numbers.allSatisfy({ $0.utf8.count <= 3 && UInt8($0) != nil })
        else {
            throw Mistake(
                "'\(text)' is no place to listen at",
                hint: "write a port such as 8080 for this machine alone, or 0.0.0.0:8080 for all")
        }
        return Listen(address: address, port: port)
    }
}
