import Engine
import Pipelines
import Testing
import Watching

@Suite("A look at a source") struct SourceLookTests {
    @Test func `a pipeline that names one branch starts once with what is there`() throws {
        var scene = try Scene("branches: [main]")
        scene.look(["refs/heads/main": "a", "refs/heads/other": "b"])
        #expect(scene.told == ["refs/heads/main a"])
        scene.look(["refs/heads/main": "a", "refs/heads/other": "b"])
        #expect(scene.told == [])
    }

    @Test(
        "what is there at the first look of any other pipeline is noted, the default branch last",
        arguments: [
            "branches: ['**']", "branches: [main, other]", "{}", "branches: ['mai?', other]",
        ])
    func firstLook(filter: String) throws {
        var scene = try Scene(filter)
        scene.look(["refs/heads/main": "a", "refs/heads/other": "b"], head: "refs/heads/main")
        #expect(
            scene.told == [
                "refs/heads/other b: it was there at the first look",
                "refs/heads/main a: it was there at the first look",
            ])
        scene.look(["refs/heads/main": "a", "refs/heads/other": "c"])
        #expect(scene.told == ["refs/heads/other c"])
    }

    @Test(
        "the first push to an empty repository counts",
        arguments: ["{}", "branches: [main]", "branches: ['m*']"])
    func empty(filter: String) throws {
        var scene = try Scene(filter)
        scene.look([:])
        #expect(scene.told == ["HEAD gone: nothing that counts was there at the first look"])
        scene.look([:])
        #expect(scene.told == [])
        scene.look(["refs/heads/main": "a"])
        #expect(scene.told == ["refs/heads/main a"])
    }

    @Test func `five hundred commits at once are one change, by all who wrote them`() throws {
        var scene = try Scene("branches: [main]")
        scene.look(["refs/heads/main": "a"])
        scene.people = (0..<50).map { "P\($0) <p\($0)@x>" }
        scene.commits = (0..<500).map { "c\($0)" }
        scene.look(["refs/heads/main": "c0"])
        #expect(scene.told == ["refs/heads/main c0"])
        let authors = try #require(scene.sightings.first?.revision?.authors)
        #expect(authors.first == "P0 <p0@x>")
        #expect(authors.contains("p49@x") && authors.contains("P49"))
    }

    @Test func `a rewritten branch is compared with what it was`() throws {
        var scene = try Scene("branches: [main]")
        scene.look(["refs/heads/main": "a"])
        scene.look(["refs/heads/main": "z"])
        #expect(scene.told == ["refs/heads/main z"])
        #expect(scene.asked.last == .init(ref: "refs/heads/main", before: "a", after: "z"))
    }

    @Test func `a branch that is deleted and made again starts again, at whatever commit`() throws {
        var scene = try Scene("branches: [main]")
        scene.look(["refs/heads/main": "a"])
        scene.look([:])
        #expect(scene.told == ["refs/heads/main gone: it is gone"])
        scene.look(["refs/heads/main": "a"])
        #expect(scene.told == ["refs/heads/main a"])
    }

    @Test func `a renamed default branch is one that is gone and a new one`() throws {
        var scene = try Scene("branches: ['**']")
        scene.look(["refs/heads/main": "a"], head: "refs/heads/main")
        scene.look(["refs/heads/trunk": "a"], head: "refs/heads/trunk")
        #expect(scene.told == ["refs/heads/main gone: it is gone", "refs/heads/trunk a"])
    }

    @Test func `pushes between two looks are told apart where hooks told of them`() throws {
        var scene = try Scene("branches: [main]")
        scene.look(["refs/heads/main": "a"])
        scene.commits = ["d", "x", "c", "b"]
        scene.pushes = ["b", "d", "c", "elsewhere"].map {
            Push(ref: "refs/heads/main", commit: $0, pusher: "eve-\($0)")
        }
        scene.look(["refs/heads/main": "d"])
        #expect(
            scene.told == ["refs/heads/main b", "refs/heads/main c", "refs/heads/main d"])
        #expect(scene.asked.suffix(3).map(\.before) == ["a", "b", "c"])
        let authors = scene.sightings.map { $0.revision?.authors.last { $0.hasPrefix("eve") } }
        #expect(authors == ["eve-b", "eve-c", "eve-d"])
    }

    @Test func `a late word of a push that was seen changes nothing`() throws {
        var scene = try Scene("branches: [main]")
        scene.look(["refs/heads/main": "b"])
        scene.pushes = [Push(ref: "refs/heads/main", commit: "a", pusher: "eve")]
        scene.look(["refs/heads/main": "b"])
        #expect(scene.told == [])
    }

    @Test(
        "a push counts only if it changes a file that counts",
        arguments: [
            (["src/a.c"], true), (["docs/a.md"], false), (["docs/a.md", "src/x/y"], true),
            (["src/notes.md"], false), ([], false), (nil, true),
        ] as [([String]?, Bool)])
    func paths(changed: [String]?, starts: Bool) throws {
        var scene = try Scene("{ branches: [main], paths: ['src/**', '!**/*.md'] }")
        scene.look([:])
        scene.paths = changed
        scene.look(["refs/heads/main": "a"])
        let note = starts ? "" : ": it changes none of the files that count"
        #expect(scene.told == ["refs/heads/main a\(note)"])
    }

    @Test(
        "tags and branches are chosen by their own patterns",
        arguments: [
            ("tags: ['v*']", ["refs/tags/v1"]),
            ("{ tags: ['v*', '!v1'], branches: [main] }", ["refs/heads/main"]),
            ("branches: ['release/**', '!release/old']", ["refs/heads/release/1"]),
            ("{}", ["refs/heads/main", "refs/heads/release/1", "refs/heads/release/old"]),
        ])
    func filters(filter: String, wanted: [String]) throws {
        var scene = try Scene(filter)
        scene.look([:])
        scene.look([
            "refs/heads/main": "a", "refs/heads/release/1": "b", "refs/heads/release/old": "c",
            "refs/tags/v1": "d", "refs/tags/other": "e",
        ])
        #expect(scene.sightings.map(\.ref) == wanted)
    }

    @Test func `a tag that names no commit is noted`() throws {
        var scene = try Scene("tags: ['*']")
        scene.look([:])
        scene.isCommit = false
        scene.look(["refs/tags/file": "f"])
        #expect(scene.told == ["refs/tags/file f: it names no commit"])
    }

    @Test func `of many refs at once only some start`() throws {
        var scene = try Scene("{}")
        scene.look([:])
        var refs = Dictionary(
            uniqueKeysWithValues: (10..<40).map { ("refs/heads/b\($0)", "c\($0)") })
        refs["refs/heads/a"] = "a"
        scene.look(refs, head: "refs/heads/a")
        #expect(scene.sightings.count == 31)
        #expect(scene.sightings.count { $0.note == nil } == SourceLook.maximumStarts)
        #expect(scene.sightings.last?.ref == "refs/heads/a")
    }

    @Test func `refs that a wider filter brings in were not pushed to`() throws {
        var scene = try Scene("branches: [main]")
        scene.look(["refs/heads/main": "a", "refs/heads/old": "b", "refs/heads/new": "c"])
        try scene.refilter("branches: ['**']")
        scene.look(["refs/heads/main": "a", "refs/heads/old": "b", "refs/heads/new": "d"])
        #expect(
            scene.told == [
                "refs/heads/old b: it was there before it was asked for", "refs/heads/new d",
            ])
    }

    @Test func `each sighting has a number of its own, and the engine takes them all`() throws {
        var scene = try Scene("{}")
        scene.look([:])
        scene.look(["refs/heads/a": "1", "refs/heads/b": "2", "refs/heads/c": "3"])
        #expect(scene.sightings.map(\.reading) == [2, 3, 4])
        #expect(scene.started == 3)
    }
}

/// A pipeline with one source, an engine that keeps the record, and what a remote would tell.
private struct Scene {
    var state = EngineState()
    var earlier: RemoteView?
    var sightings: [Sighting] = []
    var asked: [SourceLook.Change] = []
    var pushes: [Push] = []
    var people = ["Ada <ada@x>"]
    var commits: [String] = []
    var paths: [String]? = ["README"]
    var isCommit = true

    init(_ filter: String) throws { try refilter(filter) }

    mutating func refilter(_ filter: String) throws {
        let keys = filter.hasPrefix("{") ? String(filter.dropFirst().dropLast()) : filter
        let own = keys.isEmpty ? "" : ", \(keys)"
        let text = """
            name: shop
            sources: { app: { git: /srv/shop.git\(own) } }
            stages: [{ name: build, actions: { one: { run: make } } }]
            """
        let reading = Definition.read(Array(text.utf8))
        let definition = try #require(reading.definition, "\(reading.diagnostics)")
        try take(.define(definition))
    }

    mutating func look(_ refs: [String: String], head: String? = nil) {
        guard let watched = WatchedSource.all(in: state).first, let git = watched.source.git
        else { return }
        let known = state.pipelines[watched.pipeline]?.sources[watched.source.name]
        let view = RemoteView(commits: refs, head: head)
        let look = SourceLook(watched, git, cursor: Cursor(known), now: view, earlier: earlier)
        earlier = view
        var asked: [SourceLook.Change] = []
        sightings =
            look.isQuiet
            ? []
            : look.sightings(pushes: pushes) { change in
                asked.append(change)
                guard isCommit else { return nil }
                return SourceLook.News(
                    message: "m", people: people, commits: commits, paths: paths)
            }
        self.asked = asked
        for sighting in sightings { #expect(throws: Never.self) { try take(.see(sighting)) } }
    }

    private mutating func take(_ command: Command) throws {
        let now = Moment(wall: 1_800_000_000_000, steady: Steady(milliseconds: 0))
        _ = try state.decide(command, by: .trigger("watcher"), at: now)
    }

    var started: Int { state.pipelines.values.reduce(0) { $0 + $1.nextNumber - 1 } }

    var told: [String] {
        sightings.map {
            "\($0.ref) \($0.revision?.commit ?? "gone")" + ($0.note.map { ": \($0)" } ?? "")
        }
    }
}
