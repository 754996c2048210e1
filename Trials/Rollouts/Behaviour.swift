import Simulation

/// How instances of a version behave, once they are started.
package enum Behaviour: String, CaseIterable, Sendable {
    case good
    /// Healthy, after nearly all of its time.
    case slow
    case neverHealthy
    case diesAtOnce
    /// Healthy, and dead a little later.
    case diesLater
    /// Healthy and ill by turns.
    case flaps
    /// Healthy, and bad for who uses it: an alarm rings when it has traffic.
    case alarming
    /// Some instances of it never become healthy.
    case mixed

    package var isGood: Bool { self == .good || self == .slow }

    /// The life of one instance: when it says what, in milliseconds after its start.
    func life(_ random: inout Randomness, patience: Int) -> [(Int, SimulatedTarget.Health)] {
        switch self {
        case .good, .alarming: [(random.number(in: 100...patience / 4), .healthy)]
        case .slow: [(random.number(in: patience / 2...patience * 8 / 10), .healthy)]
        case .neverHealthy: []
        case .diesAtOnce: [(random.number(in: 1...500), .dead)]
        case .diesLater:
            [
                (random.number(in: 100...patience / 4), .healthy),
                (random.number(in: patience...patience * 2), .dead),
            ]
        case .flaps:
            (1...8).map { ($0 * patience / 3, $0 % 2 == 1 ? .healthy : .ill) }
        case .mixed:
            random.chance(1, in: 3) ? [] : [(random.number(in: 100...patience / 4), .healthy)]
        }
    }
}
