/// Counts what happens often, so that the record tells of it without growing as fast.
///
/// The first of a kind is told at once; those that follow within a minute are told together when it
/// is over. Kinds beyond `maximumKinds` in a minute are counted together. So whoever knocks a
/// million times gets two lines.
package struct Tally<Kind: Hashable & Sendable>: Sendable {
    /// Milliseconds on the steady clock.
    package static var interval: Int64 { 60_000 }
    package static var maximumKinds: Int { 100 }

    package struct Count: Sendable {
        /// Nothing for the rest, of which there were too many kinds.
        package let kind: Kind?
        package let count: Int

        package init(kind: Kind?, count: Int) {
            self.kind = kind
            self.count = count
        }
    }

    private struct Pending {
        let since: Int64
        var count: Int
    }

    /// In no order; each was told of within the last interval.
    private var kinds: [Kind: Pending] = [:]
    private var rest: Pending?

    package init() {}

    /// One more. What is given has to be told now.
    package mutating func note(_ kind: Kind, at now: Int64) -> [Count] {
        let due = due(at: now)
        if kinds[kind] != nil {
            kinds[kind]?.count += 1
            return due
        }
        guard kinds.count < Self.maximumKinds else {
            rest = Pending(since: rest?.since ?? now, count: (rest?.count ?? 0) + 1)
            return due
        }
        kinds[kind] = Pending(since: now, count: 0)
        return due + [Count(kind: kind, count: 1)]
    }

    /// What has been counted and not told for long enough. To be asked about once a second while
    /// `isWaiting`.
    package mutating func due(at now: Int64) -> [Count] {
        var due: [Count] = []
        for (kind, pending) in kinds where now - pending.since >= Self.interval {
            // Told of now, it is quiet for another interval; one that nothing came of is forgotten.
            kinds[kind] = pending.count > 0 ? Pending(since: now, count: 0) : nil
            if pending.count > 0 { due.append(Count(kind: kind, count: pending.count)) }
        }
        if let pending = rest, now - pending.since >= Self.interval {
            rest = nil
            due.append(Count(kind: nil, count: pending.count))
        }
        return due
    }

    /// Counts again what could not be told.
    package mutating func takeBack(_ counts: [Count], at now: Int64) {
        for told in counts {
            if let kind = told.kind, kinds[kind] != nil || kinds.count < Self.maximumKinds {
                kinds[kind, default: Pending(since: now, count: 0)].count += told.count
            } else {
                rest = Pending(since: rest?.since ?? now, count: (rest?.count ?? 0) + told.count)
            }
        }
    }

    /// Everything that is not told yet, for a house that goes down.
    package mutating func close() -> [Count] {
        defer { self = Self() }
        let untold = kinds.filter { $0.value.count > 0 }
        return untold.map { Count(kind: $0.key, count: $0.value.count) }
            + (rest.map { [Count(kind: nil, count: $0.count)] } ?? [])
    }

    package var isWaiting: Bool { !kinds.isEmpty || rest != nil }
}
