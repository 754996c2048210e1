import Pipelines
import Testing

@Suite("Days on which nothing is deployed") struct OpeningHoursTests {
    private func freeze(_ from: String, _ to: String) throws -> OpeningHours.Freeze {
        let text = """
            name: shop
            sources: { app: { git: . } }
            environments:
              prod:
                freeze: { from: "\(from)", to: "\(to)", zone: Europe/Berlin, reason: the sale }
                services: { web: { run: ./web } }
            stages: [{ name: a, actions: { b: { run: x } } }]
            """
        let reading = Definition.read(Array(text.utf8))
        let definition = try #require(reading.definition, "\(reading.diagnostics)")
        return try #require(definition.environments.first?.hours?.freezes.first)
    }

    private func time(_ month: Int, _ day: Int, _ minute: Int, year: Int = 2026) -> LocalTime {
        LocalTime(year: year, month: month, day: day, minute: minute)
    }

    @Test func `last from the beginning of the first to the end of the last`() throws {
        let freeze = try freeze("2026-12-20", "2027-01-03")
        #expect(!freeze.lasts(at: time(12, 19, 1_439)))
        #expect(freeze.lasts(at: time(12, 20, 0)))
        #expect(freeze.lasts(at: time(1, 3, 1_439, year: 2027)))
        #expect(!freeze.lasts(at: time(1, 4, 0, year: 2027)))
        #expect(freeze.sentence == "the sale (to the end of 2027-01-03, Europe/Berlin)")
    }

    @Test func `begin and end at a time of the day, if one is written`() throws {
        let freeze = try freeze("2026-12-24 18:00", "2026-12-26 09:30")
        #expect(!freeze.lasts(at: time(12, 24, 1_079)))
        #expect(freeze.lasts(at: time(12, 24, 1_080)))
        #expect(freeze.lasts(at: time(12, 26, 569)))
        #expect(!freeze.lasts(at: time(12, 26, 570)))
        #expect(freeze.sentence == "the sale (until 2026-12-26 09:30, Europe/Berlin)")
    }
}
