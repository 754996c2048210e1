package import Deployment
package import Pipelines

/// What it takes to have in one environment just what is in another.
package struct Promotion: Hashable, Sendable {
    package let release: ReleaseID
    /// What has brought it.
    package let execution: ExecutionID
    package let stage: StageName
    /// What is asked and waited for before the stage.
    package let gates: [String]
    /// As it would be deployed now.
    package let order: RolloutOrder
    let version: Int
}

extension EngineState {
    package func promotion(
        to name: EnvironmentName, from source: EnvironmentName
    ) throws(Refusal) -> Promotion {
        guard let there = environments[source], let id = there.site.current,
            let release = there.site.releases[id]
        else {
            throw Refusal(
                .conflict, "there is nothing in environment '\(source)' that could be promoted",
                hint: "deploy something there first")
        }
        guard let pipeline = pipelines[there.owner], let current = pipeline.current,
            let environment = current.definition.environment(name)
        else {
            throw Refusal(
                .unknown, "pipeline '\(there.owner)' of environment '\(source)' has none '\(name)'",
                hint: "promote between environments of one pipeline")
        }
        guard name != source else {
            throw Refusal(.invalid, "'\(name)' is where it is from", hint: "name two environments")
        }
        guard let origin = there.origins?[id]?.attempt.visit.execution,
            let execution = execution(origin)
        else {
            throw Refusal(
                .conflict, "what has brought \(id) to '\(source)' is no longer kept",
                hint: "start an execution with its revisions")
        }
        let (stage, deploy) = try stage(deployingTo: name, current.definition)
        let made = execution.artifacts.last { $0.name == deploy.artifact?.value }
        guard made?.digest == release.version else {
            let artifact = deploy.artifact.map { "'\($0.value)'" } ?? "an image"
            throw Refusal(
                .conflict,
                "stage '\(stage.name)' deploys \(artifact), which is not what is in '\(source)'",
                hint: "have both environments deploy the same artifact")
        }
        let roles = environment.services.map { service in
            Role(service) { $0.filled { value(of: $0, in: $1, for: execution) ?? "" } }
        }
        let next = ReleaseID((environments[name]?.lastRelease ?? 0) + 1)
        return Promotion(
            release: id, execution: origin, stage: stage.name,
            gates: stage.before.map(\.kind.summary),
            order: RolloutOrder(
                Release(next, version: release.version, roles: roles), by: deploy.strategy,
                hooks: Set(deploy.hooks.keys), asks: deploy.pause?.rule.within),
            version: current.number)
    }

    private func stage(
        deployingTo name: EnvironmentName, _ definition: Definition
    ) throws(Refusal) -> (Stage, Deploy) {
        let deploying = definition.stages.flatMap { stage in
            stage.actions.compactMap { action in
                (action.work as? Deploy).map { (stage, $0) }
            }
        }.filter { $0.1.environment == name }
        guard let first = deploying.first else {
            throw Refusal(
                .conflict, "no stage of pipeline '\(definition.name)' deploys to '\(name)'",
                hint: "add one with an action of kind 'deploy'")
        }
        guard deploying.count == 1 else {
            throw Refusal(
                .conflict, "\(deploying.count) actions deploy to '\(name)'",
                hint: "it is not known which of them is meant; keep one")
        }
        return first
    }
}

extension Decision {
    /// An execution of its own runs the stage that deploys there, with all its gates: what was
    /// asked of others is asked of it.
    mutating func promote(
        to name: EnvironmentName, from source: EnvironmentName, _ release: ReleaseID?
    ) throws(Refusal) {
        let promotion = try state.promotion(to: name, from: source)
        if let release, release != promotion.release {
            throw Refusal(
                .conflict, "\(release) is no longer in '\(source)': it is \(promotion.release)",
                hint: "look at the environment as it is now, and decide again")
        }
        let earlier = try execution(promotion.execution)
        try create(
            in: earlier.id.pipeline, version: promotion.version,
            cause: .promotion(
                of: earlier.id, stage: promotion.stage, version: promotion.order.release.version),
            revisions: earlier.revisions, variables: earlier.variables, request: nil)
    }
}
