import Pipelines
import Testing
import YAML

@Suite("Values") struct ValueTests {
    /// Reads one value the way a definition does.
    private func read<Value>(_ shape: Shape<Value>, _ text: String) -> Value? {
        var findings = Findings()
        let node = Node(.scalar(text, isPlain: false), at: Place(line: 1, column: 1))
        return shape.read(node, &findings)
    }

    @Test(
        "durations",
        arguments: [
            ("90s", Duration.seconds(90)), ("20m", .seconds(1_200)), ("2h30m", .seconds(9_000)),
            ("7d", .seconds(604_800)), ("1s500ms", .milliseconds(1_500)), ("0s", .zero),
        ])
    func durations(text: String, duration: Duration) {
        #expect(read(.duration, text) == duration)
        #expect(read(.duration, duration.short) == duration)
    }

    @Test(
        "no durations", arguments: ["", "1", "s", "1x", "-1s", "1h1h", "1s1h", "400d", "1 h", "٣s"])
    func noDurations(text: String) {
        #expect(read(.duration, text) == nil)
    }

    @Test(
        "sizes",
        arguments: [("512MiB", 512 << 20), ("2GiB", 2 << 30), ("10MB", 10_000_000), ("1B", 1)])
    func sizes(text: String, bytes: Int) {
        #expect(read(.size, text)?.bytes == bytes)
    }

    @Test("no sizes", arguments: ["", "1", "GiB", "1.5GiB", "1GB2", "-1MiB", "9999999999B"])
    func noSizes(text: String) {
        #expect(read(.size, text) == nil)
    }

    @Test func `a template is filled with what its references stand for`() throws {
        let template = try #require(read(.template, "a #{variables.x}-#{b.c.y} ##{z} #"))
        let filled = template.filled { name, namespace in "<\(namespace)|\(name)>" }
        #expect(filled == "a <variables|x>-<b.c|y> #{z} #")
        #expect(template.text == "a #{variables.x}-#{b.c.y} ##{z} #")
    }

    @Test func `a schedule knows ranges, steps, lists, names and the odd days`() throws {
        let schedule = try #require(read(.schedule, "*/20 8-10,22 L,15W 1-3,dec mon#2,friL,7"))
        #expect(schedule.minutes == [0, 20, 40])
        #expect(schedule.hours == [8, 9, 10, 22])
        #expect(schedule.months == [1, 2, 3, 12])
        #expect(schedule.days.last && schedule.days.nearestWeekday == [15])
        #expect(schedule.weekdays.numbers == [0])
        #expect(
            schedule.weekdays.numbered.map { [$0.weekday, $0.occurrence] } == [[1, 2], [5, -1]])
    }

    @Test(
        "a window is open",
        arguments: [
            ("Mon-Thu 09:00-16:00", 1, "09:00"), ("Mon-Thu 09:00-16:00", 4, "15:59"),
            ("Fri-Mon 10:00-12:00", 0, "11:00"), ("Sat,Sun 22:00-02:00", 6, "23:30"),
            ("Sat,Sun 22:00-02:00", 1, "01:59"), ("00:00-24:00", 3, "23:59"),
        ])
    func open(text: String, weekday: Int, time: String) throws {
        #expect(try window(text).isOpen(weekday: weekday, minute: minute(time)))
    }

    @Test(
        "a window is closed",
        arguments: [
            ("Mon-Thu 09:00-16:00", 1, "08:59"), ("Mon-Thu 09:00-16:00", 4, "16:00"),
            ("Mon-Thu 09:00-16:00", 5, "12:00"), ("Sat,Sun 22:00-02:00", 6, "01:00"),
            ("Sat,Sun 22:00-02:00", 1, "02:00"), ("Fri-Mon 10:00-12:00", 3, "11:00"),
        ])
    func closed(text: String, weekday: Int, time: String) throws {
        #expect(try !window(text).isOpen(weekday: weekday, minute: minute(time)))
    }

    private func window(_ text: String) throws -> Window {
        Window(spans: [try #require(read(.span, text))], zone: "UTC")
    }

    private func minute(_ text: String) -> Int {
        let parts = text.split(separator: ":").compactMap { Int($0) }
        return parts[0] * 60 + parts[1]
    }
}
