import Testing
import Zones

@Suite("Times as programs write them") struct TimestampTests {
    @Test(
        "are read as they are written",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (1_793_000_000_123, "2026-10-26T07:33:20.123Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func both(milliseconds: Int64, text: String) {
        #expect(Timestamp.text(milliseconds: milliseconds) == text)
        #expect(Timestamp.milliseconds(text) == milliseconds)
    }

    @Test func `may leave out what is below the second`() {
        #expect(Timestamp.milliseconds("1970-01-01T00:00:01Z") == 1_000)
        #expect(Timestamp.milliseconds("1970-01-01T00:00:01.5Z") == 1_500)
    }

    @Test(
        "are refused if there is no such time",
        arguments: [
            "", "Z", "2026-11-21", "2026-11-21T10:15:30", "2026-11-21T10:15:30+01:00",
            "2026-11-21 10:15:30Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
            "2026-02-29T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-00T00:00:00Z",
            "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234Z", "+026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.-1Z",
        ])
    func bad(text: String) {
        #expect(Timestamp.milliseconds(text) == nil)
    }
}
