package import Engine

/// When each remote is looked at: soon after a hint, now and then without one, seldom while it
/// fails, and never twice at once.
package struct Rota: Sendable {
    /// How often, and how many at once.
    package struct Plan: Hashable, Sendable {
        /// Between looks at a remote that nobody tells of.
        package var interval = Duration.seconds(60)
        /// The same where hooks or files tell of each push: only what was missed is found.
        package var heardInterval = Duration.seconds(300)
        /// After the first failure; it doubles with each that follows.
        package var backOff = Duration.seconds(5)
        package var longestBackOff = Duration.seconds(900)
        /// How much earlier or later a look may be, so that not all come at once: a tenth.
        package var jitter = 0.1
        package var looksAtOnce = 16
        /// Of these, how many may be at remotes that were never reached or whose last look failed,
        /// and how many at the latter alone: they may hang, and must not keep others waiting.
        package var doubtfulAtOnce = 12
        package var failingAtOnce = 4

        package init() {}
    }

    /// How many pushes to a remote are kept until it is looked at; the rest is found by looking.
    package static let maximumPushes = 256

    package enum Outcome: Hashable, Sendable {
        case seen
        case failed
        /// The courier was killed at work.
        case abandoned
    }

    /// One look that is due.
    package struct Errand: Hashable, Sendable {
        package let remote: String
        package let pushes: [Push]
        /// Somebody said that something has changed there.
        package let isHinted: Bool
        /// Nobody knows in which state the mirror was left.
        package let sweeps: Bool
    }

    private struct Entry {
        var due: Steady
        var isHinted = false
        var isHeard: Bool
        /// It is on this machine, and cannot hang.
        var isNear: Bool
        var isLooking = false
        /// A hint came while it was looked at.
        var isAskedAgain = false
        var failures = 0
        var isProven = false
        var sweeps = true
        var pushes: [Push] = []

        var isDoubtful: Bool { !isNear && (!isProven || failures > 0) }
        var isFailing: Bool { isDoubtful && failures > 0 }
    }

    private let plan: Plan
    private var entries: [String: Entry] = [:]
    /// Those that are looked at now: a few of what may be thousands.
    private var looking: Set<String> = []

    package init(_ plan: Plan = Plan()) { self.plan = plan }

    /// From now on these remotes are watched, and no others. One that is new is due at once.
    /// `near` are those on this machine, and `heard` those whose pushes are told of.
    package mutating func watch(
        _ remotes: Set<String>, near: Set<String> = [], heard: Set<String>, at now: Steady
    ) {
        // One that is looked at now stays until that is over.
        entries = entries.filter { remotes.contains($0.key) || $0.value.isLooking }
        for remote in remotes {
            let new = Entry(due: now, isHeard: false, isNear: near.contains(remote))
            entries[remote, default: new].isHeard = heard.contains(remote)
        }
    }

    /// Something may have changed there. With a delay, whoever knows more has time to say so.
    package mutating func hint(
        _ remote: String, _ pushes: [Push] = [], at now: Steady, after delay: Duration = .zero
    ) {
        guard var entry = entries[remote] else { return }
        entry.pushes = Array((entry.pushes + pushes).suffix(Self.maximumPushes))
        entry.due = min(entry.due, now + delay)
        entry.isHinted = true
        entry.isAskedAgain = entry.isLooking
        entries[remote] = entry
    }

    /// The looks that can begin now: what was hinted at first, then whatever waits longest.
    package mutating func take(at now: Steady) -> [Errand] {
        var places = places
        guard places.all > 0 else { return [] }
        var due: [(key: String, value: Entry)] = []
        for entry in entries where !entry.value.isLooking && entry.value.due <= now {
            due.append(entry)
        }
        due.sort { order($0.value) < order($1.value) }
        var errands: [Errand] = []
        for (remote, entry) in due where places.has(entry) {
            places.take(entry)
            errands.append(
                Errand(
                    remote: remote, pushes: entry.pushes, isHinted: entry.isHinted,
                    sweeps: entry.sweeps))
            entries[remote]?.isLooking = true
            looking.insert(remote)
            entries[remote]?.isHinted = false
            entries[remote]?.pushes = []
        }
        return errands
    }

    /// The places that are free.
    private struct Places {
        var all: Int
        var doubtful: Int
        var failing: Int

        func has(_ entry: Entry) -> Bool {
            all > 0 && (!entry.isDoubtful || doubtful > 0) && (!entry.isFailing || failing > 0)
        }

        mutating func take(_ entry: Entry) {
            all -= 1
            if entry.isDoubtful { doubtful -= 1 }
            if entry.isFailing { failing -= 1 }
        }
    }

    private var places: Places {
        var places = Places(
            all: plan.looksAtOnce, doubtful: plan.doubtfulAtOnce, failing: plan.failingAtOnce)
        for remote in looking {
            if let entry = entries[remote] { places.take(entry) }
        }
        return places
    }

    private func order(_ entry: Entry) -> (Int, Steady) { (entry.isHinted ? 0 : 1, entry.due) }

    /// A look is over. `chance`, from 0 to 1, spreads the next ones.
    package mutating func finish(
        _ errand: Errand, _ outcome: Outcome, at now: Steady, chance: Double
    ) {
        guard var entry = entries[errand.remote] else { return }
        entry.isLooking = false
        looking.remove(errand.remote)
        entry.sweeps = outcome == .abandoned
        if outcome == .seen {
            entry.failures = 0
            entry.isProven = true
        } else {
            entry.failures += 1
            // Who pushed is still worth knowing when the look succeeds at last.
            entry.pushes = Array((errand.pushes + entry.pushes).suffix(Self.maximumPushes))
        }
        let isSoon = entry.isAskedAgain && outcome == .seen
        entry.isAskedAgain = false
        entry.due = isSoon ? now : now + pause(entry, chance)
        entries[errand.remote] = entry
    }

    private func pause(_ entry: Entry, _ chance: Double) -> Duration {
        let spread = 1 + plan.jitter * (2 * min(max(chance, 0), 1) - 1)
        guard entry.failures == 0 else {
            let doubled = plan.backOff * (1 << min(entry.failures - 1, 20))
            return min(doubled, plan.longestBackOff) * spread
        }
        return (entry.isHeard ? plan.heardInterval : plan.interval) * spread
    }

    /// When something is due next, as far as it could begin then; nothing while nothing is.
    package var nextDue: Steady? {
        let places = places
        var first: Steady?
        for entry in entries.values where !entry.isLooking && places.has(entry) {
            first = min(first ?? entry.due, entry.due)
        }
        return first
    }
}
