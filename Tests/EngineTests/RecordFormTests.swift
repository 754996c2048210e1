import Engine
import FoundationEssentials
import Images
import People
import Pipelines
import Testing

/// How each event is written on the record, held against a file that is only ever added to: what
/// was written once has to stay readable.
@Suite("The form of records") struct RecordFormTests {
    static let folder = String(#filePath.dropLast("RecordFormTests.swift".count)) + "Golden/"

    static let text = """
        name: shop
        sources: { app: { git: . } }
        stages: [{ name: a, actions: { b: { run: x } } }]

        """

    /// What the events below are about.
    struct Names {
        let shop: PipelineName
        let stage: StageName
        let id: ExecutionID
        let visit: Visit
        let gate: GateID
        let action: AttemptID
        let check: AttemptID
        let revision: Revision
        let region: VariableName
        let later = Steady(milliseconds: 99)

        init() throws {
            shop = try name("shop")
            stage = try name("ship")
            id = ExecutionID(shop, 7)
            visit = Visit(id, stage, 2)
            gate = GateID(visit, .before, 1)
            action = AttemptID(visit, .action(try name("release")), 3)
            check = AttemptID(visit, .check(.after, 0), 1)
            region = try name("region")
            revision = Revision(
                source: try name("app"), ref: "refs/heads/main", commit: "c1", message: "m",
                authors: ["ada"])
        }
    }

    static func events() throws -> [Event] {
        let names = try Names()
        return try ofPipelines(names) + created(names) + moved(names) + ofGates(names)
            + ofAttempts(names) + ofPeople(names) + ofImages(names) + ofEnvironments(names)
    }

    static func ofPipelines(_ names: Names) throws -> [Event] {
        let definition = try #require(Definition.read(Array(text.utf8)).definition)
        let (shop, stage, revision) = (names.shop, names.stage, names.revision)
        return [
            .runnerConfigured(runner: try name("process"), places: 4),
            .pipelineDefined(definition: definition, version: 1),
            .pipelineRemoved(pipeline: shop),
            .transitionClosed(pipeline: shop, stage: stage, reason: "freeze"),
            .transitionOpened(pipeline: shop, stage: stage, reason: "go"),
            .sourceSeen(
                pipeline: shop, source: revision.source, ref: revision.ref, revision: revision,
                reading: 5, note: nil),
            .sourceSeen(
                pipeline: shop, source: revision.source, ref: revision.ref, revision: nil,
                reading: 6, note: "gone"),
        ]
    }

    static func created(_ names: Names) -> [Event] {
        let causes: [Cause] = [
            .person, .revision(names.revision.source), .schedule("nightly"), .pipeline(names.id),
            .rollBack(to: names.id, stage: names.stage, automatic: true),
            .promotion(of: names.id, stage: names.stage, version: "0a0a"),
        ]
        return causes.map { cause in
            .executionCreated(
                execution: names.id, version: 1, cause: cause, revisions: [names.revision],
                variables: [names.region: "eu"], request: RequestID("r"))
        }
    }

    static func moved(_ names: Names) -> [Event] {
        let (id, visit) = (names.id, names.visit)
        return [
            .stageReached(visit: visit), .stageEntered(visit: visit),
            .stageRetried(visit: visit, scope: .failed, automatic: true),
            .stageSkipped(visit: visit, reason: "r"), .stageJudging(visit: visit),
            .stageLeft(visit: visit, succeeded: true),
            .stopRequested(execution: id, mode: .abandon, reason: "r"),
            .executionSuperseded(execution: id, by: ExecutionID(names.shop, 8)),
            .executionFinished(execution: id, outcome: .cancelled, reason: "r"),
        ]
    }

    static func ofGates(_ names: Names) -> [Event] {
        let (gate, later) = (names.gate, names.later)
        return [
            .gateReached(gate: gate, deadline: later), .gateReached(gate: gate, deadline: nil),
            .windowChanged(gate: gate, open: true), .gateOpened(gate: gate, reason: "r"),
            .gateRefused(gate: gate, failure: .rejected(by: "bea", reason: "r")),
            .gateRefused(gate: gate, failure: .timedOut),
            .gateRefused(gate: gate, failure: .checkFailed("r")),
            .gateRefused(gate: gate, failure: .mismatch("r")),
            .approvalAsked(approval: .gate(gate), subject: "s", deadline: later),
            .approvalVoted(
                approval: .attempt(names.action), verdict: .approve, comment: "c", subject: "s"),
            .approvalVoided(approval: .gate(gate), subject: "s"),
        ]
    }

    static func ofAttempts(_ names: Names) throws -> [Event] {
        let action = names.action
        let artifact = Artifact(name: try name("out"), digest: "d")
        return [
            .attemptQueued(attempt: action, cause: .first),
            .attemptQueued(attempt: names.check, cause: .retry(after: .lost)),
            .attemptQueued(attempt: action, cause: .stageRetry),
            .attemptAdmitted(attempt: action), .attemptStarted(attempt: action),
            .attemptFinished(
                attempt: action,
                result: .init(
                    end: .succeeded, artifacts: [artifact], variables: [names.region: "eu"])),
            .attemptFinished(
                attempt: action, result: .init(end: .failed(.outOfMemory, "too much"))),
            .attemptFinished(attempt: action, result: .init(end: .stopped)),
            .retryScheduled(attempt: action, at: names.later),
        ]
    }

    static func ofImages(_ names: Names) throws -> [Event] {
        let digest = String(repeating: "0a", count: 32)
        let image = Revision(
            source: try name("base"), tag: "stable",
            image: try PinnedImage(parsing: "r.io:5000/team/base@sha256:\(digest)"))
        return [
            .sourceSeen(
                pipeline: names.shop, source: image.source, ref: "r.io:5000/team/base:stable",
                revision: image, reading: 1, note: nil)
        ]
    }

    static func ofPeople(_ names: Names) throws -> [Event] {
        let text = try #require(TokenText(random: Array(0..<UInt8(TokenText.randomBytes))))
        let grant = Grant(
            .releaseManager, pipelines: [try Glob(parsing: "shop*")],
            environments: [try Glob(parsing: "!production")])
        let ada: PersonName = try name("ada")
        let made = Moment(wall: 1_800_000_000_000, steady: names.later).instant
        let token = TokenWish(
            text, of: ada, grants: [Grant(.admin), grant], about: "laptop",
            expires: 1_800_000_001_000)
        let lasting = TokenWish(text, of: ada, grants: [Grant(.viewer)])
        let caller = lasting.token(at: made).caller
        let secret: SecretName = try name("registry")
        let events: [PeopleEvent] = [
            .tokenMade(token: token.token(at: made)), .tokenMade(token: lasting.token(at: made)),
            .tokenRevoked(token: text.id, reason: "r"),
            .accountSet(account: Account(ada, aliases: ["ada@example.org"])),
            .accountRemoved(person: ada), .secretSet(secret: secret, version: 2),
            .secretRemoved(secret: secret, version: 2),
            .denied(denial: Denial(caller, .release, on: names.shop), count: 1),
            .denied(denial: Denial(caller, .administer, on: nil), count: 2),
            .denied(denial: nil, count: 3),
            .signInsFailed(
                failure: FailedSignIn(from: "192.0.2.1", Rejection(.expired, token: text.id)),
                count: 4),
            .signInsFailed(
                failure: FailedSignIn(from: "2001:db8:1:2:3::4", Rejection(.unknown)), count: 5),
            .signInsFailed(failure: nil, count: 6),
        ]
        return events.map(Event.people)
    }

    static func records() throws -> [Record] {
        let authors: [Who] = [
            .person(Person("ada", roles: ["developers"])), .slipway, .trigger("watcher"),
        ]
        let signedIn = Who.person(
            Person("ada", roles: ["admin"], token: TokenID("000102030405")))
        return try events().enumerated().map { index, event in
            let isOfPeople = if case .people = event { true } else { false }
            return Record(
                sequence: index + 1,
                at: Moment(wall: 1_800_000_000_000, steady: Steady(milliseconds: Int64(index))),
                by: isOfPeople ? signedIn : authors[index % authors.count], event: event)
        }
    }

    @Test func `is what stands in the golden file`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try Self.records().map {
            String(decoding: try encoder.encode($0), as: UTF8.self)
        }
        let golden = URL(filePath: Self.folder + "events.txt")
        if ProcessInfo.processInfo.environment["SLIPWAY_WRITE_GOLDEN"] != nil {
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: golden)
        }
        let text = String(decoding: try Data(contentsOf: golden), as: UTF8.self)
        let expected = text.split(separator: "\n").map(String.init)
        #expect(lines == expected)
    }

    @Test func `what stands in the golden file reads as it was`() throws {
        let data = try Data(contentsOf: URL(filePath: Self.folder + "events.txt"))
        let decoder = JSONDecoder()
        let read = try data.split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(Record.self, from: Data($0))
        }
        #expect(try read == Self.records())
    }
}
