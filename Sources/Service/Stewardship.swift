import Artifacts
import Glibc
import Instances
import Pipelines
import Premises
import Runner
import Sandbox
import SmallFiles
import Targets
import Threads

/// Whoever keeps what is deployed, for the house of a server.
enum Stewardship {
    static func steward(
        _ order: ServerOrder, _ trees: HouseTrees, _ desk: FrontDesk, profiles: [RunnerProfile],
        secret: @escaping @Sendable (SecretName) -> [UInt8]?
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
            }, wake: { [desk] in desk.bell.ring() }, complain: { journal.warn($0) })
    }

    private struct Homeless: Error, CustomStringConvertible {
        let description =
            "there is no runner 'process' here, whose profile says what a sandbox may have"
    }
}
