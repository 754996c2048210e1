import Assignments
import Conductor
import Engine
import Glibc
import Pipelines
import Premises
import Runner
import Service
import Store
import Support
import Synchronization
import Testing

/// Hands that begin what they are told to and end it at the next look.
private final class QuickHands: WaitingHands {
    var observed: [AttemptID: Observed] = [:]
    var started: [AttemptID] = []
    let descriptors: [Int32] = []

    func look() {
        for attempt in observed.keys {
            observed[attempt] = .finished(AttemptResult(end: .succeeded))
        }
    }

    func prepareAhead() {}
    func refuse(_ attempt: AttemptID, because reason: String) {}
    func kill(_ attempt: AttemptID) {}
    func collect(_ attempt: AttemptID) { observed[attempt] = nil }

    func start(_ assignment: Assignment) {
        started.append(assignment.attempt)
        observed[assignment.attempt] = .running
    }
}

@Suite("The server's loop") struct ServiceLoopTests {
    private struct Scene: ~Copyable {
        let folder: Folder
        let desk: FrontDesk
        let hands = QuickHands()
        let room = Room()
        var loop: ServiceLoop<QuickHands>

        static func make() throws -> Scene {
            let folder = try Folder()
            let conductor = try Conductor.recovering(try SQLiteStore.open(folder.file("db")))
            let desk = try FrontDesk(conductor.state, HouseClock(after: nil))
            return Scene(folder, desk, conductor)
        }

        private init(
            _ folder: Folder, _ desk: FrontDesk, _ conductor: consuming Conductor<SQLiteStore>
        ) {
            self.folder = folder
            self.desk = desk
            let room = room
            let house = House(conductor, hands: hands) { _, _ in
                WindowView(isOpen: true, lasts: .seconds(60))
            }
            loop = ServiceLoop(house, hands, desk, HouseClock(after: nil), looksForRoom: .zero) {
                room.problem.withLock { $0 }
            }
        }
    }

    private final class Room: Sendable {
        let problem = Mutex<String?>(nil)
    }

    /// What was answered, so far.
    private final class Answers: Sendable {
        let all = Mutex<[Result<[Reply], StoreError>]>([])

        func take(_ result: Result<[Reply], StoreError>) { all.withLock { $0.append(result) } }
        var count: Int { all.withLock { $0.count } }
    }

    private static let person = Who.person(Person("ada"))

    private static func beginning() throws -> [Message] {
        let text = """
            name: shop
            sources: { app: { git: . } }
            stages:
              - name: build
                actions:
                  compile: { run: make }
            """
        let definition = try #require(Definition.read(Array(text.utf8)).definition)
        let revision = Revision(
            source: try #require(SourceName("app")), ref: "refs/heads/main", commit: "c0ffee")
        let start = Start(definition.name, revisions: [revision])
        return [Message(.define(definition), by: person), Message(.start(start), by: person)]
    }

    private static func isDone(_ state: EngineState) -> Bool {
        guard let shop = PipelineName("shop") else { return false }
        return state.execution(ExecutionID(shop, 1))?.isFinished ?? false
    }

    @Test func `what is left at the desk is decided, carried out, and shown`() throws {
        var scene = try Scene.make()
        let answers = Answers()
        scene.desk.submit(try Self.beginning(), then: answers.take)
        #expect(answers.count == 0)
        try scene.loop.turn()
        guard case .success(let replies)? = answers.all.withLock({ $0.first }) else {
            Issue.record("it was not answered with success")
            return
        }
        #expect(replies.count == 2)
        #expect(scene.hands.started.count == 1)
        try scene.loop.turn()
        #expect(Self.isDone(scene.desk.view.state))
    }

    @Test func `whoever listens is woken when something is recorded, until they let go`() throws {
        var scene = try Scene.make()
        let answers = Answers()
        let heard = Mutex(0)
        let counter = Answers()
        do {
            let listening = scene.desk.listen { counter.take(.success([])) }
            scene.desk.submit(try Self.beginning(), then: answers.take)
            try scene.loop.turn()
            withExtendedLifetime(listening) { heard.withLock { $0 = counter.count } }
        }
        #expect(heard.withLock { $0 } > 0)
        try scene.loop.turn()
        #expect(Self.isDone(scene.desk.view.state))
        #expect(counter.count == heard.withLock { $0 })
    }

    @Test func `nothing new is begun while there is too little room, and nothing is lost`() throws {
        var scene = try Scene.make()
        scene.room.problem.withLock { $0 = "1 MiB is left" }
        scene.desk.submit(try Self.beginning()) { _ in }
        try scene.loop.turn()
        try scene.loop.turn()
        #expect(scene.hands.started.isEmpty)
        #expect(scene.desk.trouble == "1 MiB is left")
        scene.room.problem.withLock { $0 = nil }
        try scene.loop.turn()
        #expect(scene.hands.started.count == 1)
        #expect(scene.desk.trouble == nil)
        try scene.loop.turn()
        #expect(Self.isDone(scene.desk.view.state))
    }

    @Test func `whoever leaves begins nothing, and records what was left till the last`() throws {
        var scene = try Scene.make()
        let answers = Answers()
        let messages = try Self.beginning()
        let desk = scene.desk
        var ends: [Int32] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        close(ends[1])
        defer { close(ends[0]) }
        try scene.loop.run(until: [ends[0]]) { desk.submit(messages, then: answers.take) }
        #expect(answers.count == 1)
        #expect(scene.hands.started.isEmpty)
        #expect(desk.view.state.runners.underWay.count == 1)
    }

    @Test func `a desk that is closed answers everybody, and takes nothing`() throws {
        let scene = try Scene.make()
        let answers = Answers()
        scene.desk.submit(try Self.beginning(), then: answers.take)
        scene.desk.close()
        scene.desk.submit(try Self.beginning(), then: answers.take)
        let errors = answers.all.withLock { all in
            all.compactMap { if case .failure(let error) = $0 { error } else { nil } }
        }
        #expect(errors.map(\.problem) == Array(repeating: "the server is about to stop", count: 2))
    }

    @Test func `more than can wait are sent away`() throws {
        let scene = try Scene.make()
        let answers = Answers()
        for _ in 0..<FrontDesk.mostWaiting { scene.desk.submit([]) { _ in } }
        scene.desk.submit([], then: answers.take)
        #expect(answers.count == 1)
    }
}
