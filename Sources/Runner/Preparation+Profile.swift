import Assignments
import Attempts
import Pipelines

extension AttemptSpec {
    /// What the profile of a runner allows of that which an assignment asks for.
    mutating func allow(
        _ assignment: Assignment, _ profile: RunnerProfile, house: String
    ) throws(TreeProblem) {
        do throws(RunnerRefusal) {
            network = try profile.network(asked: assignment.network).spec
            blocked = profile.blocked.map(\.description)
            limits = try profile.limits(asked: assignment.limits).spec
            if let docker = profile.kind.docker, assignment.order == nil {
                container = ContainerSpec(
                    socket: docker.socket,
                    image: try docker.image(asked: assignment.image, of: profile.name),
                    pull: docker.pull.spec, house: house)
            }
        } catch {
            throw TreeProblem(error.description)
        }
    }
}

extension Network {
    fileprivate var spec: AttemptSpec.Network {
        switch self {
        case .none: .none
        case .outbound: .outbound
        case .host: .host
        }
    }
}

extension DockerProfile.Pull {
    fileprivate var spec: ContainerSpec.Pull {
        switch self {
        case .never: .never
        case .missing: .missing
        case .always: .always
        }
    }
}

extension Limits {
    fileprivate var spec: AttemptSpec.Limits {
        .init(
            milliseconds: time.map(\.milliseconds), memory: memory?.bytes, processes: processes,
            cpu: cpu.map { $0 * 100 }, disk: disk?.bytes, output: output?.bytes)
    }
}
