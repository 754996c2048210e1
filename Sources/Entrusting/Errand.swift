import AWS
import Cloud
import Deployment
import Pipelines

/// One look at what AWS was charged with for one environment, and what is to be done about it. It
/// keeps nothing in mind: whoever comes after a crash finds the same.
struct Errand {
    let environment: EnvironmentName
    let charge: Charge
    let release: Release
    let handover: Handover
    let manner: ECSManner
    let cloud: Cloud
    /// The bytes of a template, by its path.
    let template: (String) throws -> [UInt8]

    var rule: ECSRule { handover.ecs }

    /// What there is to say of it now.
    func attend() throws -> ChargeReport.Word {
        let service = try service()
        guard case .undo(let token) = charge.aim else {
            guard let token = charge.token else { return .ready(try prepare(service)) }
            guard let service else { return try create(token) }
            return try rule.codeDeploy.map { try reach(token, service, by: $0) }
                ?? reach(token, service)
        }
        // Where there is no service, nothing was begun.
        guard let service else { return .done }
        return try rule.codeDeploy.map { try undo(token, by: $0) } ?? undo(token, service)
    }

    /// Nothing where it is to be made.
    private func service() throws -> ECSService? {
        let (name, cluster) = (rule.service, rule.cluster)
        let found = try cloud.service(name, in: cluster)
        guard let found, found.status != "INACTIVE" else {
            if rule.create != nil { return nil }
            throw Hindrance(
                "there is no service '\(name)' in cluster '\(cluster)' of \(cloud.region)",
                hint: "make it first, or correct its name, cluster and region")
        }
        guard found.isByCodeDeploy == (rule.codeDeploy != nil) else {
            throw found.isByCodeDeploy
                ? Hindrance(
                    "CodeDeploy carries out the deployments of service '\(name)'",
                    hint: "name its application and group as 'code-deploy'")
                : Hindrance(
                    "ECS itself carries out the deployments of service '\(name)'",
                    hint: "remove 'code-deploy'")
        }
        return found
    }
}
