import Attempts
package import Deployment
package import Instances
package import Pipelines

/// Instances on this machine: of each kind of version by its recipe, and all in the hands of one.
package final class MachineTarget: Target {
    /// So much of what an instance printed is told with why it is not well.
    fileprivate static let linesTold = 5

    private let instances: Instances
    private let recipes: [any Recipe]

    package init(_ instances: Instances, _ recipes: [any Recipe]) {
        self.instances = instances
        self.recipes = recipes
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
        guard let recipe = recipes.first(where: { $0.makes(release) }) else {
            throw Unlaunchable(
                release.image == nil
                    ? "there is no runner 'process' here, whose profile says what a sandbox has"
                    : "there is no runner 'docker' here, whose profile says where the Engine is")
        }
        var spec = try recipe.spec(name, work, of: release)
        spec.environment["SLIPWAY_ENVIRONMENT"] = "\(environment)"
        spec.environment["SLIPWAY_RELEASE"] = "\(release.id)"
        spec.environment["SLIPWAY_INSTANCE"] = "\(instance.id)"
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

extension Sight {
    fileprivate init(_ state: InstanceState, _ lines: [String]) {
        let words = ([state.cause] + lines.suffix(MachineTarget.linesTold).map { "| \($0)" })
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
