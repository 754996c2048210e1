import Messengers
import Engine
import Notices
import Pipelines
import SmallFiles
import Support
import Synchronization
import Testing
import Threads

/// A carrier that does as it is told, and remembers.
private final class Scripted: Carrier {
    private let answers: Mutex<[Patience.Reception]>
    let carried = Mutex<[Parcel]>([])

    /// In this order; what comes then is taken.
    init(_ answers: [Patience.Reception] = []) { self.answers = Mutex(answers) }

    func carry(_ parcel: Parcel, interrupt: Bell) -> Patience.Reception? {
        carried.withLock { $0.append(parcel) }
        return answers.withLock { $0.isEmpty ? .taken : $0.removeFirst() }
    }

    var ids: [String] { carried.withLock { $0.map(\.id) } }
}

/// A record that grows, and what was heard of a messenger.
private final class Paper: Sendable {
    let folder: Folder
    private let records = Mutex<[Record]>([])
    private let state = Mutex(EngineState())
    private let news = Mutex<[Messenger.News]>([])
    private let heard: TestBell
    private let asked: TestBell

    init() throws {
        folder = try Folder()
        heard = try TestBell()
        asked = try TestBell()
        let text = """
            name: shop
            sources: { app: { git: /repositories/shop } }
            stages: [{ name: a, actions: { b: { run: x } } }]

            """
        try tell(.define(try #require(Definition.read(Array(text.utf8)).definition)))
    }

    private func tell(_ command: Command) throws {
        let now = Moment(wall: 1_800_000_000_000, steady: Steady(milliseconds: 0))
        let made = try state.withLock { try $0.decide(command, by: .slipway, at: now).records }
        records.withLock { $0 += made }
    }

    /// An execution that ends.
    func end(_ outcome: AttemptEnd) throws {
        let pipeline = try #require(PipelineName("shop"))
        let revision = Revision(
            source: try #require(SourceName("app")), ref: "refs/heads/main", commit: "c1")
        try tell(.start(Start(pipeline, revisions: [revision])))
        let attempt = try #require(state.withLock { $0.runners.underWay.last?.attempt })
        try tell(.finished(attempt, AttemptResult(end: outcome)))
    }

    func fail() throws { try end(.failed(.failed, "exit code 1")) }

    func messenger(_ carrier: any Carrier, in place: String? = nil) throws -> Messenger {
        let rule = NoticeRule(
            try #require(NoticeName("team")), on: [.failed, .recovered], to: .command(["/x"]))
        let books = Messenger.Books(
            records: { after, limit in
                self.asked.ring()
                return self.records.withLock { Array($0.dropFirst(after).prefix(limit)) }
            },
            view: {
                let now = Moment(wall: 1_800_000_000_000, steady: Steady(milliseconds: 0))
                return (self.state.withLock(\.self), now)
            })
        return try Messenger(rule, by: carrier, in: place ?? folder.path, books: books) { new in
            self.news.withLock { $0.append(new) }
            self.heard.ring()
        }
    }

    /// Waits until it has begun to read: then it has its place.
    func waitForPlace() throws { try #require(asked.hear()) }

    /// Waits until that was heard, and gives all that was.
    func wait(for wanted: (Messenger.News) -> Bool, count: Int = 1) throws -> [Messenger.News] {
        while true {
            let all = news.withLock(\.self)
            if all.count(where: wanted) >= count { return all }
            try #require(heard.hear())
        }
    }
}

extension Messenger.News {
    fileprivate var isTold: Bool { if case .told = self { true } else { false } }
    fileprivate var isTrouble: Bool { if case .trouble = self { true } else { false } }
    fileprivate var isLate: Bool { if case .late = self { true } else { false } }
}

@Suite("Telling a receiver") struct MessengerTests {
    @Test func `a new rule is told of what happens from then on, each once and in order`() throws {
        let paper = try Paper()
        try paper.fail()
        let carrier = Scripted()
        let messenger = try paper.messenger(carrier)
        try messenger.start()
        defer { messenger.stop() }
        // Its place is there when it begins to read.
        try paper.waitForPlace()
        try paper.end(.succeeded)
        try paper.fail()
        messenger.ring()
        _ = try paper.wait(for: \.isTold, count: 2)
        #expect(carrier.carried.withLock { $0.map { $0.event } } == ["recovered", "failed"])
    }

    @Test func `what happens while the house is down is told when it is up again`() throws {
        let paper = try Paper()
        let first = try paper.messenger(Scripted())
        try first.start()
        try paper.waitForPlace()
        first.stop()
        try paper.fail()
        try paper.end(.succeeded)
        let carrier = Scripted()
        let second = try paper.messenger(carrier)
        try second.start()
        defer { second.stop() }
        _ = try paper.wait(for: \.isTold, count: 2)
        #expect(carrier.carried.withLock { $0.map { $0.event } } == ["failed", "recovered"])
    }

    @Test func `what was told before is not told again by the next house`() throws {
        let paper = try Paper()
        let first = try paper.messenger(Scripted())
        try first.start()
        try paper.waitForPlace()
        try paper.fail()
        first.ring()
        _ = try paper.wait(for: \.isTold)
        first.stop()
        let carrier = Scripted()
        let second = try paper.messenger(carrier)
        try second.start()
        defer { second.stop() }
        try paper.end(.succeeded)
        second.ring()
        _ = try paper.wait(for: \.isTold, count: 2)
        #expect(carrier.carried.withLock { $0.map { $0.event } } == ["recovered"])
    }

    @Test func `what was not taken is tried again with the same id, and keeps its order`() throws {
        let paper = try Paper()
        let carrier = Scripted([.failed("busy")])
        let messenger = try paper.messenger(carrier)
        try messenger.start()
        defer { messenger.stop() }
        try paper.waitForPlace()
        try paper.fail()
        try paper.end(.succeeded)
        messenger.ring()
        let news = try paper.wait(for: \.isTold, count: 2)
        let ids = carrier.ids
        #expect(ids.count == 3)
        #expect(ids[0] == ids[1] && ids[1] != ids[2])
        #expect(news.first == .late(ids[0], because: "busy"))
    }

    @Test func `a house that goes down while a receiver is not there tells it later`() throws {
        let paper = try Paper()
        let first = try paper.messenger(Scripted([.failed("away"), .failed("away")]))
        try first.start()
        try paper.waitForPlace()
        try paper.fail()
        first.ring()
        _ = try paper.wait(for: \.isLate)
        first.stop()
        let carrier = Scripted()
        let second = try paper.messenger(carrier)
        try second.start()
        defer { second.stop() }
        _ = try paper.wait(for: \.isTold)
        #expect(carrier.carried.withLock { $0.map { $0.event } } == ["failed"])
    }

    @Test func `a place that cannot be kept is told of, and nothing is sent`() throws {
        let paper = try Paper()
        let carrier = Scripted()
        try SmallFile.replace(paper.folder.file("other"), with: [])
        let messenger = try paper.messenger(carrier, in: paper.folder.file("other"))
        try messenger.start()
        defer { messenger.stop() }
        _ = try paper.wait(for: \.isTrouble)
        #expect(carrier.ids.isEmpty)
    }
}

extension Parcel {
    fileprivate var event: String {
        String(decoding: body, as: UTF8.self).split(separator: "\"").dropFirst(3).first
            .map(String.init) ?? ""
    }
}
