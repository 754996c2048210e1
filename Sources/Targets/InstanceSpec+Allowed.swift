import Attempts
import Deployment
import Instances
import Pipelines

extension InstanceSpec {
    /// What a service asks for, as far as the profile of a runner allows it.
    mutating func allow(_ work: Workload, _ profile: RunnerProfile) throws {
        environment = profile.environment.merging(work.environment) { $1 }
        port = work.port
        health = HealthCheck(asking: work.health)
        readOnly = profile.readOnly
        blocked = profile.blocked.map(\.description)
        do throws(RunnerRefusal) {
            let asked = work.reachesOutside ? Pipelines.Network.outbound : .none
            network = try profile.network(asked: asked) == .outbound ? .outbound : .own
            limits = AttemptSpec.Limits(try profile.limits(asked: Limits(work.allowance)))
        } catch {
            throw Unlaunchable(error.description)
        }
    }
}

extension HealthCheck {
    fileprivate init(asking rule: HealthRule) {
        switch rule.question {
        case .http(let path, let host, let least, let most):
            self.init(.http(path: path, host: host, statuses: least...most))
        case .accepts: self.init(.accepts)
        case .command(let script): self.init(.command(script))
        case .lives: self.init(.lives)
        }
        intervalMilliseconds = rule.interval.milliseconds
        timeoutMilliseconds = rule.timeout.milliseconds
        rise = rule.rise
        fall = rule.fall
    }
}

extension Limits {
    fileprivate init(_ allowance: Workload.Allowance) {
        func size(_ bytes: Int?) -> Size? { bytes.map { Size(bytes: $0, description: "\($0)B") } }
        self.init(
            time: nil, memory: size(allowance.memory), processes: allowance.processes,
            cpu: allowance.cpu, disk: size(allowance.disk), output: nil)
    }
}

extension AttemptSpec.Limits {
    /// Time and output are not among an instance's: it goes on, and its log is cut at the old end.
    fileprivate init(_ limits: Limits) {
        self.init(
            memory: limits.memory?.bytes, processes: limits.processes,
            cpu: limits.cpu.map { $0 * 100 }, disk: limits.disk?.bytes)
    }
}
