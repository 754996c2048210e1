/// Times as programs write them: `2026-11-21T10:15:30.123Z`.
package enum Timestamp {
    package static func text(milliseconds: Int64) -> String {
        // Down, not to zero, so that what was before 1970 is written right as well.
        let rest = (milliseconds % 1_000 + 1_000) % 1_000
        let civil = Civil(seconds: Int((milliseconds - rest) / 1_000))
        let date = "\(civil.year)-\(two(civil.month))-\(two(civil.day))"
        let time =
            "\(two(civil.second / 3_600)):\(two(civil.minute % 60)):\(two(civil.second % 60))"
        return "\(date)T\(time).\(String(rest + 1_000).dropFirst())Z"
    }

    /// Reads what `text` writes; the part below the second may be left out or shorter.
    package static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"),
            [4, 7, 10, 13, 16].map({ bytes[$0] }) == Array("--T::".utf8)
        else { return nil }
        let places = [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19]
        let numbers = places.compactMap { number(bytes[$0]) }
        guard numbers.count == 6, numbers[3] < 24, numbers[4] < 60, numbers[5] < 60,
            let rest = thousandths(bytes[19..<bytes.count - 1])
        else { return nil }
        let second = numbers[3] * 3_600 + numbers[4] * 60 + numbers[5]
        let civil = Civil(year: numbers[0], month: numbers[1], day: numbers[2], second: second)
        // A day that no month has comes back as another one.
        guard 1...12 ~= civil.month, Civil(seconds: civil.seconds) == civil else { return nil }
        return Int64(civil.seconds) * 1_000 + Int64(rest)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        let isNumber = digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        return isNumber ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }

    private static func thousandths(_ bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.isEmpty { return 0 }
        guard bytes.first == UInt8(ascii: "."), 2...4 ~= bytes.count else { return nil }
        let digits = bytes.dropFirst()
        return number(digits + Array(repeating: UInt8(ascii: "0"), count: 3 - digits.count))
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
