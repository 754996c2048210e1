import Cloud
import JSON
import Pipelines

extension ECSManner {
    /// What a service's deployments are to be like; nothing if they stay as the service has them.
    /// It may be one that is still to be made.
    func configuration(of service: ECSService?, alarms: [String]) -> JSON? {
        var members: [JSON.Member] = []
        switch self {
        case .codeDeploy: return nil
        case .rolling(let minimum, let maximum):
            let own = service?.deploymentConfiguration
            let isRolling = own?.strategy == nil || own?.strategy == "ROLLING"
            // Who has said nothing of a strategy has not asked for another one than there is.
            guard isRolling || minimum != nil || maximum != nil else { return nil }
            members = [
                .init("strategy", "ROLLING"),
                .init(
                    "minimumHealthyPercent", .int(minimum ?? own?.minimumHealthyPercent ?? 100)),
                .init("maximumPercent", .int(maximum ?? own?.maximumPercent ?? 200)),
                // Whoever turned back in the middle would leave a mixture: so does ECS it itself.
                .init("deploymentCircuitBreaker", ["enable": true, "rollback": true]),
            ]
        case .blueGreen(let bake):
            members = [.init("strategy", "BLUE_GREEN"), .init("bakeTimeInMinutes", .int(bake))]
        case .canary(let percent, let time, let bake):
            members = [
                .init("strategy", "CANARY"), .init("bakeTimeInMinutes", .int(bake)),
                .init(
                    "canaryConfiguration",
                    ["canaryPercent": .int(percent), "canaryBakeTimeInMinutes": .int(time)]),
            ]
        case .linear(let percent, let every, let bake):
            members = [
                .init("strategy", "LINEAR"), .init("bakeTimeInMinutes", .int(bake)),
                .init(
                    "linearConfiguration",
                    ["stepPercent": .int(percent), "stepBakeTimeInMinutes": .int(every)]),
            ]
        }
        if !alarms.isEmpty {
            members.append(
                .init(
                    "alarms",
                    [
                        "alarmNames": .array(alarms.map { .string($0) }), "enable": true,
                        "rollback": true,
                    ]))
        }
        return .object(members)
    }
}
