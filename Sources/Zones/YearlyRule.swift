/// When clocks change in every year, as POSIX writes it: `GMT0BST,M3.5.0/1,M10.5.0`.
struct YearlyRule: Hashable {
    private let standard: Int
    private let summer: Summer?

    private struct Summer: Hashable {
        let offset: Int
        let begins: Day
        let ends: Day
    }

    /// A day of each year, and the second of it at which clocks change.
    private struct Day: Hashable {
        enum Count: Hashable {
            /// A weekday of a month: the first to the fourth, or with 5 the last.
            case weekday(month: Int, week: Int, weekday: Int)
            /// 1 to 365 without ever counting the leap day, or 0 to 365 counting it.
            case julian(Int)
            case ordinal(Int)
        }

        let count: Count
        let second: Int
    }

    init?(parsing text: String) {
        var rest = text[...]
        guard rest.skipName(), let west = rest.time() else { return nil }
        standard = -west
        guard !rest.isEmpty else {
            summer = nil
            return
        }
        guard rest.skipName() else { return nil }
        var offset = -west + 3_600
        if let next = rest.first, next != "," {
            guard let west = rest.time() else { return nil }
            offset = -west
        }
        guard let begins = Self.day(&rest), let ends = Self.day(&rest), rest.isEmpty else {
            return nil
        }
        summer = Summer(offset: offset, begins: begins, ends: ends)
    }

    /// Seconds ahead of UTC at a time.
    func offset(at time: Int) -> Int {
        guard let summer else { return standard }
        let year = Civil(seconds: time + standard).year
        let begin = Self.seconds(of: summer.begins, in: year) - standard
        let end = Self.seconds(of: summer.ends, in: year) - summer.offset
        // In the south summer lasts over the new year.
        let isSummer = begin < end ? begin..<end ~= time : !(end..<begin ~= time)
        return isSummer ? summer.offset : standard
    }

    private static func seconds(of day: Day, in year: Int) -> Int {
        let newYear = Civil(year: year, month: 1, day: 1).seconds
        switch day.count {
        case .ordinal(let number): return newYear + number * 86_400 + day.second
        case .julian(let number):
            let march = Civil(year: year, month: 3, day: 1).seconds
            return number < 60
                ? newYear + (number - 1) * 86_400 + day.second
                : march + (number - 60) * 86_400 + day.second
        case .weekday(let month, let week, let weekday):
            let first = Civil(year: year, month: month, day: 1)
            let next = Civil(
                year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1, day: 1)
            var date = 1 + (weekday - first.weekday + 7) % 7 + (week - 1) * 7
            let length = (next.seconds - first.seconds) / 86_400
            while date > length { date -= 7 }
            return first.seconds + (date - 1) * 86_400 + day.second
        }
    }

    private static func day(_ rest: inout Substring) -> Day? {
        guard rest.skip(",") else { return nil }
        let count: Day.Count
        if rest.skip("M") {
            guard let month = rest.number(1...12), rest.skip("."), let week = rest.number(1...5),
                rest.skip("."), let weekday = rest.number(0...6)
            else { return nil }
            count = .weekday(month: month, week: week, weekday: weekday)
        } else if rest.skip("J") {
            guard let number = rest.number(1...365) else { return nil }
            count = .julian(number)
        } else {
            guard let number = rest.number(0...365) else { return nil }
            count = .ordinal(number)
        }
        guard rest.skip("/") else { return Day(count: count, second: 7_200) }
        return rest.time().map { Day(count: count, second: $0) }
    }
}

extension Substring {
    fileprivate mutating func skip(_ character: Character) -> Bool {
        guard first == character else { return false }
        removeFirst()
        return true
    }

    /// What a clock's time is called: letters, or anything in `<>`.
    fileprivate mutating func skipName() -> Bool {
        if skip("<") {
            guard let end = firstIndex(of: ">") else { return false }
            self = self[index(after: end)...]
            return true
        }
        let name = prefix(while: \.isLetter)
        self = self[name.endIndex...]
        return name.count >= 3
    }

    fileprivate mutating func number(_ range: ClosedRange<Int>) -> Int? {
        let digits = prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), range.contains(number) else { return nil }
        self = self[digits.endIndex...]
        return number
    }

    /// Hours, minutes and seconds, possibly below zero: `-1:30`.
    fileprivate mutating func time() -> Int? {
        let sign = skip("-") ? -1 : 1
        _ = skip("+")
        guard var seconds = number(0...167).map({ $0 * 3_600 }) else { return nil }
        for unit in [60, 1] where skip(":") {
            guard let number = number(0...59) else { return nil }
            seconds += number * unit
        }
        return sign * seconds
    }
}
