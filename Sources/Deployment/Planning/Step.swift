package import Pipelines

/// One step of a deployment. Each has its end: what it waits for, or a time that is ours.
package enum Step: Hashable, Sendable, Codable {
    /// Somebody's own commands, in the sandbox; once.
    case run(Hook)
    /// Until there is what there should be.
    case reach(Aim, Passing, within: Duration)
    /// Until another party has put the version into its place, by a strategy of its own.
    case entrust(within: Duration)
    /// A person looks at the new version before any traffic goes to it.
    case ask(within: Duration)
    /// The new version is watched.
    case hold(Duration)

    /// What reaching an aim is called.
    package enum Passing: Hashable, Sendable, Codable {
        case launch
        case exchange
        case shift(Int)
        case takeOver
        /// Still there after it was watched.
        case prove
        case turnBack
        case retire
    }
}

extension Step: CustomStringConvertible {
    package var description: String {
        switch self {
        case .run(let hook): "run \(hook.rawValue)"
        case .reach(_, let passing, _): "\(passing)"
        case .entrust: "entrust"
        case .ask: "ask"
        case .hold(let time): "hold \(time.short)"
        }
    }
}

extension Step.Passing: CustomStringConvertible {
    package var description: String {
        switch self {
        case .launch: "launch"
        case .exchange: "exchange"
        case .shift(let percent): "shift \(percent) %"
        case .takeOver: "take over"
        case .prove: "prove"
        case .turnBack: "turn back"
        case .retire: "retire"
        }
    }
}
