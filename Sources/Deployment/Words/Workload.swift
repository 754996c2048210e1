package import Pipelines

/// What each instance of a role runs, with every value filled in: nobody has to ask a definition
/// what it once meant. Of secrets it has the names.
package struct Workload: Hashable, Sendable, Codable {
    /// Nothing if the version has a program of its own, as images have.
    package let script: String?
    package let environment: [String: String]
    package let secrets: [Secret]
    /// Where requests come in; nothing for what answers none.
    package let listen: Listen?
    /// What an instance listens on in its own network; nothing if it does not.
    package let port: Int?
    package let health: HealthRule
    package let alarms: AlarmRule?
    /// What servers of metrics are asked while it is new.
    package var queries: [Query] { asked ?? [] }
    private let asked: [Query]?
    package let allowance: Allowance
    package let reachesOutside: Bool

    package struct Secret: Hashable, Sendable, Codable {
        package let name: SecretName
        /// A file under its own name if it is given under no other.
        package let variable: String?
    }

    /// A question to a server of metrics, as `AlarmQuery` has it.
    package struct Query: Hashable, Sendable, Codable {
        package let name: AlarmName
        package let server: MetricsName
        package let ask: String
        package let bound: AlarmQuery.Bound
        @Written package var lasting: Duration

        package init(
            _ name: AlarmName, of server: MetricsName, ask: String, bound: AlarmQuery.Bound,
            lasting: Duration
        ) {
            self.name = name
            self.server = server
            self.ask = ask
            self.bound = bound
            _lasting = Written(wrappedValue: lasting)
        }
    }

    /// What it may use at most; what is not said is up to the house.
    package struct Allowance: Hashable, Sendable, Codable {
        package let memory: Int?
        package let processes: Int?
        package let cpu: Int?
        package let disk: Int?

        init(_ limits: Limits) {
            memory = limits.memory?.bytes
            processes = limits.processes
            cpu = limits.cpu
            disk = limits.disk?.bytes
        }
    }

    package init(_ service: ServiceRule, fill: (Template) -> String) {
        script = service.script
        environment = Dictionary(
            service.settings.map { ($0.name, fill($0.value)) }, uniquingKeysWith: { $1 })
        secrets = service.secrets.map { Secret(name: $0.secret, variable: $0.asVariable) }
        listen = service.listen
        port = service.port
        health = service.health
        alarms = service.alarms
        // Old releases have none, and have to stay the same.
        asked =
            service.queries.isEmpty
            ? nil
            : service.queries.map { query in
                Query(
                    query.name, of: query.server, ask: query.ask.filledQuotably(fill),
                    bound: query.bound, lasting: query.lasting)
            }
        allowance = Allowance(service.limits)
        reachesOutside = service.network == .outbound
    }
}

extension Role {
    package init(_ service: ServiceRule, fill: (Template) -> String) {
        self.init(
            service.name, count: service.count.first, takesTraffic: service.listen != nil,
            patience: service.patience, drain: service.drain,
            scaling: service.count.scaling, work: Workload(service, fill: fill))
    }
}
