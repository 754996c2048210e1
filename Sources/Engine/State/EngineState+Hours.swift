package import Pipelines

extension EngineState {
    /// When an environment may be deployed to, as the newest definition of its owner has it.
    package func hours(of name: EnvironmentName) -> OpeningHours? {
        guard let owner = environment(name)?.owner else { return nil }
        return pipelines[owner]?.current?.definition.environment(name)?.hours
    }
}
