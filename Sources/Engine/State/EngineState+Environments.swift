package import Pipelines

// Environments that something was deployed to, and those that are only described so far.
extension EngineState {
    package var environmentNames: [EnvironmentName] {
        let described = pipelines.values.compactMap(\.current).flatMap(\.definition.environments)
        return Set(environments.keys).union(described.map(\.name)).sorted()
    }

    /// One to which nothing was ever deployed is empty, and belongs to the first of the pipelines
    /// that describe it.
    package func environment(_ name: EnvironmentName) -> EnvironmentState? {
        if let known = environments[name] { return known }
        let owners = pipelines.values.filter { pipeline in
            pipeline.current?.definition.environment(name) != nil
        }.map(\.name)
        return owners.min().map(EnvironmentState.init(owner:))
    }
}
