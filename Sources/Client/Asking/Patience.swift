/// How long is waited before a server is asked again that did not answer, or went away.
package struct Patience: Hashable, Sendable {
    private static let first = 500
    private static let longest = 15_000

    private var pause = first

    package init() {}

    /// In milliseconds; twice as long each time. `chance`, from 0 to 1, keeps those who lost the
    /// same server from coming back at the same moment.
    package mutating func next(chance: Double) -> Int {
        defer { pause = min(pause * 2, Self.longest) }
        return pause / 2 + Int(Double(pause) / 2 * min(max(chance, 0), 1))
    }

    /// It has answered.
    package mutating func reset() { pause = Self.first }
}
