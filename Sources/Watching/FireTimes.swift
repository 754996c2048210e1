package import Pipelines
package import Zones

/// The times that a schedule names, on the clocks of a zone.
///
/// A time that clocks set forward jump over counts as many minutes later as they jump; one that
/// clocks set back show twice counts the first time, unless the schedule names every hour.
package struct FireTimes: Sendable {
    /// The 29th of February on one weekday comes back within this.
    private static let horizon = 366 * 41

    private let schedule: Schedule
    private let zone: Zone

    package init(_ schedule: Schedule, in zone: Zone) {
        self.schedule = schedule
        self.zone = zone
    }

    /// The first after a time, in seconds since 1970.
    package func next(after time: Int) -> Int? {
        let start = midnight(of: time)
        for day in -1..<Self.horizon {
            if let found = times(on: start + day * 86_400).first(where: { $0 > time }) {
                return found
            }
        }
        return nil
    }

    /// The last up to a time, if it is after another.
    package func last(upTo time: Int, after earliest: Int) -> Int? {
        guard earliest < time else { return nil }
        let start = midnight(of: time)
        for day in -1..<Self.horizon {
            let civil = start - day * 86_400
            if let found = times(on: civil).last(where: { $0 <= time }) {
                return found > earliest ? found : nil
            }
            if civil < midnight(of: earliest) - 86_400 { return nil }
        }
        return nil
    }

    /// As clocks on the wall count, without a zone.
    private func midnight(of time: Int) -> Int {
        let civil = zone.civil(at: time)
        return civil.seconds - civil.second
    }

    private func times(on midnight: Int) -> [Int] {
        let day = Civil(seconds: midnight)
        guard schedule.isOn(day) else { return [] }
        var times: [Int] = []
        for hour in schedule.hours {
            for minute in schedule.minutes {
                times += moments(Civil(seconds: midnight + hour * 3_600 + minute * 60))
            }
        }
        return Array(Set(times)).sorted()
    }

    private func moments(_ civil: Civil) -> [Int] {
        let times = zone.times(showing: civil)
        if schedule.hours.count == 24 { return times }
        if let first = times.first { return [first] }
        // Jumped over: what the clocks would have shown, had they not been set.
        return [civil.seconds - zone.offset(at: civil.seconds - 86_400)]
    }
}

extension Schedule {
    fileprivate func isOn(_ day: Civil) -> Bool {
        guard months.contains(day.month) else { return false }
        switch (days.isEvery, weekdays.isEvery) {
        case (true, true): return true
        case (false, true): return days.contain(day)
        case (true, false): return weekdays.contain(day)
        case (false, false): return days.contain(day) || weekdays.contain(day)
        }
    }
}

extension Schedule.Days {
    fileprivate func contain(_ day: Civil) -> Bool {
        numbers.contains(day.day) || last && day.day == day.lengthOfMonth
            || nearestWeekday.contains { day.day == day.weekday(nearest: $0) }
    }
}

extension Schedule.Weekdays {
    fileprivate func contain(_ day: Civil) -> Bool {
        numbers.contains(day.weekday)
            || numbered.contains { rule in
                guard rule.weekday == day.weekday else { return false }
                return rule.occurrence < 0
                    ? day.day + 7 > day.lengthOfMonth : (day.day + 6) / 7 == rule.occurrence
            }
    }
}

extension Civil {
    fileprivate var lengthOfMonth: Int {
        let next =
            month == 12
            ? Civil(year: year + 1, month: 1, day: 1) : Civil(year: year, month: month + 1, day: 1)
        return (next.seconds - Civil(year: year, month: month, day: 1).seconds) / 86_400
    }

    /// The weekday of this month that is nearest to one of its days.
    fileprivate func weekday(nearest number: Int) -> Int {
        let wanted = min(number, lengthOfMonth)
        switch Civil(year: year, month: month, day: wanted).weekday {
        case 6: return wanted > 1 ? wanted - 1 : wanted + 2
        case 0: return wanted < lengthOfMonth ? wanted + 1 : wanted - 2
        default: return wanted
        }
    }
}
