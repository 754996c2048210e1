import FoundationEssentials
import Testing
import Zones

@Suite("Time zones") struct ZoneTests {
    static func zone(_ name: String) throws -> Zone {
        let bytes = Array(try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")))
        return try #require(Zone(parsing: bytes))
    }

    @Test(
        "clocks show what they showed there",
        arguments: [
            ("UTC", 0, "1970-01-01 00:00"),
            ("Europe/London", 0, "1970-01-01 01:00"),
            ("Europe/London", 1_750_000_000, "2025-06-15 16:06"),
            ("Europe/London", 1_774_745_999, "2026-03-29 00:59"),
            ("Europe/London", 1_774_746_000, "2026-03-29 02:00"),
            ("Europe/Berlin", 2_500_000_000, "2049-03-22 05:26"),
            ("Europe/Berlin", 2_510_000_000, "2049-07-16 00:13"),
            ("America/New_York", 1_700_000_000, "2023-11-14 17:13"),
            ("Australia/Sydney", 2_600_000_000, "2052-05-23 00:13"),
            ("Australia/Sydney", 2_590_000_000, "2052-01-28 07:26"),
            ("Asia/Kolkata", 1_700_000_000, "2023-11-15 03:43"),
            ("Pacific/Apia", 1_325_239_199, "2011-12-29 23:59"),
            ("Pacific/Apia", 1_325_239_200, "2011-12-31 00:00"),
            ("Africa/Casablanca", 1_700_000_000, "2023-11-14 23:13"),
        ])
    func clock(name: String, time: Int, shown: String) throws {
        let civil = try Self.zone(name).civil(at: time)
        #expect(text(civil) == shown)
    }

    @Test func `dates count up without a gap for eight hundred years`() {
        var last = Civil(year: 1599, month: 12, day: 31)
        let start = last.seconds
        for day in 1...292_194 {
            let next = Civil(seconds: start + day * 86_400)
            #expect(next.weekday == (last.weekday + 1) % 7)
            let isNext =
                next.day == last.day + 1 && next.month == last.month
                || next.day == 1 && next.month == last.month + 1
                || next.day == 1 && next.month == 1 && next.year == last.year + 1
            #expect(isNext)
            #expect(next.seconds == start + day * 86_400)
            last = next
        }
        #expect(Civil(year: 2026, month: 11, day: 21).weekday == 6)
    }

    @Test func `an hour that clocks skip is never shown, one they repeat is shown twice`() throws {
        let london = try Self.zone("Europe/London")
        let skipped = Civil(year: 2026, month: 3, day: 29, second: 5_400)
        #expect(london.times(showing: skipped) == [])
        let repeated = Civil(year: 2026, month: 10, day: 25, second: 5_400)
        #expect(london.times(showing: repeated) == [1_792_888_200, 1_792_891_800])
        let plain = Civil(year: 2026, month: 7, day: 1, second: 0)
        #expect(london.times(showing: plain) == [1_782_860_400])
    }

    @Test func `what is no table of a zone is known to be none`() throws {
        let whole = Array(try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Europe/London")))
        #expect(Zone(parsing: []) == nil)
        #expect(Zone(parsing: Array("TZif2".utf8)) == nil)
        for length in stride(from: 0, to: whole.count - 40, by: 7) {
            #expect(Zone(parsing: Array(whole.prefix(length))) == nil)
        }
    }

    private func text(_ civil: Civil) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(civil.year)-\(two(civil.month))-\(two(civil.day)) "
            + "\(two(civil.second / 3_600)):\(two(civil.second / 60 % 60))"
    }
}
