/// A date and a time of day as a calendar and a clock on the wall show them, wherever that is.
package struct Civil: Hashable, Sendable, Comparable {
    package let year: Int
    /// 1 to 12, and 1 to 31.
    package let month: Int
    package let day: Int
    /// Of the day, 0 to 86,399.
    package let second: Int

    package init(year: Int, month: Int, day: Int, second: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.second = second
    }

    /// Counted from the beginning of 1970, as if every place had the time of Greenwich.
    package init(seconds: Int) {
        let days = Self.floor(seconds, 86_400)
        second = seconds - days * 86_400
        // Years are counted from March on, so that the leap day is the last of its year.
        let shifted = days + 719_468
        let era = Self.floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    package var seconds: Int { days * 86_400 + second }

    /// 0 is Sunday.
    package var weekday: Int { (days % 7 + 11) % 7 }

    package var minute: Int { second / 60 }

    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

    /// Since the beginning of 1970.
    private var days: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = Self.floor(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    private static func floor(_ number: Int, _ divisor: Int) -> Int {
        (number >= 0 ? number : number - divisor + 1) / divisor
    }
}
