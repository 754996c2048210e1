/// One HAProxy of the house: who is let in where, and which sets of servers there are.
package struct BalancerConfiguration: Hashable, Sendable {
    /// Where clients come in, and to whom they are led.
    package struct Frontend: Hashable, Sendable {
        package let name: BalancerName
        package let binds: [Endpoint]
        package let backend: BalancerName

        package init(_ name: BalancerName, at binds: [Endpoint], to backend: BalancerName) {
            self.name = name
            self.binds = binds
            self.backend = backend
        }
    }

    /// The servers of one role. Those it has at a reload are written with it, so that no request
    /// comes while it has none; all others are added while it runs.
    package struct Backend: Hashable, Sendable {
        package let name: BalancerName
        package let check: HealthCheck?
        package var servers: [Server] = []

        package init(_ name: BalancerName, check: HealthCheck?) {
            self.name = name
            self.check = check
        }
    }

    package struct Server: Hashable, Sendable {
        package let member: Member
        package let weight: Int
    }

    /// How long HAProxy waits for others. None of them waits for ever.
    package struct Patience: Hashable, Sendable {
        package var connect: Duration = .seconds(5)
        package var client: Duration = .seconds(60)
        package var server: Duration = .seconds(60)
        package var request: Duration = .seconds(30)
        /// Between two requests of one connection.
        package var keptAlive: Duration = .seconds(15)
        /// For websockets, in which nobody speaks.
        package var tunnel: Duration = .seconds(3600)
        /// For those who came in before a reload.
        package var stopping: Duration = .seconds(3600)

        package init() {}
    }

    /// Whom a HAProxy that root starts becomes once it listens.
    package struct Account: Hashable, Sendable {
        let user: UInt32
        let group: UInt32

        package init(user: UInt32, group: UInt32) {
            self.user = user
            self.group = group
        }
    }

    package let frontends: [Frontend]
    package private(set) var backends: [Backend]
    package let patience: Patience
    package let account: Account?

    package init(
        frontends: [Frontend], backends: [Backend], patience: Patience = Patience(),
        account: Account? = nil
    ) throws(BalancerProblem) {
        try Self.checkOnce(frontends.map(\.name), what: "frontends")
        try Self.checkOnce(backends.map(\.name), what: "backends")
        for frontend in frontends where !backends.contains(where: { $0.name == frontend.backend }) {
            throw .missing(
                what: "backend", name: "\(frontend.backend)", wantedBy: "'\(frontend.name)'")
        }
        self.frontends = frontends
        self.backends = backends
        self.patience = patience
        self.account = account
    }

    private static func checkOnce(
        _ names: [BalancerName], what: String
    ) throws(BalancerProblem) {
        var known: Set<BalancerName> = []
        for name in names where !known.insert(name).inserted {
            throw .twice(what: what, name: "\(name)")
        }
    }

    /// With the servers that pools say, for one that is to start.
    package func holding(_ pools: [Pool]) -> BalancerConfiguration {
        var configuration = self
        for index in backends.indices {
            let weights = pools.first { $0.backend == backends[index].name }?.weights ?? [:]
            configuration.backends[index].servers = weights.sorted { $0.key.name < $1.key.name }
                .map { Server(member: $0.key, weight: $0.value) }
        }
        return configuration
    }

    /// With the servers that a HAProxy has now.
    func holding(_ readings: [ServerReading]) -> BalancerConfiguration {
        var configuration = self
        for index in backends.indices {
            configuration.backends[index].servers =
                readings
                .filter { $0.id.backend == backends[index].name && !$0.isResting }
                .map { reading in
                    Server(
                        member: Member(reading.id.name, at: reading.endpoint),
                        weight: reading.weight)
                }
        }
        return configuration
    }
}
