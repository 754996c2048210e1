import Artifacts
import Assignments
import Curl
import Glibc
import Instances
import Metrics
import Pipelines
import Premises
import Runner
import Sandbox
import SmallFiles
import Targets
import Threads

/// Whoever keeps what is deployed, and whoever watches it, for the house of a server.
struct Stewardship {
    let steward: Steward
    private let probe: MetricsProbe

    init(
        _ order: ServerOrder, _ trees: HouseTrees, _ desk: FrontDesk, profiles: [RunnerProfile],
        secret: @escaping @Sendable (SecretName) -> [UInt8]?
    ) throws {
        let wake = { @Sendable [desk] in desk.bell.ring() }
        steward = try Self.steward(
            order, trees, profiles: profiles, secret: secret, wake: wake)
        let authorities = order.settings.authorities.map(order.path)
        probe = try MetricsProbe(
            order.settings.metrics, trust: authorities.map { .authorities($0) } ?? .system,
            secret: secret, wake: wake)
    }

    /// For the thread of the house.
    var estate: WatchedEstate { WatchedEstate(steward, by: [probe]) }

    func start() throws(Shortage) {
        try steward.start()
        try probe.start()
    }

    func stop() {
        probe.stop()
        steward.stop()
    }

    private static func steward(
        _ order: ServerOrder, _ trees: HouseTrees, profiles: [RunnerProfile],
        secret: @escaping @Sendable (SecretName) -> [UInt8]?, wake: @escaping @Sendable () -> Void
    ) throws -> Steward {
        let balancer = "\(order.home)/balancer"
        guard unsafe mkdir(balancer, 0o700) == 0 || errno == EEXIST else {
            throw TreeProblem("cannot make '\(balancer)': \(FileProblem.last)")
        }
        let (home, journal) = (order.home, order.journal)
        let profile = profiles.first { $0.name == .process }
        return try Steward(
            balancerIn: balancer,
            target: {
                guard let profile else { throw Homeless() }
                let instances = try Instances(
                    home: home, supervisor: ProgramPlace.instanceSupervisor,
                    facts: HostFacts.look())
                return ProcessTarget(
                    instances, profile, tree: { try trees.folder(ofArtifact: $0) }, secret: secret)
            }, wake: wake, complain: { journal.warn($0) })
    }

    private struct Homeless: Error, CustomStringConvertible {
        let description =
            "there is no runner 'process' here, whose profile says what a sandbox may have"
    }
}
