/// Numbers that look random and are the same for the same seed, on every machine (SplitMix64).
package struct Randomness: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True in `part` of `whole` cases.
    package mutating func chance(_ part: Int, in whole: Int) -> Bool {
        number(below: whole) < part
    }

    package mutating func number(below bound: Int) -> Int {
        bound <= 1 ? 0 : Int(next() % UInt64(bound))
    }

    package mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + number(below: range.count)
    }

    package mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[number(below: elements.count)]
    }

    /// One of the values, each as likely as its weight says.
    package mutating func pick<Value>(weighted choices: [(Int, Value)]) -> Value? {
        var point = number(below: choices.reduce(0) { $0 + $1.0 })
        for (weight, value) in choices {
            if point < weight { return value }
            point -= weight
        }
        return choices.last?.1
    }
}
