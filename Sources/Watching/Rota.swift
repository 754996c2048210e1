package import Engine

/// When each remote is looked at: soon after a hint, now and then without one, seldom while it
/// fails, and never twice at once.
///
/// Those of which nothing is expected are looked at in rounds: to send somebody to many costs
/// hardly more than to one.
package struct Rota: Sendable {
    /// How many pushes to a remote are kept until it is looked at; the rest is found by looking.
    package static let maximumPushes = 256

    package enum Outcome: Hashable, Sendable {
        case seen
        case failed
        /// The courier was killed at work.
        case abandoned
        /// The round was broken off before it came there.
        case missed
    }

    /// One look that is due.
    package struct Errand: Hashable, Sendable {
        package let remote: String
        package let pushes: [Push]
        /// Somebody said that something has changed there.
        package let isHinted: Bool
        /// Nobody knows in which state the mirror was left.
        package let sweeps: Bool
        /// Since when it could have begun.
        package let due: Steady
    }

    private struct Entry {
        var due: Steady
        var isHinted = false
        var isHeard: Bool
        /// It is on this machine, and cannot hang.
        var isNear: Bool
        /// It has no part in rounds.
        var isAlone: Bool
        /// Somebody still wants to know of it.
        var isWanted = true
        /// Which of those that are on their way looks at it.
        var walk: Int?
        /// A hint came while it was looked at.
        var isAskedAgain = false
        var failures = 0
        var isProven = false
        /// The last look has kept nobody waiting, and was kept waiting by nobody.
        var isBrisk = false
        var sweeps = true
        var pushes: [Push] = []

        var standing: Standing {
            if !isNear, !isProven || failures > 0 { return failures > 0 ? .failing : .unproven }
            let isPlain = !isAlone && !isHinted && !sweeps && pushes.isEmpty
            return isBrisk && isPlain ? .brisk : .sound
        }

        var line: Line { Line(standing: standing, isHinted: isHinted) }
    }

    /// What is to be expected of a look.
    private enum Standing: Hashable, CaseIterable {
        case brisk, sound, unproven, failing
    }

    /// Those that wait for the same places, hinted ones apart: they go first.
    private struct Line: Hashable {
        static let rounds = Line(standing: .brisk, isHinted: false)

        let standing: Standing
        let isHinted: Bool
    }

    /// One that is on its way, and how many remotes are left to it.
    private struct Walk {
        let standing: Standing
        let began: Steady
        var left: Int
    }

    private let plan: Plan
    private var entries: [String: Entry] = [:]
    /// All that are not looked at now.
    private var lines: [Line: Agenda] = [:]
    private var walks: [Int: Walk] = [:]
    private var lastWalk = 0

    package init(_ plan: Plan = Plan()) { self.plan = plan }

    /// From now on these remotes are watched, and no others. One that is new is due at once.
    /// `near` are those on this machine, `alone` those to which somebody is sent who goes nowhere
    /// else, and `heard` those whose pushes are told of.
    package mutating func watch(
        _ remotes: Set<String>, near: Set<String> = [], alone: Set<String> = [],
        heard: Set<String>, at now: Steady
    ) {
        for (remote, var entry) in entries where !remotes.contains(remote) {
            // One that is looked at now stays until that is over.
            entry.isWanted = false
            set(remote, entry.walk == nil ? nil : entry)
        }
        for remote in remotes {
            let new = Entry(
                due: now, isHeard: false, isNear: near.contains(remote),
                isAlone: alone.contains(remote))
            var entry = entries[remote] ?? new
            entry.isWanted = true
            entry.isHeard = heard.contains(remote)
            set(remote, entry)
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
        entry.isAskedAgain = entry.walk != nil
        set(remote, entry)
    }

    /// The looks that can begin now, those together that make one round: what was hinted at first,
    /// then whatever waits longest.
    package mutating func take(at now: Steady) -> [[Errand]] {
        var walks: [[Errand]] = []
        for isHinted in [true, false] {
            while let (standing, next) = next(isHinted), next.due <= now {
                walks.append(begin(standing, next, at: now))
            }
        }
        return walks
    }

    /// Whoever is due first of those that there is a place for.
    private func next(_ isHinted: Bool) -> (Standing, Agenda.Item)? {
        var first: (Standing, Agenda.Item)?
        for standing in Standing.allCases where hasPlace(standing) {
            guard let item = lines[Line(standing: standing, isHinted: isHinted)]?.next else {
                continue
            }
            if let known = first, known.1 < item { continue }
            first = (standing, item)
        }
        return first
    }

    private func hasPlace(_ standing: Standing) -> Bool {
        let taken = walks.values
        let doubtful = taken.count { $0.standing == .unproven || $0.standing == .failing }
        guard taken.count < plan.looksAtOnce else { return false }
        return switch standing {
        case .brisk: taken.count { $0.standing == .brisk } < plan.roundsAtOnce
        case .sound: true
        case .unproven: doubtful < plan.doubtfulAtOnce
        case .failing:
            doubtful < plan.doubtfulAtOnce
                && taken.count { $0.standing == .failing } < plan.failingAtOnce
        }
    }

    /// One look, or a round of those that are due soon.
    private mutating func begin(
        _ standing: Standing, _ first: Agenda.Item, at now: Steady
    ) -> [Errand] {
        lastWalk += 1
        var errands: [Errand] = []
        var next: Agenda.Item? = first
        while let item = next {
            if let errand = send(to: item.remote) { errands.append(errand) }
            guard standing == .brisk, errands.count < plan.roundLength else { break }
            next = lines[.rounds]?.next.flatMap { $0.due <= now + plan.haste ? $0 : nil }
        }
        walks[lastWalk] = Walk(standing: standing, began: now, left: errands.count)
        return errands
    }

    private mutating func send(to remote: String) -> Errand? {
        guard var entry = entries[remote] else { return nil }
        let errand = Errand(
            remote: remote, pushes: entry.pushes, isHinted: entry.isHinted,
            sweeps: entry.sweeps, due: entry.due)
        entry.walk = lastWalk
        entry.isHinted = false
        entry.pushes = []
        set(remote, entry)
        return errand
    }

    /// A look is over. `chance`, from 0 to 1, spreads the next ones. Who has asked to be left alone
    /// for so long is, within bounds.
    package mutating func finish(
        _ errand: Errand, _ outcome: Outcome, at now: Steady, chance: Double,
        wanting rest: Duration = .zero
    ) {
        guard var entry = entries[errand.remote], let number = entry.walk,
            var walk = walks[number]
        else { return }
        walk.left -= 1
        walks[number] = walk.left > 0 ? walk : nil
        entry.walk = nil
        entry.sweeps = outcome == .abandoned
        entry.isBrisk = outcome == .seen && now - walk.began <= plan.roundTime
        switch outcome {
        case .seen:
            entry.failures = 0
            entry.isProven = true
        case .failed, .abandoned: entry.failures += 1
        case .missed: break
        }
        if outcome != .seen {
            // Who pushed is still worth knowing when the look succeeds at last.
            entry.pushes = Array((errand.pushes + entry.pushes).suffix(Self.maximumPushes))
        }
        if outcome != .missed {
            let isSoon = entry.isAskedAgain && outcome == .seen
            let left = min(rest, plan.longestBackOff)
            entry.due = isSoon ? now : now + max(left, pause(entry, chance))
        }
        entry.isAskedAgain = false
        set(errand.remote, entry.isWanted ? entry : nil)
    }

    private func pause(_ entry: Entry, _ chance: Double) -> Duration {
        let spread = 1 + plan.jitter * (2 * min(max(chance, 0), 1) - 1)
        guard entry.failures == 0 else {
            let doubled = plan.backOff * (1 << min(entry.failures - 1, 20))
            return min(doubled, plan.longestBackOff) * spread
        }
        return (entry.isHeard ? plan.heardInterval : plan.interval) * spread
    }

    /// How long the look is overdue that waits longest.
    package func overdue(at now: Steady) -> Duration {
        let waiting = lines.values.compactMap(\.next?.due).min()
        return waiting.map { max(.zero, now - $0) } ?? .zero
    }

    /// When something is due next, as far as it could begin then; nothing while nothing is.
    package var nextDue: Steady? { [true, false].compactMap { next($0)?.1.due }.min() }

    /// Keeps what is known of a remote, and where it waits, together.
    private mutating func set(_ remote: String, _ entry: Entry?) {
        if let old = entries[remote], old.walk == nil {
            lines[old.line]?.remove(Agenda.Item(due: old.due, remote: remote))
        }
        entries[remote] = entry
        if let entry, entry.walk == nil {
            let item = Agenda.Item(due: entry.due, remote: remote)
            lines[entry.line, default: Agenda()].add(item)
        }
    }
}
