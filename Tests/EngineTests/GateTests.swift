import Engine
import Pipelines
import Testing

@Suite("Gates") struct GateTests {
    static func gated(_ gate: String, end: String = "") -> String {
        "  - { name: ship, before: [\(gate)], actions: { release: { run: c } }\(end) }"
    }

    static let approval = "{ approval: { by: [release-managers], within: 1h, four-eyes: true } }"

    @Test func `an approval opens the gate before a stage that is not held meanwhile`() throws {
        var house = try House(stages: Self.gated(Self.approval))
        let id = try house.start()
        #expect(house.underWay.isEmpty)
        #expect(house.state.pipelines[house.name]?.holders(of: try name("ship")).isEmpty == true)
        #expect(
            house.state.why(id).first?.waitsFor
                == "it needs an approval by release-managers, not by who wrote or started it, "
                + "before entering stage 'ship'")
        try house.answer()
        #expect(house.underWay == ["1/release"])
    }

    @Test func `what waits for approval is superseded by what is newer`() throws {
        var house = try House(stages: Self.gated(Self.approval))
        let first = try house.start()
        _ = try house.start()
        #expect(house.outcome(first) == .superseded)
    }

    @Test func `a rejection fails the execution with its reason`() throws {
        var house = try House(stages: Self.gated(Self.approval))
        let id = try house.start()
        try house.answer(.reject, comment: "too slow")
        #expect(try house.execution(id).end?.reason == "stage 'ship': rejected by bea: too slow")
    }

    @Test func `only those entitled may answer`() throws {
        var house = try House(stages: Self.gated(Self.approval))
        _ = try house.start()
        #expect(
            throws: Refusal(
                .forbidden, "ada may not answer this", hint: "it is asked of release-managers")
        ) { try house.answer(by: House.ada) }
    }

    @Test func `whoever wrote it may not approve it under four eyes`() throws {
        var house = try House(stages: Self.gated(Self.approval))
        _ = try house.start(authors: ["bea"])
        #expect(throws: Refusal.self) { try house.answer(by: House.bea) }
        try house.answer(by: House.cem)
        #expect(house.underWay == ["1/release"])
    }

    @Test func `several approvals come from different people`() throws {
        var house = try House(stages: Self.gated("{ approval: { needed: 2 } }"))
        _ = try house.start()
        try house.answer(by: House.bea)
        #expect(throws: Refusal.self) { try house.answer(by: House.bea) }
        try house.answer(by: House.cem)
        #expect(house.underWay == ["1/release"])
    }

    @Test func `an approval counts only for what was shown`() throws {
        var house = try House(stages: Self.gated(Self.approval))
        _ = try house.start()
        #expect(
            throws: Refusal(
                .conflict, "what would be approved has changed since it was shown",
                hint: "look at it again and decide anew")
        ) { try house.answer(subject: "something else") }
    }

    @Test func `an approval is asked anew when a stage is retried`() throws {
        var house = try House(stages: Self.gated(Self.approval))
        let id = try house.start()
        try house.answer()
        try house.fail("release")
        try house.tell(.retry(id, name("ship"), .failed), by: House.ada)
        #expect(house.underWay.isEmpty)
        try house.answer()
        #expect(house.attempts("release").map(\.number) == [2])
    }

    @Test func `time runs out on the clock that never jumps`() throws {
        var house = try House(stages: Self.gated(Self.approval))
        let id = try house.start()
        house.wall += 400 * 86_400_000
        try house.tell(.look)
        #expect(house.outcome(id) == nil)
        try house.pass(.seconds(3_600))
        #expect(try house.execution(id).end?.reason == "stage 'ship': nobody answered in time")
    }

    @Test func `a vote given before something changed is void`() throws {
        var house = try House(
            stages: """
                  - name: ship
                    actions:
                      ask: { approval: { needed: 2 } }
                      build: { run: c, outputs: { out: out } }
                """)
        _ = try house.start()
        try house.answer(by: House.bea)
        let attempt = try #require(house.attempts("build").first)
        let artifact = Artifact(name: try name("out"), digest: "d")
        try house.tell(.finished(attempt, AttemptResult(end: .succeeded, artifacts: [artifact])))
        #expect(try house.asking().votes.isEmpty)
        try house.answer(by: House.cem)
        #expect(house.stage(of: ExecutionID(house.name, 1)) == "ship")
        try house.answer(by: House.bea)
        #expect(house.outcome(ExecutionID(house.name, 1)) == .succeeded)
    }

    @Test func `a wait opens by itself when its time is over`() throws {
        var house = try House(stages: Self.gated("{ wait: 10m }"))
        _ = try house.start()
        try house.pass(.seconds(599))
        #expect(house.underWay.isEmpty)
        try house.pass(.seconds(1))
        #expect(house.underWay == ["1/release"])
    }

    @Test func `a window has to be open when the stage is entered`() throws {
        let gates = "{ window: { open: Mon-Fri 09:00-17:00 } }, { wait: 10m }"
        var house = try House(stages: Self.gated(gates))
        let id = try house.start()
        let watched = house.state.wanted.compactMap { work -> GateID? in
            if case .watch(let gate, _) = work { gate } else { nil }
        }
        let gate = try #require(watched.first)
        try house.tell(.window(gate, isOpen: true))
        try house.tell(.window(gate, isOpen: false))
        try house.pass(.seconds(600))
        #expect(house.underWay.isEmpty)
        #expect(house.state.why(id).first?.endsWhen == "the window opens")
        try house.tell(.window(gate, isOpen: true))
        #expect(house.underWay == ["1/release"])
    }

    @Test func `a check that fails refuses, and says what it said`() throws {
        var house = try House(stages: Self.gated("{ check: make probe }"))
        let id = try house.start()
        try house.fail("before-1")
        #expect(
            try house.execution(id).end?.reason == "stage 'ship': its check failed: exit code 1")
    }

    @Test func `a check with a time is tried until the time is over`() throws {
        var house = try House(
            stages: Self.gated("{ check: { run: probe, every: 10s, within: 25s } }"))
        let id = try house.start()
        try house.fail("before-1")
        try house.pass(.seconds(10))
        try house.fail("before-1")
        try house.pass(.seconds(10))
        try house.fail("before-1")
        try house.pass(.seconds(10))
        #expect(
            try house.execution(id).end?.reason
                == "stage 'ship': its check failed: it did not succeed in time")
    }

    @Test func `a gate that does not open can skip its stage`() throws {
        var house = try House(
            extra: "variables: { region: south }",
            stages: Self.gated("{ value: \"#{variables.region}\", equals: north, else: skip }"))
        let id = try house.start()
        #expect(house.outcome(id) == .succeeded)
        #expect(
            house.records.contains { record in
                if case .stageSkipped(_, "'south' does not equal 'north'") = record.event {
                    true
                } else {
                    false
                }
            })
    }

    @Test func `a stage is judged before it is left, and rolled back if it fails`() throws {
        let stage = """
              - name: ship
                actions: { release: { run: c } }
                on-success: [{ check: { run: probe }, else: roll-back }]
            """
        var house = try House(stages: stage)
        _ = try house.start(commit: "good")
        try house.finish("release")
        try house.finish("after-1")
        let bad = try house.start(commit: "bad")
        try house.finish("release")
        try house.fail("after-1")
        #expect(house.outcome(bad) == .failed)
        #expect(house.underWay == ["3/release"])
    }

    @Test func `the state is what its events say it is`() throws {
        var house = try House(stages: Self.gated(Self.approval))
        _ = try house.start()
        try house.answer()
        try house.fail("release", .lost)
        try house.pass(.seconds(1))
        #expect(try house.replayed() == house.state)
    }
}
