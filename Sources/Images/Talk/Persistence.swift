import HTTP

/// How often something is tried again and how long is waited before, as a value. What has moved on
/// since the last failure begins anew.
package struct Persistence: Hashable, Sendable {
    package static let mostTries = 6
    /// A registry that wants longer is busy with more than this push.
    static let longestWait = 120_000
    private static let longestOwnWait = 20_000

    private var failures = 0
    private var denials = 0
    private var chance: UInt64
    let tries: Int

    /// `seed` makes those who failed together come back apart. Who has it tried but once comes back
    /// by a plan of their own.
    package init(seed: UInt64, atMost tries: Int = mostTries) {
        chance = seed | 1
        self.tries = tries
    }

    package mutating func movedOn() {
        failures = 0
        denials = 0
    }

    /// Whether a new pass is worth another try: two in a row that are not taken are enough.
    mutating func isAdmissible(_ isForThis: Bool = true) -> Bool {
        if isForThis { denials += 1 }
        return denials <= 2
    }

    /// How long to wait before the next try; nothing if there is none.
    mutating func pause(asked: Int?) -> Int? {
        failures += 1
        guard failures < tries else { return nil }
        if let asked { return asked <= Self.longestWait ? asked + next(below: 250) : nil }
        let most = min(Self.longestOwnWait, 500 << (failures - 1))
        return most / 2 + next(below: most / 2)
    }

    private mutating func next(below bound: Int) -> Int {
        chance ^= chance << 13
        chance ^= chance >> 7
        chance ^= chance << 17
        return Int(chance % UInt64(bound))
    }
}

extension RegistryAnswer {
    /// The milliseconds that a server wants to be left alone; a date is left out, because clocks
    /// differ.
    package var retryAfter: Int? {
        headers["Retry-After"].flatMap { Int($0) }.flatMap { 0...86_400 ~= $0 ? $0 * 1_000 : nil }
    }
}
