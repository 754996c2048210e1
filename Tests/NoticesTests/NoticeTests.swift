import Engine
import JSON
import Notices
import Pipelines
import Testing

@Suite("What somebody is told") struct NoticeTests {
    private func name<Subject>(_ text: String) throws -> Name<Subject> {
        try #require(Name<Subject>(text))
    }

    private func maker(
        _ occasions: Set<Occasion> = Set(Occasion.allCases), pipelines: [String] = [],
        failing: [String] = [], address: String? = nil
    ) throws -> NoticeMaker {
        let globs = try pipelines.map { text throws(Mistake) in try Glob(parsing: text) }
        let rule = NoticeRule(
            try name("team"), on: occasions, pipelines: globs, to: .command(["/bin/true"]))
        return NoticeMaker(rule, failing: Set(try failing.map { try name($0) }), address: address)
    }

    private func ended(
        _ number: Int, _ outcome: Outcome, of pipeline: String = "shop", reason: String = "r"
    ) throws -> Record {
        Record(
            sequence: number, at: Moment(wall: 1_800_000_000_000, steady: Steady(milliseconds: 0)),
            by: .slipway,
            event: .executionFinished(
                execution: ExecutionID(try name(pipeline), number), outcome: outcome,
                reason: reason))
    }

    @Test func `a success after a failure is a recovery, once`() throws {
        var maker = try maker()
        let outcomes: [Outcome] = [
            .succeeded, .failed, .superseded, .stopped, .succeeded, .succeeded, .failed, .failed,
        ]
        var told: [Occasion?] = []
        for (number, outcome) in outcomes.enumerated() {
            told.append(maker.take(try ended(number + 1, outcome), in: EngineState())?.occasion)
        }
        #expect(
            told == [.succeeded, .failed, nil, nil, .recovered, .succeeded, .failed, .failed])
    }

    @Test func `each pipeline has failures of its own, and a removed one has none`() throws {
        var maker = try maker(failing: ["shop", "gone"])
        let removed = Record(
            sequence: 1, at: Moment(wall: 0, steady: Steady(milliseconds: 0)), by: .slipway,
            event: .pipelineRemoved(pipeline: try name("gone")))
        #expect(maker.take(removed, in: EngineState()) == nil)
        let first = maker.take(try ended(2, .succeeded, of: "gone"), in: EngineState())
        let second = maker.take(try ended(3, .succeeded), in: EngineState())
        #expect(first?.occasion == .succeeded)
        #expect(second?.occasion == .recovered)
    }

    @Test(
        "nobody is told what they do not ask for",
        arguments: [
            ([.failed], Outcome.failed, Occasion.failed), ([.failed], .succeeded, nil),
            ([.succeeded], .succeeded, .succeeded), ([.recovered], .succeeded, .recovered),
            ([.succeeded, .recovered], .succeeded, .recovered), ([.approval], .failed, nil),
            ([.succeeded], .cancelled, nil),
        ] as [([Occasion], Outcome, Occasion?)])
    func occasions(asked: [Occasion], outcome: Outcome, told: Occasion?) throws {
        var maker = try maker(Set(asked), failing: ["shop"])
        #expect(maker.take(try ended(1, outcome), in: EngineState())?.occasion == told)
    }

    @Test("a rule is for its pipelines", arguments: [("shop", true), ("shop-old", false)])
    func pipelines(pipeline: String, isTold: Bool) throws {
        var maker = try maker(pipelines: ["shop*", "!*-old"])
        let notice = maker.take(try ended(1, .failed, of: pipeline), in: EngineState())
        #expect((notice != nil) == isTold)
    }

    @Test func `a body is of bounded length, whatever strangers wrote`() throws {
        var maker = try maker()
        let reason = String(repeating: "e\u{301}", count: 10_000)
        let record = try ended(1, .failed, reason: reason)
        let notice = maker.take(record, in: EngineState())
        let body = try #require(notice).body.text
        #expect(body.utf8.count < 2_000)
        #expect(body.contains("…"))
    }

    @Test func `a body says what happened and where to look`() throws {
        var house = try AskingHouse()
        try house.push()
        var maker = try maker(address: "https://ci.example")
        let notices = house.records.compactMap { maker.take($0, in: house.state) }
        let told = try #require(notices.first)
        #expect(told.occasion == .approval)
        #expect(told.id == "team-\(told.sequence)")
        let subject = try house.question().subject
        #expect(
            told.body.text
                == #"{"event":"approval","at":"2027-01-15T08:00:00.000Z","pipeline":"shop","#
                + #""number":1,"stage":"ship","approval":"shop/1/ship:1 before gate 1","#
                + #""subject":"\#(subject)","by":["release-managers"],"started-by":"ada","#
                + #""revisions":[{"source":"app","ref":"refs/heads/main","commit":"c1","#
                + #""message":"Sell more","authors":["Ada <ada@example.org>"]}],"#
                + #""url":"https://ci.example/api/v1/pipelines/shop/executions/1"}"#)
    }

    @Test func `a rule that is new knows who is failing now`() throws {
        var house = try AskingHouse()
        try house.push()
        try house.reject()
        let rule = try maker().rule
        #expect(NoticeMaker(rule, startingAt: house.state).failing == [try name("shop")])
    }
}

/// A house in which an approval is asked for.
private struct AskingHouse {
    var state = EngineState()
    var records: [Record] = []
    let ada = Who.person(Person("ada"))

    init() throws {
        let text = """
            name: shop
            sources: { app: { git: /repositories/shop } }
            stages:
              - name: ship
                before: [{ approval: release-managers }]
                actions: { release: { run: make } }
            """
        try tell(.define(try #require(Definition.read(Array(text.utf8)).definition)))
    }

    mutating func push() throws {
        let pipeline = try #require(PipelineName("shop"))
        let revision = Revision(
            source: try #require(SourceName("app")), ref: "refs/heads/main", commit: "c1",
            message: "Sell more\n\nof it", authors: ["Ada <ada@example.org>"])
        try tell(.start(Start(pipeline, revisions: [revision])))
    }

    mutating func reject() throws {
        let (approval, subject) = try question()
        let bea = Who.person(Person("bea", roles: ["release-managers"]))
        try tell(.answer(Answer(approval, .reject, subject: subject)), by: bea)
    }

    func question() throws -> (approval: ApprovalID, subject: String) {
        for record in records {
            if case .approvalAsked(let approval, let subject, _) = record.event {
                return (approval, subject)
            }
        }
        throw NotAsked()
    }

    struct NotAsked: Error {}

    private mutating func tell(_ command: Command, by who: Who? = nil) throws {
        let now = Moment(wall: 1_800_000_000_000, steady: Steady(milliseconds: 0))
        records += try state.decide(command, by: who ?? ada, at: now).records
    }
}
