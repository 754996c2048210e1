import Artifacts
import Assignments
import Attempts
import Curl
import Entrusting
import Glibc
import Instances
import Metrics
import Pipelines
import Premises
import Runner
import Sandbox
import Server
import SmallFiles
import Targets
import Threads

/// Whoever keeps what is deployed, and whoever watches it, for the house of a server.
struct Stewardship {
    private let steward: Steward
    private let cloud: CloudEstate
    private let probe: MetricsProbe

    init(
        _ order: ServerOrder, _ trees: HouseTrees, _ desk: FrontDesk, profiles: [RunnerProfile],
        _ registries: RegistryAccess,
        secret: @escaping @Sendable (SecretName) -> [UInt8]?
    ) throws {
        let wake = { @Sendable [desk] in desk.bell.ring() }
        steward = try Self.steward(
            order, trees, profiles: profiles, registries, secret: secret, wake: wake)
        cloud = try Self.cloud(order, trees, wake: wake)
        let authorities = order.settings.authorities.map(order.path)
        probe = try MetricsProbe(
            order.settings.metrics, trust: authorities.map { .authorities($0) } ?? .system,
            secret: secret, wake: wake)
    }

    /// For the thread of the house.
    var estate: WatchedEstate {
        WatchedEstate(JoinedEstate(here: steward, elsewhere: cloud), by: [probe])
    }

    /// For people, from any thread.
    var seen: SeenEstate {
        SeenEstate(
            steward.facts.merging(cloud.facts) { $1 }, figures: steward.figures,
            trouble: steward.trouble)
    }

    func start() throws(Shortage) {
        try steward.start()
        try cloud.start()
        try probe.start()
    }

    func stop() {
        probe.stop()
        cloud.stop()
        steward.stop()
    }

    private static func steward(
        _ order: ServerOrder, _ trees: HouseTrees, profiles: [RunnerProfile],
        _ registries: RegistryAccess,
        secret: @escaping @Sendable (SecretName) -> [UInt8]?, wake: @escaping @Sendable () -> Void
    ) throws -> Steward {
        let balancer = "\(order.home)/balancer"
        guard unsafe mkdir(balancer, 0o700) == 0 || errno == EEXIST else {
            throw TreeProblem("cannot make '\(balancer)': \(FileProblem.last)")
        }
        let (home, journal) = (order.home, order.journal)
        let way: @Sendable (String) throws -> (RegistrySpec, [HandedSecret]) = { repository in
            try registries.way(to: repository, secret: secret)
        }
        return try Steward(
            balancerIn: balancer,
            target: {
                let instances = try Instances(
                    home: home, supervisors: supervisors, facts: HostFacts.look())
                let sandboxes = profiles.first { $0.name == .process }.map {
                    SandboxRecipe($0, tree: { try trees.folder(ofArtifact: $0) }, secret: secret)
                }
                let containers = profiles.first { $0.name == .docker }.flatMap {
                    ContainerRecipe($0, house: home, way: way, secret: secret)
                }
                let recipes: [(any Recipe)?] = [sandboxes, containers]
                return MachineTarget(instances, recipes.compactMap(\.self))
            }, wake: wake, complain: { journal.warn($0) })
    }

    /// Whoever keeps what is deployed at AWS.
    private static func cloud(
        _ order: ServerOrder, _ trees: HouseTrees, wake: @escaping @Sendable () -> Void
    ) throws -> CloudEstate {
        let account = order.settings.ecs
        return try CloudEstate(
            AWSAccess(
                variables: Registries.environment, profile: account.profile,
                endpoint: account.endpoint, clusters: account.clusters),
            templates: { artifact, path in
                try SmallFile.bytes(
                    below: try trees.folder(ofArtifact: artifact), path, limit: longestTemplate)
            }, wake: wake)
    }

    /// AWS takes none that is longer.
    private static let longestTemplate = 64 << 10

    private static var supervisors: InstanceSupervisors {
        InstanceSupervisors(
            sandbox: ProgramPlace.instanceSupervisor,
            container: ProgramPlace.supervisors.container
        ) { try ContainerSweep.remove($0, of: $1) }
    }
}
