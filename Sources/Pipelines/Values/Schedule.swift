/// Times of day and days, as cron writes them: minute, hour, day of the month, month, day of the
/// week.
///
/// Besides `*`, lists, ranges and steps, a day of the month can be `L` (the last) or `15W` (the
/// weekday nearest the 15th), and a day of the week `fri#2` (the second) or `friL` (the last). If
/// both kinds of day are restricted, either will do, as in every cron.
package struct Schedule: Hashable, Sendable {
    package let text: String
    package let minutes: Set<Int>
    package let hours: Set<Int>
    package let days: Days
    package let months: Set<Int>
    package let weekdays: Weekdays

    package struct Days: Hashable, Sendable {
        package internal(set) var numbers: Set<Int> = []
        package internal(set) var last = false
        /// The weekday nearest each of these.
        package internal(set) var nearestWeekday: Set<Int> = []
        package internal(set) var isEvery = false
    }

    package struct Weekdays: Hashable, Sendable {
        /// 0 is Sunday.
        package internal(set) var numbers: Set<Int> = []
        package internal(set) var numbered: [Numbered] = []
        package internal(set) var isEvery = false

        package struct Numbered: Hashable, Sendable {
            package let weekday: Int
            /// 1 to 5, or -1 for the last.
            package let occurrence: Int
        }
    }

    package init(parsing text: String) throws(Mistake) {
        let hint = "write minute, hour, day, month and weekday, such as '0 3 * * mon-fri'"
        let fields = text.split(separator: " ", omittingEmptySubsequences: true)
        guard fields.count == 5 else {
            throw Mistake("'\(text)' has \(fields.count) fields, not 5", hint: hint)
        }
        self.text = text
        minutes = try CronField(fields[0], "minute", 0...59).numbers()
        hours = try CronField(fields[1], "hour", 0...23).numbers()
        months = try CronField(fields[3], "month", 1...12, names: Self.monthNames).numbers()
        days = try CronField(fields[2], "day of the month", 1...31).days()
        weekdays = try CronField(fields[4], "day of the week", 0...7, names: Self.weekdayNames)
            .weekdays()
    }

    static let monthNames = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
        "oct": 10, "nov": 11, "dec": 12,
    ]
    static let weekdayNames = [
        "sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6,
    ]
}

extension Shape where Value == Schedule {
    package static var schedule: Shape {
        .text("a schedule such as '0 3 * * mon-fri'") { text throws(Mistake) in
            try Schedule(parsing: text)
        }
    }
}

/// One field of a schedule.
private struct CronField {
    let text: Substring
    let what: String
    let range: ClosedRange<Int>
    let names: [String: Int]

    init(
        _ text: Substring, _ what: String, _ range: ClosedRange<Int>, names: [String: Int] = [:]
    ) {
        self.text = text
        self.what = what
        self.range = range
        self.names = names
    }

    func numbers() throws(Mistake) -> Set<Int> {
        var all = Set<Int>()
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            all.formUnion(try numbers(in: item))
        }
        return all
    }

    func days() throws(Mistake) -> Schedule.Days {
        var days = Schedule.Days()
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            if item == "*" || item == "?" {
                days.isEvery = true
            } else if item == "L" {
                days.last = true
            } else if item.hasSuffix("W") {
                days.nearestWeekday.insert(try number(item.dropLast()))
            } else {
                days.numbers.formUnion(try numbers(in: item))
            }
        }
        return days
    }

    func weekdays() throws(Mistake) -> Schedule.Weekdays {
        var weekdays = Schedule.Weekdays()
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            if item == "*" || item == "?" {
                weekdays.isEvery = true
            } else if let sign = item.firstIndex(of: "#") {
                let weekday = try number(item[..<sign]) % 7
                guard let occurrence = Int(item[item.index(after: sign)...]), 1...5 ~= occurrence
                else { throw mistake(item, "after '#' comes 1 to 5") }
                weekdays.numbered.append(.init(weekday: weekday, occurrence: occurrence))
            } else if item.hasSuffix("L"), item.count > 1 {
                let weekday = try number(item.dropLast()) % 7
                weekdays.numbered.append(.init(weekday: weekday, occurrence: -1))
            } else {
                weekdays.numbers.formUnion(try numbers(in: item).map { $0 % 7 })
            }
        }
        return weekdays
    }

    private func numbers(in item: Substring) throws(Mistake) -> Set<Int> {
        let halves = item.split(separator: "/", omittingEmptySubsequences: false)
        guard 1...2 ~= halves.count else { throw mistake(item, "one '/' is enough") }
        var step = 1
        if halves.count == 2 {
            guard let number = Int(halves[1]), number > 0 else {
                throw mistake(item, "after '/' comes a number above 0")
            }
            step = number
        }
        var bounds = range
        if halves[0] != "*" {
            let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
            guard 1...2 ~= ends.count else { throw mistake(item, "a range is written 'from-to'") }
            let low = try number(ends[0])
            let high =
                try ends.count == 2 ? number(ends[1]) : halves.count == 2 ? range.upperBound : low
            guard low <= high else { throw mistake(item, "it runs backwards; write two ranges") }
            bounds = low...high
        }
        return Set(stride(from: bounds.lowerBound, through: bounds.upperBound, by: step))
    }

    private func number(_ text: Substring) throws(Mistake) -> Int {
        if let named = names[text.lowercased()] { return named }
        guard let number = Int(text), range.contains(number) else {
            throw mistake(
                text,
                "use \(range.lowerBound) to \(range.upperBound)\(example)"
            )
        }
        return number
    }

    private var example: String {
        names.min { $0.value < $1.value }.map { " or a name such as '\($0.key)'" } ?? ""
    }

    private func mistake(_ item: Substring, _ hint: String) -> Mistake {
        Mistake("'\(item)' is no \(what)", hint: hint)
    }
}
