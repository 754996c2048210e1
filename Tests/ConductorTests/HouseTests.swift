import Assignments
import Conductor
import Engine
import Pipelines
import Store
import Support
import Testing

/// Hands that do what they are told and nothing more; a test says how attempts end.
private final class ObedientHands: Hands {
    var observed: [AttemptID: Observed] = [:]
    var assignments: [Assignment] = []

    func start(_ assignment: Assignment) {
        assignments.append(assignment)
        observed[assignment.attempt] = .running
    }

    func refuse(_ attempt: AttemptID, because reason: String) {
        observed[attempt] = .finished(AttemptResult(end: .failed(.couldNotStart, reason)))
    }

    func kill(_ attempt: AttemptID) {
        observed[attempt] = .finished(AttemptResult(end: .stopped))
    }

    func collect(_ attempt: AttemptID) { observed[attempt] = nil }

    func end(_ action: String, _ result: AttemptResult = AttemptResult(end: .succeeded)) {
        for id in observed.keys where id.job == ActionName(action).map({ .action($0) }) {
            observed[id] = .finished(result)
        }
    }
}

@Suite("The house at work") struct HouseTests {
    private struct Scene {
        let folder: Folder
        let hands = ObedientHands()
        var time: Int64 = 0

        init() throws { folder = try Folder() }

        var now: Moment { Moment(wall: time, steady: Steady(milliseconds: time)) }

        func house(
            look: @escaping (Window, Moment) -> WindowView = { _, _ in
                WindowView(isOpen: true, lasts: .seconds(60))
            }
        ) throws -> House<SQLiteStore, ObedientHands> {
            let store = try SQLiteStore.open(folder.file("db"))
            return House(try Conductor.recovering(store), hands: hands, look: look)
        }
    }

    private static let person = Who.person(Person("ada"))

    private static func definition(_ stages: String) throws -> Definition {
        let text = """
            name: shop
            variables: { region: north }
            sources: { app: { git: . } }
            stages:
            \(stages)
            """
        return try #require(Definition.read(Array(text.utf8)).definition)
    }

    private static func beginning(_ stages: String) throws -> [Message] {
        let definition = try definition(stages)
        let source = try #require(SourceName("app"))
        let revision = Revision(
            source: source, ref: "refs/heads/main", commit: "c0ffee", authors: ["bob"])
        let start = Start(definition.name, revisions: [revision])
        return [Message(.define(definition), by: person), Message(.start(start), by: person)]
    }

    private static let chain = """
          - name: build
            actions:
              make:
                run: make
                outputs: { binary: out }
                exports: number
              test: { run: test, after: make }
          - name: ship
            actions:
              send:
                run: send
                inputs: [app, binary]
                environment: { WHERE: "#{variables.region} #{make.number} #{app.branch}" }
        """

    @Test func `one turn starts what can start, and each end brings the next`() throws {
        var scene = try Scene()
        var house = try scene.house()
        try house.turn(try Self.beginning(Self.chain), at: scene.now)
        #expect(scene.hands.assignments.map(\.steps.first?.script.value) == ["make"])
        let binary = try Artifact(name: #require(ArtifactName("binary")), digest: "d1")
        let number = try #require(VariableName("number"))
        scene.hands.end(
            "make", AttemptResult(end: .succeeded, artifacts: [binary], variables: [number: "7"]))
        try house.turn([], at: scene.now)
        scene.hands.end("test")
        try house.turn([], at: scene.now)
        let last = try #require(scene.hands.assignments.last)
        #expect(last.environment["WHERE"] == "north 7 main")
        #expect(last.environment["SLIPWAY_COMMIT"] == "c0ffee")
        #expect(last.inputs.map(\.name) == ["app", "binary"])
        #expect(last.inputs.last?.content == .artifact(binary))
        scene.hands.end("send")
        try house.turn([], at: scene.now)
        scene.time += 1
        #expect(house.state.pipelines.values.allSatisfy { Array($0.live).isEmpty })
        #expect(scene.hands.observed.isEmpty)
    }

    @Test func `that something has begun waits for company, but not for long`() throws {
        var scene = try Scene()
        var house = try scene.house()
        try house.turn(try Self.beginning(Self.chain), at: scene.now)
        let before = house.state.sequence
        try house.turn([], at: scene.now)
        #expect(house.state.sequence == before)
        #expect(house.pause(at: scene.now.steady) == .milliseconds(20))
        scene.time += 20
        try house.turn([], at: scene.now)
        #expect(house.state.sequence == before + 1)
        #expect(house.pause(at: scene.now.steady) == nil)
    }

    @Test func `what cannot be assigned has failed, and says why`() throws {
        let scene = try Scene()
        var house = try scene.house()
        let stages = """
              - name: build
                actions: { make: { run: make, outputs: { binary: out } } }
              - name: check
                actions: { look: { run: look, inputs: binary } }
            """
        try house.turn(try Self.beginning(stages), at: scene.now)
        // It forgets what it should have made.
        scene.hands.end("make")
        try house.turn([], at: scene.now)
        let ends = house.news().compactMap { record -> AttemptEnd? in
            if case .attemptFinished(_, let result) = record.event { result.end } else { nil }
        }
        let reason =
            "nobody has made 'binary' in execution shop/1: the stage that makes it was skipped"
        #expect(ends.last == .failed(.couldNotStart, reason))
    }

    @Test func `a window is looked at again when it may have changed, and no sooner`() throws {
        var scene = try Scene()
        let looks = Looks()
        var house = try scene.house { _, now in
            looks.count += 1
            return WindowView(isOpen: now.wall >= 1_000, lasts: .milliseconds(1_000 - now.wall))
        }
        let stages = """
              - name: ship
                before: { window: { open: 09:00-16:00, zone: UTC } }
                actions: { send: { run: send } }
            """
        try house.turn(try Self.beginning(stages), at: scene.now)
        #expect(scene.hands.assignments.isEmpty)
        scene.time = 500
        try house.turn([], at: scene.now)
        #expect(looks.count == 1)
        #expect(house.pause(at: scene.now.steady) == .milliseconds(500))
        scene.time = 1_000
        try house.turn([], at: scene.now)
        #expect(scene.hands.assignments.count == 1)
    }

    @Test func `the next house goes on where the last one was killed`() throws {
        var scene = try Scene()
        do {
            var house = try scene.house()
            try house.turn(try Self.beginning(Self.chain), at: scene.now)
        }
        scene.hands.end("make")
        scene.time += 1
        var next = try scene.house()
        try next.turn([], at: scene.now)
        #expect(scene.hands.assignments.map(\.steps.first?.script.value) == ["make", "test"])
    }
}

private final class Looks {
    var count = 0
}
