/// A minute, or a whole day, as a calendar on a wall has it.
package struct LocalTime: Hashable, Sendable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int
    /// Of the day; nothing if all of it is meant.
    package let minute: Int?

    package init(year: Int, month: Int, day: Int, minute: Int?) {
        self.year = year
        self.month = month
        self.day = day
        self.minute = minute
    }

    package var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(year)-\(two(month))-\(two(day))"
        return minute.map { "\(date) \(two($0 / 60)):\(two($0 % 60))" } ?? date
    }

    /// Whether it has begun when a clock shows this.
    func hasBegun(at now: LocalTime) -> Bool { (date, minute ?? 0) <= (now.date, now.minute ?? 0) }

    /// Whether it is over when a clock shows this: a day is when the next has come.
    func isOver(at now: LocalTime) -> Bool {
        guard let minute else { return date < now.date }
        return (date, minute) <= (now.date, now.minute ?? 0)
    }

    /// Days in their order.
    private var date: Int { (year * 100 + month) * 100 + day }
}

extension LocalTime {
    static let shape = Shape<LocalTime>.text(
        "a day such as 2026-12-24, or with a time, '2026-12-24 18:00'",
        schema: .pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$", example: "2026-12-24")
    ) { text throws(Mistake) in
        let hint = "write a day such as 2026-12-24, or with a time, '2026-12-24 18:00'"
        guard let time = LocalTime(text) else {
            throw Mistake("'\(text)' is no day that there is", hint: hint)
        }
        return time
    }

    private init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard 1...2 ~= words.count, let first = words.first,
            let date = Self.numbers(first, "-", digits: [4, 2, 2]), 1...12 ~= date[1],
            1...Self.days(of: date[1], date[0]) ~= date[2]
        else { return nil }
        var minute: Int?
        if words.count == 2 {
            guard let time = Self.numbers(words[1], ":", digits: [2, 2]), time[0] < 24, time[1] < 60
            else { return nil }
            minute = time[0] * 60 + time[1]
        }
        self.init(year: date[0], month: date[1], day: date[2], minute: minute)
    }

    private static func numbers(
        _ text: Substring, _ mark: Character, digits: [Int]
    ) -> [Int]? {
        let parts = text.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == digits else { return nil }
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
        }
        return numbers.count == digits.count ? numbers : nil
    }

    private static func days(of month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}
