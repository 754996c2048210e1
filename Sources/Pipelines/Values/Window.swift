/// Times of the week at which a gate stands open, on the clock of a time zone.
package struct Window: Hashable, Sendable {
    package let spans: [Span]
    package let zone: String

    package init(spans: [Span], zone: String) {
        self.spans = spans
        self.zone = zone
    }

    /// From one minute of the day up to another, on some days of the week. A span that ends before
    /// it begins lasts into the next day.
    package struct Span: Hashable, Sendable {
        /// 0 is Sunday.
        package let weekdays: Set<Int>
        package let opens: Int
        package let closes: Int
        package let text: String
    }

    package var text: String { spans.map(\.text).joined(separator: ", ") + " \(zone)" }
}

extension Shape where Value == Window.Span {
    package static var span: Shape {
        .text("a time such as 'Mon-Thu 09:00-16:00'") { text throws(Mistake) in
            try Window.Span(parsing: text)
        }
    }
}

extension Window.Span {
    private static let hint =
        "write days and hours such as 'Mon-Thu 09:00-16:00', 'Sat,Sun 22:00-02:00' or '09:00-16:00'"

    init(parsing text: String) throws(Mistake) {
        let words = text.split(separator: " ")
        guard 1...2 ~= words.count, let hours = words.last else {
            throw Mistake("'\(text)' is no time of the week", hint: Self.hint)
        }
        weekdays = try words.count == 2 ? Self.weekdays(words[0]) : Set(0...6)
        let ends = hours.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else {
            throw Mistake("'\(hours)' is no time from-to", hint: Self.hint)
        }
        opens = try Self.minute(ends[0])
        closes = try Self.minute(ends[1])
        guard opens != closes else {
            throw Mistake("'\(hours)' begins and ends at once", hint: "write 00:00-24:00 for a day")
        }
        self.text = text
    }

    private static func weekdays(_ text: Substring) throws(Mistake) -> Set<Int> {
        var all = Set<Int>()
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = item.split(separator: "-", omittingEmptySubsequences: false)
            guard 1...2 ~= ends.count else {
                throw Mistake("'\(item)' is no day or range of days", hint: hint)
            }
            let first = try weekday(ends[0])
            let last = try weekday(ends[ends.count - 1])
            // From Friday to Monday runs over the end of the week.
            for day in first...(last < first ? last + 7 : last) { all.insert(day % 7) }
        }
        return all
    }

    private static func weekday(_ text: Substring) throws(Mistake) -> Int {
        if let number = Schedule.weekdayNames[text.lowercased()] { return number }
        let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        throw Mistake("'\(text)' is no day of the week", hint: "use \(oneOf(names))")
    }

    private static func minute(_ text: Substring) throws(Mistake) -> Int {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 2, let hour = Int(parts[0]),
            let minute = Int(parts[1]), 0...24 ~= hour, 0...59 ~= minute, hour < 24 || minute == 0
        else {
            throw Mistake(
                "'\(text)' is no time of day", hint: "write hours and minutes, such as 09:00")
        }
        return hour * 60 + minute
    }
}

extension Window {
    /// Whether it stands open at a minute of a day of the week, on the clock of its zone.
    package func isOpen(weekday: Int, minute: Int) -> Bool {
        spans.contains { $0.isOpen(weekday: weekday, minute: minute) }
    }
}

extension Window.Span {
    func isOpen(weekday: Int, minute: Int) -> Bool {
        if opens < closes { return weekdays.contains(weekday) && opens..<closes ~= minute }
        // It began the evening before.
        let yesterday = (weekday + 6) % 7
        return weekdays.contains(weekday) && minute >= opens
            || weekdays.contains(yesterday) && minute < closes
    }
}
