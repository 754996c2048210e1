import Pipelines

extension Step {
    /// What it does, as somebody would be told who has to do it: `give r8 20 % of the requests`.
    package func sentence(from: ReleaseID?, to: ReleaseID) -> String {
        switch self {
        case .run(let hook): "run hook '\(hook.rawValue)'"
        case .entrust: "have AWS put \(to) into its place"
        case .ask: "have a person look at \(to)"
        case .hold(let time): "watch \(to) for \(time.short)"
        case .reach(let aim, let passing, _): passing.sentence(aim.goal, from: from, to: to)
        }
    }

    /// How long it can last; a hook has limits of its own.
    package var limit: Duration? {
        switch self {
        case .run: nil
        case .reach(_, _, let limit), .entrust(let limit), .ask(let limit), .hold(let limit): limit
        }
    }
}

extension Step.Passing {
    fileprivate func sentence(_ goal: ReleaseID?, from: ReleaseID?, to: ReleaseID) -> String {
        let beside = from.map { " beside \($0)" } ?? ""
        return switch self {
        case .launch: "start \(to)\(beside)"
        case .exchange: "exchange \(from.map { "\($0) for " } ?? "")\(to), a few at a time"
        case .shift(100): "give \(to) all requests"
        case .shift(let percent): "give \(to) \(percent) % of the requests"
        case .takeOver: "hand all other work to \(to)"
        case .prove: "see that \(to) is still well"
        case .turnBack: goal.map { "give \($0) all requests again" } ?? "take \(to) away"
        case .retire: "end all but \(goal ?? to)"
        }
    }
}
