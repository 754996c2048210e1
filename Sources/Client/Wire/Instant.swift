import Zones

/// A time as the server writes it: `2026-11-21T10:15:30.123Z`.
package struct Instant: Hashable, Sendable, Comparable {
    /// Since the beginning of 1970.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init?(_ text: String) {
        let parts = text.split(separator: "T")
        guard parts.count == 2, parts[1].hasSuffix("Z"), text.utf8.count <= 40 else { return nil }
        let date = Self.numbers(parts[0], "-", lengths: [4, 2, 2])
        let whole = parts[1].dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard whole.count <= 2, let first = whole.first, let date,
            let clock = Self.numbers(first, ":", lengths: [2, 2, 2]),
            1...12 ~= date[1], 1...31 ~= date[2], clock[0] < 24, clock[1] < 60, clock[2] < 61
        else { return nil }
        let digits = whole.count == 2 ? whole[1].prefix(3) : "0"
        guard let fraction = Int(digits), digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            return nil
        }
        let scale = digits.count == 1 ? 100 : digits.count == 2 ? 10 : 1
        let second = clock[0] * 3_600 + clock[1] * 60 + clock[2]
        let civil = Civil(year: date[0], month: date[1], day: date[2], second: second)
        milliseconds = Int64(civil.seconds * 1_000 + fraction * scale)
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }

    private static func numbers(
        _ text: Substring, _ separator: Character, lengths: [Int]
    ) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.count) == lengths,
            parts.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } })
        else { return nil }
        return parts.compactMap { Int($0) }
    }
}

extension Instant: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Instant(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no time")
        }
        self = instant
    }
}
