import Deployment
import Simulation

/// Stands in for AWS and for whoever asks it: it puts versions into place by itself, well or badly,
/// late or never, and what it says comes late, twice or not at all.
struct SimulatedParty {
    /// What a version does to a deployment.
    enum Manner: CaseIterable {
        case good, fails
        /// It never ends by itself.
        case hangs
    }

    private struct Attempt {
        let release: ReleaseID
        let before: ReleaseID?
        var steps: Int
        var end: Charge.End?
    }

    /// What is there.
    private(set) var current: ReleaseID?
    /// What was begun, by the token it was begun under.
    private var attempts: [String: Attempt] = [:]
    private(set) var begun: [String] = []
    private var tokens = 0
    private var told: [ChargeReport] = []
    private var random: Randomness

    init(seed: UInt64) { random = Randomness(seed: seed) }

    /// One look at what it is charged with; what it says of it, or said of it some time ago.
    mutating func attend(
        _ charge: Charge, as manner: (ReleaseID) -> Manner
    ) -> [ChargeReport] {
        // AWS cannot be asked.
        if random.chance(1, in: 8) { return stale }
        let report = ChargeReport(charge.serial, word(of: charge, manner))
        told.append(report)
        if random.chance(1, in: 8) { return stale }
        return random.chance(1, in: 8) ? [report, report] + stale : [report]
    }

    private var stale: [ChargeReport] {
        mutating get { random.pick(told).map { [$0] } ?? [] }
    }

    private mutating func word(
        of charge: Charge, _ manner: (ReleaseID) -> Manner
    ) -> ChargeReport.Word {
        switch (charge.aim, charge.token) {
        case (.reach, nil):
            tokens += 1
            return .ready("t\(tokens)")
        case (.reach(let release), let token?):
            if attempts[token] == nil {
                begun.append(token)
                attempts[token] = Attempt(
                    release: release, before: current, steps: random.number(in: 1...6))
            }
            return goOn(token, manner(release))
        case (.undo(let token), _):
            guard let attempt = attempts[token] else { return .done }
            if random.chance(1, in: 3) { return .underWay("it goes back") }
            current = attempt.before
            attempts[token]?.end = .failed("it was undone")
            return random.chance(1, in: 30) ? .failed("it cannot go back") : .done
        }
    }

    private mutating func goOn(_ token: String, _ manner: Manner) -> ChargeReport.Word {
        guard var attempt = attempts[token] else { return .underWay("nothing") }
        if let end = attempt.end {
            if case .failed(let cause) = end { return .failed(cause) }
            return .done
        }
        attempt.steps -= 1
        if attempt.steps <= 0 {
            switch manner {
            case .good:
                current = attempt.release
                attempt.end = .done
            case .fails: attempt.end = .failed("tasks failed to start")
            case .hangs: break
            }
        }
        attempts[token] = attempt
        return .underWay("\(max(0, attempt.steps)) steps to go")
    }
}
