import Attempts
package import Deployment
package import Instances
package import Pipelines

/// Instances of artifacts as processes of this machine, each in a sandbox like an action's.
package final class ProcessTarget: Target {
    /// So much of what an instance printed is told with why it is not well.
    fileprivate static let linesTold = 5

    private let instances: Instances
    private let profile: RunnerProfile
    private let tree: (String) throws -> String
    private let secret: (SecretName) -> [UInt8]?

    /// `profile` is the machine's own: what actions get and may ask for there holds for instances.
    /// `tree` is where the files of an artifact lie, by its digest.
    package init(
        _ instances: Instances, _ profile: RunnerProfile, tree: @escaping (String) throws -> String,
        secret: @escaping (SecretName) -> [UInt8]?
    ) {
        self.instances = instances
        self.profile = profile
        self.tree = tree
        self.secret = secret
    }

    package var descriptors: [Int32] { instances.descriptors }

    package func look() -> [EnvironmentName: [InstanceID: Sight]] {
        var sights: [EnvironmentName: [InstanceID: Sight]] = [:]
        for (name, state) in instances.look() {
            guard let environment = EnvironmentName(name.environment), let id = InstanceID(name.id)
            else { continue }
            // One that is not well yet may have printed why since its state changed.
            let lines =
                state.condition == .starting && state.cause != nil
                ? instances.lastLines(of: name, atMost: Self.linesTold) : state.lastLines
            sights[environment, default: [:]][id] = Sight(state, lines)
        }
        return sights
    }

    package func launch(
        _ instance: Instance, of release: Release, in environment: EnvironmentName
    ) throws {
        guard let work = release.role(instance.role)?.work,
            let name = InstanceName("\(environment)", "\(instance.id)")
        else { throw Unlaunchable("nothing says what to run") }
        var spec = InstanceSpec(name, command: work.script)
        spec.tree = try tree(release.version)
        spec.environment = profile.environment.merging(work.environment) { $1 }
        spec.environment["SLIPWAY_ENVIRONMENT"] = "\(environment)"
        spec.environment["SLIPWAY_RELEASE"] = "\(release.id)"
        spec.environment["SLIPWAY_INSTANCE"] = "\(instance.id)"
        spec.secrets = try work.secrets.map { asked in
            guard let value = secret(asked.name) else {
                throw Unlaunchable(
                    "secret '\(asked.name)' is not in the vault; put it there with "
                        + "`slipway secrets set`")
            }
            return HandedSecret(name: "\(asked.name)", value: value, variable: asked.variable)
        }
        spec.port = work.port
        spec.health = HealthCheck(asking: work.health)
        spec.readOnly = profile.readOnly
        spec.blocked = profile.blocked.map(\.description)
        do throws(RunnerRefusal) {
            let asked = work.reachesOutside ? Network.outbound : Network.none
            spec.network = try profile.network(asked: asked) == .outbound ? .outbound : .own
            spec.limits = AttemptSpec.Limits(
                try profile.limits(asked: Limits(work.allowance)))
        } catch {
            throw Unlaunchable(error.description)
        }
        try instances.launch(spec)
    }

    package func stop(_ instance: InstanceID, in environment: EnvironmentName) {
        guard let name = InstanceName("\(environment)", "\(instance)") else { return }
        // One that cannot be told now is told again on the next round.
        try? instances.stop(name)
    }

    package func letGo(of instance: InstanceID, in environment: EnvironmentName) {
        guard let name = InstanceName("\(environment)", "\(instance)") else { return }
        instances.forget(name)
    }
}

private struct Unlaunchable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension Sight {
    fileprivate init(_ state: InstanceState, _ lines: [String]) {
        let words = ([state.cause] + lines.suffix(ProcessTarget.linesTold).map { "| \($0)" })
            .compactMap(\.self).joined(separator: "\n")
        let condition: SiteFacts.Condition =
            switch state.condition {
            case .starting: .starting(state.cause == nil ? nil : words)
            // It ends because it was asked to.
            case .healthy, .stopping: .healthy
            case .unhealthy: .unhealthy(words)
            case .gone: .gone(words)
            }
        self.init(condition, door: state.door)
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
