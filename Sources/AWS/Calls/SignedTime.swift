import Zones

/// Times as AWS signs them and as HTTP writes them.
enum SignedTime {
    /// `20261121T101530Z`
    static func text(_ seconds: Int) -> String {
        let text = Timestamp.text(milliseconds: Int64(seconds) * 1_000)
        return text.prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// `Sat, 21 Nov 2026 10:15:30 GMT`, of a header `Date`.
    static func seconds(ofDate text: String) -> Int? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]),
            let month = months.firstIndex(of: String(words[2])), let year = Int(words[3])
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, 1...31 ~= day, 1970...9999 ~= year,
            zip(clock, [24, 60, 61]).allSatisfy({ 0..<$1 ~= $0 })
        else { return nil }
        let second = clock[0] * 3_600 + clock[1] * 60 + clock[2]
        return Civil(year: year, month: month + 1, day: day, second: second).seconds
    }

    /// `2026-11-21T10:15:30Z`, with any number of digits below the second.
    static func seconds(ofExpiry text: String) -> Int? {
        let whole = text.prefix { $0 != "." && $0 != "Z" && $0 != "+" }
        let rest = text.dropFirst(whole.count).drop { $0 == "." || $0.isNumber }
        guard rest == "Z" || rest == "+00:00" else { return nil }
        return Timestamp.milliseconds(whole + "Z").map { Int($0 / 1_000) }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
