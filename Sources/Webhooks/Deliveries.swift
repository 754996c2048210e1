/// Which deliveries were here already, for as long as anybody repeats one.
///
/// A delivery is known by its id, and by its body: on most forges the id is not signed, so whoever
/// has recorded a delivery could give it another.
package struct Deliveries: Sendable {
    /// Milliseconds on the steady clock.
    package static let window: Int64 = 3_600_000
    /// Only senders who know a secret get in here.
    package static let maximum = 10_000

    private struct Key: Hashable, Sendable {
        let source: String
        let word: String
    }

    private var times: [Key: Int64] = [:]
    /// The same, oldest first, from `first` on.
    private var order: [Key] = []
    private var first = 0

    package init() {}

    package var count: Int { times.count }

    /// Takes note of a delivery to a source, unless it was here before.
    package mutating func take(
        _ hook: Webhook, to source: String, at now: Int64
    ) throws(HookRefusal) {
        forget(until: now - Self.window)
        let words = ["body \(hook.digest)"] + (hook.id.map { ["id \($0)"] } ?? [])
        let keys = words.map { Key(source: source, word: $0) }
        guard !keys.contains(where: { times[$0] != nil }) else { throw .replayed }
        for key in keys {
            times[key] = now
            order.append(key)
        }
        while times.count > Self.maximum { forgetOldest() }
    }

    private mutating func forget(until time: Int64) {
        while first < order.count, let noted = times[order[first]], noted <= time {
            forgetOldest()
        }
    }

    private mutating func forgetOldest() {
        times[order[first]] = nil
        first += 1
        // Moved up now and then, so that each costs little however many there are.
        if first >= Self.maximum {
            order.removeFirst(first)
            first = 0
        }
    }
}
