/// Times as programs write them: `2026-11-21T10:15:30.123Z`.
package enum Timestamp {
    package static func text(milliseconds: Int64) -> String {
        let civil = Civil(seconds: Int(milliseconds / 1_000))
        let date = "\(civil.year)-\(two(civil.month))-\(two(civil.day))"
        let time =
            "\(two(civil.second / 3_600)):\(two(civil.minute % 60)):\(two(civil.second % 60))"
        let rest = String(milliseconds % 1_000 + 1_000).dropFirst()
        return "\(date)T\(time).\(rest)Z"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
