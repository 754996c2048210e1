import Engine
import Pipelines
import SmallFiles
import Testing
import Watching
import Zones

@Suite("What starts by itself") struct TimetableTests {
    @Test(
        "a schedule names its times",
        arguments: [
            ("0 3 * * *", "2026-03-01 00:00", "2026-03-01 03:00"),
            ("0 3 * * *", "2026-03-01 03:00", "2026-03-02 03:00"),
            ("*/15 * * * *", "2026-03-01 03:01", "2026-03-01 03:15"),
            ("30 9 * * mon-fri", "2026-11-20 10:00", "2026-11-23 09:30"),
            ("0 0 L * *", "2028-02-01 00:00", "2028-02-29 00:00"),
            ("0 0 15W * *", "2026-11-01 00:00", "2026-11-16 00:00"),
            ("0 0 1W * *", "2026-08-01 00:00", "2026-08-03 00:00"),
            ("0 0 * * fri#2", "2026-11-01 00:00", "2026-11-13 00:00"),
            ("0 0 * * friL", "2026-11-01 00:00", "2026-11-27 00:00"),
            ("0 0 29 2 *", "2026-01-01 00:00", "2028-02-29 00:00"),
            ("0 0 13 * fri", "2026-11-10 00:00", "2026-11-13 00:00"),
            ("0 0 1 1 *", "2026-01-01 00:00", "2027-01-01 00:00"),
        ])
    func next(text: String, after: String, expected: String) throws {
        let times = FireTimes(try Schedule(parsing: text), in: .utc)
        let found = try #require(times.next(after: seconds(after)))
        #expect(found == seconds(expected))
        #expect(times.last(upTo: found, after: seconds(after)) == found)
        #expect(times.last(upTo: found - 1, after: seconds(after)) == nil)
    }

    @Test func `a day that never comes is never due`() throws {
        let times = FireTimes(try Schedule(parsing: "0 0 30 2 *"), in: .utc)
        #expect(times.next(after: 0) == nil)
    }

    @Test func `a time that clocks jump over comes later, and one shown twice comes once`() throws {
        let zone = try zone("Europe/London")
        let spring = FireTimes(try Schedule(parsing: "30 1 * * *"), in: zone)
        // On 29 March 2026 clocks go from 1:00 to 2:00, on 25 October from 2:00 to 1:00.
        #expect(spring.next(after: seconds("2026-03-29 00:00")) == seconds("2026-03-29 01:30"))
        #expect(spring.next(after: seconds("2026-03-29 01:30")) == seconds("2026-03-30 00:30"))
        #expect(spring.next(after: seconds("2026-10-24 23:00")) == seconds("2026-10-25 00:30"))
        #expect(spring.next(after: seconds("2026-10-25 00:30")) == seconds("2026-10-26 01:30"))
    }

    @Test func `every hour is every hour, whatever clocks do`() throws {
        let hourly = FireTimes(try Schedule(parsing: "0 * * * *"), in: try zone("Europe/London"))
        for start in ["2026-03-28 22:00", "2026-10-24 22:00"] {
            var time = seconds(start)
            for _ in 0..<8 {
                let next = hourly.next(after: time)
                #expect(next == time + 3_600)
                time += 3_600
            }
        }
    }

    @Test(
        "what was missed is skipped or made up for once",
        arguments: [
            ("skip", 59, 1), ("skip", 61, 0), ("skip", 86_400 * 3 + 3_600, 0), ("once", 59, 1),
            ("once", 61, 1), ("once", 86_400 * 30, 1),
        ])
    func missed(policy: String, late: Int, count: Int) throws {
        let state = try state(of: "triggers: { schedule: '0 3 * * *', missed: \(policy) }")
        let timetable = Timetable(state) { _ in .utc }
        let due = seconds("2026-03-02 03:00")
        let starts = timetable.starts(after: due - 10, upTo: due + late)
        #expect(starts.count == count)
        #expect(timetable.starts(after: due + late, upTo: due + late + 5) == [])
        if let start = starts.first { #expect(start.cause == .schedule("0 3 * * *")) }
    }

    @Test func `asked twice for one time, a pipeline starts once`() throws {
        var state = try state(of: "triggers: { schedule: '0 3 * * *' }")
        let timetable = Timetable(state) { _ in .utc }
        let due = seconds("2026-03-02 03:00")
        #expect(timetable.next(after: due - 100) == due)
        for _ in 0..<2 {
            for start in timetable.starts(after: due - 5, upTo: due + 1) {
                try decide(&state, .start(start))
            }
        }
        #expect(state.pipelines.values.first?.nextNumber == 2)
    }

    @Test(
        "a clock that is set back a little is waited for, and one set back far is believed",
        arguments: [(1_000, 900, 1_000), (100_000, 900, 900), (1_000, 2_000, 2_000)])
    func clock(last: Int, now: Int, expected: Int) {
        #expect(Timetable.asked(now, before: last) == expected)
    }

    @Test func `a pipeline follows another's success once, and never in a circle`() throws {
        var state = try state(of: "triggers: { pipeline: b }", name: "a")
        try define(&state, "b", "triggers: { pipeline: a }")
        try define(&state, "c", "triggers: { pipeline: a }")
        let first = try end(&state, .start(Start(try name("a"), revisions: [try revision()])))
        var started: [ExecutionID] = []
        for _ in 0..<2 {
            for start in Successors.starts(after: first, in: state) {
                if let id = try decide(&state, .start(start)).execution { started.append(id) }
            }
        }
        #expect(Set(started.map(\.description)) == ["b/1", "c/1"])
        let second = try #require(
            finish(&state, ExecutionID(try name("b"), 1)), "b ends")
        #expect(Successors.starts(after: second, in: state) == [])
    }

    @Test(
        "what did not succeed is not followed",
        arguments: Outcome.allCases.filter { $0 != .succeeded })
    func failure(outcome: Outcome) throws {
        var state = try state(of: "", name: "a")
        try define(&state, "b", "triggers: { pipeline: a }")
        let record = Record(
            sequence: 9, at: Moment(wall: 0, steady: Steady(milliseconds: 0)), by: .slipway,
            event: .executionFinished(
                execution: ExecutionID(try name("a"), 1), outcome: outcome, reason: ""))
        #expect(Successors.starts(after: record, in: state) == [])
    }
}

// Small engines.
extension TimetableTests {
    private func name(_ text: String) throws -> PipelineName { try #require(PipelineName(text)) }

    private func revision() throws -> Revision {
        Revision(source: try #require(SourceName("app")), ref: "refs/heads/main", commit: "c")
    }

    private func state(of triggers: String, name: String = "shop") throws -> EngineState {
        var state = EngineState()
        let runner = try #require(RunnerName("process"))
        try decide(&state, .configure(runner, places: 9))
        try define(&state, name, triggers)
        return state
    }

    private func define(_ state: inout EngineState, _ name: String, _ triggers: String) throws {
        let text = """
            name: \(name)
            sources: { app: { git: /srv/shop.git } }
            \(triggers)
            stages: [{ name: build, actions: { one: { run: make } } }]
            """
        let reading = Definition.read(Array(text.utf8))
        try decide(&state, .define(try #require(reading.definition, "\(reading.diagnostics)")))
        let sighting = Sighting(
            pipeline: try self.name(name), source: try #require(SourceName("app")),
            ref: "refs/heads/main", revision: try revision(), reading: 1, note: "first")
        try decide(&state, .see(sighting))
    }

    @discardableResult
    private func decide(_ state: inout EngineState, _ command: Command) throws -> Decided {
        let now = Moment(wall: 1_800_000_000_000, steady: Steady(milliseconds: 0))
        return try state.decide(command, by: .slipway, at: now)
    }

    private func end(_ state: inout EngineState, _ command: Command) throws -> Record {
        let id = try #require(try decide(&state, command).execution)
        return try #require(finish(&state, id))
    }

    private func finish(_ state: inout EngineState, _ id: ExecutionID) -> Record? {
        guard
            let attempt = state.runners.underWay.first(where: {
                $0.attempt.visit.execution == id
            })?.attempt
        else { return nil }
        let result = AttemptResult(end: .succeeded)
        let records = (try? decide(&state, .finished(attempt, result)))?.records ?? []
        return records.first {
            if case .executionFinished(id, .succeeded, _) = $0.event { true } else { false }
        }
    }

    private func seconds(_ text: String) -> Int {
        let parts = text.split { "- :".contains($0) }.compactMap { Int($0) }
        return Civil(
            year: parts[0], month: parts[1], day: parts[2],
            second: parts[3] * 3_600 + parts[4] * 60
        ).seconds
    }

    private func zone(_ name: String) throws -> Zone {
        let bytes = try #require(try? SmallFile.bytes(of: "/usr/share/zoneinfo/\(name)"))
        return try #require(Zone(parsing: bytes))
    }
}
