import Engine
import Watching

/// What a rota promises, without any order that is kept: each time it looks through all there is.
struct PlainRota {
    struct Errand: Hashable {
        let remote: String
        let pushes: [Push]
        let isHinted: Bool
        let sweeps: Bool

        init(_ remote: String, _ pushes: [Push], _ isHinted: Bool, _ sweeps: Bool) {
            self.remote = remote
            self.pushes = pushes
            self.isHinted = isHinted
            self.sweeps = sweeps
        }
    }

    private struct Entry {
        let remote: String
        let isNear: Bool
        var due: Steady
        var isHeard = false
        var isWanted = true
        var isHinted = false
        var isAskedAgain = false
        var pushes: [Push] = []
        var failures = 0
        var isProven = false
        var wasQuick = false
        var sweeps = true
        /// The number of the walk that it is on, and what it was like when that began.
        var walk: Int?
        var kind = ""

        var order: (Steady, String) { (due, remote) }

        var expected: String {
            if !isNear, failures > 0 { return "failing" }
            if !isNear, !isProven { return "unproven" }
            return wasQuick && !isHinted && !sweeps && pushes.isEmpty ? "brisk" : "sound"
        }
    }

    private let plan: Rota.Plan
    private var entries: [Entry] = []
    private var begun: [Steady] = []

    init(_ plan: Rota.Plan) { self.plan = plan }

    mutating func watch(
        _ remotes: Set<String>, near: Set<String>, heard: Set<String>, at now: Steady
    ) {
        entries.removeAll { !remotes.contains($0.remote) && $0.walk == nil }
        for place in entries.indices {
            entries[place].isWanted = remotes.contains(entries[place].remote)
        }
        for remote in remotes where !entries.contains(where: { $0.remote == remote }) {
            entries.append(Entry(remote: remote, isNear: near.contains(remote), due: now))
        }
        for place in entries.indices where entries[place].isWanted {
            entries[place].isHeard = heard.contains(entries[place].remote)
        }
    }

    mutating func hint(_ remote: String, _ pushes: [Push], at now: Steady, after delay: Duration) {
        guard let place = entries.firstIndex(where: { $0.remote == remote }) else { return }
        entries[place].pushes += pushes
        entries[place].due = min(entries[place].due, now + delay)
        entries[place].isHinted = true
        entries[place].isAskedAgain = entries[place].walk != nil
    }

    mutating func take(at now: Steady) -> [[Errand]] {
        var walks: [[Errand]] = []
        while let first = ready.filter({ $0.due <= now }).min(by: isBefore) {
            var walk = [first]
            if first.expected == "brisk" {
                let soon = now + plan.interval * (plan.jitter / 5)
                let others = entries.filter {
                    $0.walk == nil && $0.expected == "brisk" && $0.remote != first.remote
                        && $0.due <= soon
                }
                walk += others.sorted { $0.order < $1.order }.prefix(plan.roundLength - 1)
            }
            walks.append(
                walk.map { Errand($0.remote, $0.pushes, $0.isHinted, $0.sweeps) })
            for one in walk {
                guard let place = entries.firstIndex(where: { $0.remote == one.remote }) else {
                    continue
                }
                entries[place].kind = first.expected
                entries[place].walk = begun.count
                entries[place].isHinted = false
                entries[place].pushes = []
            }
            begun.append(now)
        }
        return walks
    }

    mutating func finish(
        _ remote: String, _ pushes: [Push], _ outcome: Rota.Outcome, at now: Steady, chance: Double
    ) {
        guard let place = entries.firstIndex(where: { $0.remote == remote }),
            let walk = entries[place].walk
        else { return }
        var entry = entries.remove(at: place)
        guard entry.isWanted else { return }
        entry.walk = nil
        entry.sweeps = outcome == .abandoned
        entry.wasQuick = outcome == .seen && now - begun[walk] <= plan.roundTime
        if outcome == .seen { entry.isProven = true } else { entry.pushes = pushes + entry.pushes }
        if outcome != .missed {
            entry.failures = outcome == .seen ? 0 : entry.failures + 1
            let usual = entry.isHeard ? plan.heardInterval : plan.interval
            let doubled = plan.backOff * (1 << max(0, entry.failures - 1))
            let pause = entry.failures == 0 ? usual : min(plan.longestBackOff, doubled)
            let isSoon = outcome == .seen && entry.isAskedAgain
            entry.due = isSoon ? now : now + pause * (1 + plan.jitter * (2 * chance - 1))
        }
        entry.isAskedAgain = false
        entries.append(entry)
    }

    var nextDue: Steady? { ready.map(\.due).min() }

    /// Those that there is a place for.
    private var ready: [Entry] {
        var kinds: [Int: String] = [:]
        for entry in entries { if let walk = entry.walk { kinds[walk] = entry.kind } }
        func taken(_ some: String...) -> Int { kinds.values.count { some.contains($0) } }
        guard kinds.count < plan.looksAtOnce else { return [] }
        return entries.filter { entry in
            guard entry.walk == nil else { return false }
            return switch entry.expected {
            case "brisk": taken("brisk") < plan.roundsAtOnce
            case "failing":
                taken("failing") < plan.failingAtOnce
                    && taken("failing", "unproven") < plan.doubtfulAtOnce
            case "unproven": taken("failing", "unproven") < plan.doubtfulAtOnce
            default: true
            }
        }
    }

    private func isBefore(_ left: Entry, _ right: Entry) -> Bool {
        left.isHinted == right.isHinted ? left.order < right.order : left.isHinted
    }
}
