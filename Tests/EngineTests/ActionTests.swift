import Engine
import Pipelines
import Testing

@Suite("Actions") struct ActionTests {
    static let fan = """
          - name: build
            actions:
              one: { run: a }
              two: { run: b, after: one }
              three: { run: c, after: [one, two] }
              beside: { run: d }
        """

    @Test func `an action starts when those before it have succeeded`() throws {
        var house = try House(stages: Self.fan)
        _ = try house.start()
        #expect(house.underWay == ["1/one", "1/beside"])
        try house.finish("one")
        #expect(house.underWay == ["1/beside", "1/two"])
        try house.finish("two")
        #expect(house.underWay == ["1/beside", "1/three"])
    }

    @Test func `a failure stops only what comes after it`() throws {
        var house = try House(stages: Self.fan)
        let id = try house.start()
        try house.fail("one")
        #expect(house.underWay == ["1/beside"])
        try house.finish("beside")
        #expect(house.outcome(id) == .failed)
        #expect(try house.execution(id).end?.reason == "stage 'build': 'one': exit code 1")
    }

    @Test(
        "what was no fault of the action is repeated by itself, with its cause",
        arguments: [
            RetryCause.lost
        ])
    func standardRetry(cause: RetryCause) throws {
        var house = try House(stages: "  - { name: build, actions: { one: { run: a } } }")
        _ = try house.start()
        try house.fail("one", cause)
        #expect(house.underWay.isEmpty)
        try house.pass(.seconds(1))
        #expect(house.attempts("one").map(\.number) == [2])
        let last = house.records.last { if case .attemptQueued = $0.event { true } else { false } }
        guard case .attemptQueued(_, let why)? = last?.event else {
            Issue.record("nothing was queued")
            return
        }
        #expect(why == .retry(after: cause))
    }

    @Test(
        "what the action did itself is not", arguments: RetryCause.allCases.filter { $0 != .lost })
    func noRetry(cause: RetryCause) throws {
        var house = try House(stages: "  - { name: build, actions: { one: { run: a } } }")
        let id = try house.start()
        try house.fail("one", cause)
        #expect(house.outcome(id) == .failed)
    }

    @Test func `the pause before each further retry grows up to its limit`() {
        let policy = RetryPolicy(
            times: 9, causes: [.lost], delay: .seconds(10), backOff: 3, maximumDelay: .seconds(100))
        #expect(
            (1...4).map(policy.delay) == [.seconds(10), .seconds(30), .seconds(90), .seconds(100)])
    }

    @Test func `no more actions run than the runner has places`() throws {
        let many = (1...6).map { "a\($0): { run: x }" }.joined(separator: ", ")
        var house = try House(stages: "  - { name: build, actions: { \(many) } }")
        try house.tell(.configure(name("process"), places: 2), by: House.ada)
        let id = try house.start()
        #expect(house.underWay == ["1/a1", "1/a2"])
        #expect(
            house.state.why(id).last?.waitsFor
                == "runner 'process' has all 2 places taken; 3 wait ahead")
        try house.tell(.configure(name("process"), places: 3), by: House.ada)
        #expect(house.underWay.count == 3)
    }

    @Test func `a pipeline with much to do does not keep another waiting`() throws {
        let many = (1...9).map { "a\($0): { run: x }" }.joined(separator: ", ")
        var house = try House(stages: "  - { name: build, actions: { \(many) } }")
        try house.tell(.configure(name("process"), places: 1), by: House.ada)
        _ = try house.start()
        let text =
            """
            name: other
            sources: { app: { git: x } }
            stages: [{ name: s, actions: { o: { run: x } } }]
            """
        let other = try #require(Definition.read(Array(text.utf8)).definition)
        try house.tell(.define(other))
        let revision = Revision(source: try name("app"), ref: "main", commit: "c")
        try house.tell(.start(Start(other.name, revisions: [revision])))
        try house.finish("a1")
        try house.finish("a2")
        #expect(house.underWay == ["1/o"])
    }

    @Test func `a late or repeated word of an attempt changes nothing`() throws {
        var house = try House(stages: "  - { name: build, actions: { one: { run: a } } }")
        _ = try house.start()
        let attempt = try #require(house.attempts("one").first)
        let result = AttemptResult(end: .succeeded)
        try house.tell(.finished(attempt, result))
        let before = house.records.count
        try house.tell(.finished(attempt, result))
        try house.tell(.started(attempt))
        #expect(house.records.count == before)
    }

    @Test func `one attempt at a time changes an environment`() throws {
        let deploy = "{ deploy: { environment: live, image: x } }"
        var house = try House(
            mode: "parallel", stages: "  - { name: ship, actions: { release: \(deploy) } }")
        _ = try house.start()
        let second = try house.start()
        #expect(house.underWay == ["1/release"])
        #expect(house.state.why(second).first?.waitsFor.contains("environment 'live'") == true)
        try house.finish("release")
        #expect(house.underWay == ["2/release"])
    }
}
