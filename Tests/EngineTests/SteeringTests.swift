import Engine
import Pipelines
import Testing

@Suite("Steering") struct SteeringTests {
    static let two = """
          - { name: build, actions: { one: { run: a }, two: { run: b } } }
          - { name: ship, actions: { release: { run: c } } }
        """

    @Test func `stop and wait lets running actions end and starts nothing more`() throws {
        var house = try House(stages: Self.two)
        let id = try house.start()
        try house.tell(.stop(id, .wait, reason: "enough"), by: House.ada)
        #expect(house.underWay.count == 2)
        #expect(house.outcome(id) == nil)
        try house.finish("one")
        try house.finish("two")
        #expect(house.outcome(id) == .stopped)
    }

    @Test func `abandon does not wait, and what it left is killed`() throws {
        var house = try House(stages: Self.two)
        let id = try house.start()
        try house.tell(.stop(id, .abandon, reason: "enough"), by: House.ada)
        #expect(house.outcome(id) == .stopped)
        #expect(house.state.wanted.allSatisfy { if case .kill = $0 { true } else { false } })
    }

    @Test func `a stop can become an abandon, and not the other way`() throws {
        var house = try House(stages: Self.two)
        let id = try house.start()
        try house.tell(.stop(id, .wait, reason: "enough"), by: House.ada)
        #expect(throws: Refusal.self) {
            try house.tell(.stop(id, .wait, reason: "again"), by: House.ada)
        }
        try house.tell(.stop(id, .abandon, reason: "now"), by: House.ada)
        #expect(house.outcome(id) == .stopped)
    }

    @Test func `a retry of what failed keeps what had succeeded`() throws {
        var house = try House(stages: Self.two)
        let id = try house.start()
        try house.finish("one")
        try house.fail("two")
        try house.tell(.retry(id, name("build"), .failed), by: House.ada)
        #expect(house.underWay == ["1/two"])
        #expect(house.attempts("two").map(\.number) == [2])
    }

    @Test func `a retry of all repeats all`() throws {
        var house = try House(stages: Self.two)
        let id = try house.start()
        try house.finish("one")
        try house.fail("two")
        try house.tell(.retry(id, name("build"), .all), by: House.ada)
        #expect(house.underWay == ["1/one", "1/two"])
    }

    @Test func `a retry waits for what was abandoned to be dead`() throws {
        var house = try House(stages: "  - { name: build, actions: { one: { run: a } } }")
        let id = try house.start()
        let first = try #require(house.attempts("one").first)
        try house.tell(.stop(id, .abandon, reason: "hangs"), by: House.ada)
        try house.tell(.retry(id, name("build"), .all), by: House.ada)
        #expect(house.attempts("one").isEmpty)
        #expect(house.state.why(id).first?.waitsFor == "\(first) is not known to have ended")
        try house.tell(.finished(first, AttemptResult(end: .stopped)))
        #expect(house.attempts("one").map(\.number) == [2])
    }

    @Test func `an older version is not put in front of a newer one by a retry`() throws {
        var house = try House(stages: Self.two)
        let first = try house.start()
        try house.fail("one")
        try house.finish("two")
        _ = try house.start()
        #expect(
            throws: Refusal(
                .conflict, "'shop/1' has ended, and newer ones have taken its place",
                hint: "start a new execution with its revisions, or roll a stage back")
        ) { try house.tell(.retry(first, name("build"), .all), by: House.ada) }
    }

    @Test func `a rollback runs the stage with what had succeeded in it before`() throws {
        var house = try House(stages: "  - { name: ship, actions: { release: { run: c } } }")
        let first = try house.start(commit: "good")
        try house.finish("release")
        _ = try house.start(commit: "bad")
        try house.finish("release")
        let rollback = try #require(
            try house.tell(.rollBack(house.name, name("ship"), to: nil), by: House.ada))
        #expect(try house.execution(rollback).revisions.map(\.commit) == ["good"])
        #expect(
            try house.execution(rollback).cause
                == .rollBack(to: first, stage: name("ship"), automatic: false))
        try house.finish("release")
        #expect(house.outcome(rollback) == .succeeded)
    }

    @Test func `a stage that fails rolls itself back where it says so`() throws {
        var house = try House(
            stages: "  - { name: ship, actions: { release: { run: c } }, on-failure: roll-back }")
        _ = try house.start(commit: "good")
        try house.finish("release")
        let bad = try house.start(commit: "bad")
        try house.fail("release")
        #expect(house.outcome(bad) == .failed)
        #expect(house.underWay == ["3/release"])
        try house.fail("release")
        #expect(house.state.pipelines[house.name]?.nextNumber == 4)
    }

    @Test func `what puts an earlier version back goes before what waits`() throws {
        var house = try House(stages: "  - { name: ship, actions: { release: { run: c } } }")
        _ = try house.start()
        try house.finish("release")
        _ = try house.start()
        try house.finish("release")
        _ = try house.start()
        let waiting = try house.start()
        let rollback = try house.tell(.rollBack(house.name, name("ship"), to: nil), by: House.ada)
        try house.finish("release")
        #expect(house.underWay == ["5/release"])
        #expect(rollback?.number == 5)
        #expect(house.state.why(waiting).first?.waitsFor == "shop/5 is in stage 'ship'")
    }

    @Test func `a closed transition lets nothing through, and whoever waits keeps its place`()
        throws
    {
        var house = try House(stages: Self.two)
        try house.tell(.close(house.name, name("ship"), reason: "freeze"), by: House.bea)
        let id = try house.start()
        try house.finish("one")
        try house.finish("two")
        #expect(
            house.state.why(id).first?.waitsFor
                == "the way into stage 'ship' is closed by bea: freeze")
        try house.tell(.open(house.name, name("ship"), reason: "go"), by: House.bea)
        #expect(house.underWay == ["1/release"])
    }

    @Test func `a door that the definition closes stays as people left it`() throws {
        let closed = "  - { name: ship, closed: not yet, actions: { release: { run: c } } }"
        var house = try House(stages: closed)
        let id = try house.start()
        #expect(house.underWay.isEmpty)
        try house.tell(.open(house.name, name("ship"), reason: "go"), by: House.ada)
        #expect(house.stage(of: id) == "ship")
        try house.tell(.define(House.definition(extra: "about: new", stages: closed)))
        #expect(house.state.pipelines[house.name]?.stages[try name("ship")]?.closed == nil)
    }

    @Test func `a stage can be skipped with a reason by whoever waits before it`() throws {
        var house = try House(stages: Self.two)
        try house.tell(.close(house.name, name("build"), reason: "freeze"), by: House.ada)
        let id = try house.start()
        #expect(throws: Refusal.self) { try house.tell(.skip(id, name("build"), reason: " ")) }
        try house.tell(.skip(id, name("build"), reason: "built by hand"), by: House.ada)
        #expect(house.underWay == ["1/release"])
    }

    @Test func `the same request starts one execution`() throws {
        var house = try House(stages: Self.two)
        let revision = Revision(source: try name("app"), ref: "main", commit: "c")
        let start = Start(house.name, revisions: [revision], request: RequestID("r"))
        let first = try house.tell(.start(start), by: House.ada)
        let second = try house.tell(.start(start), by: House.ada)
        #expect(first == second)
        #expect(house.state.pipelines[house.name]?.nextNumber == 2)
    }

    @Test func `one change of a source starts one execution, however often it is told`() throws {
        var house = try House(mode: "parallel", stages: Self.two)
        let revision = Revision(source: try name("app"), ref: "main", commit: "c1")
        for reading in [1, 1, 2, 3, 2] {
            let sighting = Sighting(
                pipeline: house.name, source: revision.source, ref: "main", revision: revision,
                reading: reading)
            try house.tell(.see(sighting), by: .trigger("watcher"))
        }
        #expect(house.state.pipelines[house.name]?.nextNumber == 2)
    }

    @Test func `removing a pipeline ends what runs in it`() throws {
        var house = try House(stages: Self.two)
        let id = try house.start()
        try house.tell(.remove(house.name), by: House.ada)
        #expect(house.outcome(id) == .cancelled)
        #expect(throws: Refusal.self) { try house.start() }
    }
}
