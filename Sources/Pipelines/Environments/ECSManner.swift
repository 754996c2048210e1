/// What AWS is asked for in a strategy's place. It counts time in whole minutes.
package enum ECSManner: Hashable, Sendable {
    /// Percentages that are not said are as the service has them.
    case rolling(minimum: Int?, maximum: Int?)
    case blueGreen(bake: Int)
    case canary(percent: Int, time: Int, bake: Int)
    case linear(percent: Int, every: Int, bake: Int)
    /// By a configuration of CodeDeploy's; that of the deployment group if nothing is said.
    case codeDeploy(configuration: String?)

    /// Says what AWS cannot do.
    package init(_ strategy: Strategy, by rule: ECSRule) throws(Mistake) {
        self = try rule.codeDeploy == nil ? Self.byECS(strategy) : Self.byCodeDeploy(strategy)
    }

    private static let longestTime = 1_440

    private static func byECS(_ strategy: Strategy) throws(Mistake) -> ECSManner {
        switch strategy {
        // All of the new are begun at once, and each of the old ends when one is there for it.
        case .allAtOnce: return .rolling(minimum: 100, maximum: 200)
        case .rolling(nil, let minimum, let maximum):
            return .rolling(minimum: minimum, maximum: maximum)
        case .rolling:
            throw Mistake(
                "ECS exchanges tasks by percentages, and not by a number at once",
                hint: "write 'minimum-healthy' and 'maximum' for 'batch'")
        case .blueGreen(let bake, keep: .zero): return .blueGreen(bake: try minutes(bake, "bake"))
        case .blueGreen:
            throw Mistake(
                "ECS ends the old tasks when 'bake' is over, and keeps none after that",
                hint: "add the time of 'keep' to 'bake'")
        case .canary(let steps, let bake):
            guard let step = steps.first, steps.count == 1 else {
                throw Mistake(
                    "ECS takes one step for a canary, and here are \(steps.count)",
                    hint: "keep one of them, or use 'linear'")
            }
            return .canary(
                percent: step.percent, time: try minutes(step.time, "time"),
                bake: try minutes(bake, "bake"))
        case .linear(let percent, let every, let bake):
            guard percent >= 3 else {
                throw Mistake(
                    "ECS takes no steps of less than 3 percent", hint: "write 'percent: 3' or more")
            }
            return .linear(
                percent: percent, every: try minutes(every, "every"),
                bake: try minutes(bake, "bake"))
        }
    }

    private static func minutes(_ time: Duration, _ key: String) throws(Mistake) -> Int {
        let milliseconds = time.milliseconds
        guard milliseconds % 60_000 == 0, milliseconds / 60_000 <= longestTime else {
            throw Mistake(
                "AWS counts in whole minutes, up to a day, and '\(key)' is \(time.short)",
                hint:
                    "write '\(key): \(max(1, min(longestTime, (milliseconds + 59_999) / 60_000)))m'"
            )
        }
        return milliseconds / 60_000
    }

    private static func byCodeDeploy(_ strategy: Strategy) throws(Mistake) -> ECSManner {
        let prefix = "CodeDeployDefault.ECS"
        switch strategy {
        case .rolling(nil, nil, nil): return .codeDeploy(configuration: nil)
        case .allAtOnce, .blueGreen(bake: .zero, keep: .zero):
            return .codeDeploy(configuration: prefix + "AllAtOnce")
        case .canary([.init(percent: 10, time: .seconds(300))], bake: .zero):
            return .codeDeploy(configuration: prefix + "Canary10Percent5Minutes")
        case .canary([.init(percent: 10, time: .seconds(900))], bake: .zero):
            return .codeDeploy(configuration: prefix + "Canary10Percent15Minutes")
        case .linear(percent: 10, every: .seconds(60), bake: .zero):
            return .codeDeploy(configuration: prefix + "Linear10PercentEvery1Minutes")
        case .linear(percent: 10, every: .seconds(180), bake: .zero):
            return .codeDeploy(configuration: prefix + "Linear10PercentEvery3Minutes")
        case .rolling:
            throw Mistake(
                "CodeDeploy exchanges no tasks a few at a time",
                hint: "use all-at-once, canary or linear, or leave 'strategy' out")
        case .blueGreen, .canary, .linear:
            throw Mistake(
                "CodeDeploy has no configuration of its own for this",
                hint: "use all-at-once, canary by 10 percent for 5m or 15m, or linear by 10 "
                    + "percent every 1m or 3m, without 'bake' and 'keep'; or leave 'strategy' out, "
                    + "and set it in the deployment group")
        }
    }
}

extension ECSRule {
    /// What a deployment may take in all.
    package func patience(for strategy: Strategy) -> Duration {
        switch strategy {
        case .allAtOnce, .rolling: within
        case .blueGreen(let bake, let keep): within + bake + keep
        case .canary(let steps, let bake): steps.reduce(within + bake) { $0 + $1.time }
        case .linear(let percent, let every, let bake): within + bake + every * (100 / percent + 1)
        }
    }
}
