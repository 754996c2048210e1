package import People
package import Pipelines

// What a caller is to a pipeline, at the moment they ask.
extension EngineState {
    /// Whoever shows this text now.
    package func caller(
        showing text: String, at now: Moment
    ) throws(Rejection) -> Caller { try people.admit(text, at: now.instant) }

    /// The environments that a stage changes, in any version that still matters: what is released
    /// into it reaches these.
    package func environments(of stage: StageName, in pipeline: PipelineName) -> [EnvironmentName] {
        let versions = pipelines[pipeline]?.versions ?? []
        return Set(versions.flatMap { $0.definition.stage(stage)?.environments ?? [] }).sorted()
    }

    /// Whether a caller may do something to a stage, with all that it changes in view.
    package func may(
        _ caller: Caller, _ permission: Permission, at stage: StageName, of pipeline: PipelineName
    ) -> Bool {
        caller.may(permission, on: pipeline, reaching: environments(of: stage, in: pipeline))
    }

    /// A caller as the record tells of them, with the roles that they hold there at this moment.
    package func person(
        _ caller: Caller, at stage: StageName? = nil, of pipeline: PipelineName? = nil
    ) -> Person {
        var roles: [String] = []
        if let pipeline {
            let reached = stage.map { environments(of: $0, in: pipeline) } ?? []
            roles = caller.roles(on: pipeline, reaching: reached)
        }
        return Person(caller.name.description, roles: roles, token: caller.token)
    }
}

extension Stage {
    package var environments: [EnvironmentName] {
        actions.compactMap { action in
            guard case .runner(_, let environment) = action.work.needs else { return nil }
            return environment
        }
    }
}
