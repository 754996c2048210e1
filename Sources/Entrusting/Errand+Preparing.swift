import Cloud
import Deployment
import Pipelines

extension Errand {
    /// Registers what is to be there. It has a task definition of its own, also if it is as an
    /// earlier one: so what AWS says of this deployment is never taken for word of another.
    func prepare(_ service: ECSService?) throws -> String {
        let definition = try base(service).with(image: handover.image, in: rule.container)
        return try cloud.register(
            definition,
            labels: [
                ("slipway:environment", "\(environment)"), ("slipway:release", "\(release.id)"),
            ])
    }

    private func base(_ service: ECSService?) throws -> TaskDefinition {
        if let made = rule.made {
            return try TaskDefinition(made.definition(for: rule), from: "what 'task' says")
        }
        if let path = rule.task {
            return try TaskDefinition(CopiedJSON.reading(try template(path)), from: "'\(path)'")
        }
        let own = service?.taskDefinition ?? service?.taskSets?.first?.taskDefinition
        guard let own else {
            throw Hindrance(
                "service '\(rule.service)' has no task definition to take over",
                hint: "name one of the templates as 'task'")
        }
        return try TaskDefinition(try cloud.taskDefinition(own), from: "'\(own)'")
    }
}
