import Engine
import Images
import Pipelines
import Testing
import Watching

@Suite("A look at a tag") struct TagLookTests {
    @Test func `notes where the tag is at first, and starts with each new image under it`() throws {
        var scene = try TagScene()
        try scene.look("a")
        #expect(scene.told == ["r.io/base:stable a: it was there at the first look"])
        try scene.look("a")
        #expect(scene.told == [])
        try scene.look("b")
        #expect(scene.told == ["r.io/base:stable b"])
        #expect(scene.started == ["b"])
    }

    @Test func `starts with the first image, where there was none`() throws {
        var scene = try TagScene()
        try scene.look(nil)
        #expect(scene.told == ["r.io/base:stable gone: it was not there at the first look"])
        try scene.look(nil)
        #expect(scene.told == [])
        try scene.look("a")
        #expect(scene.started == ["a"])
    }

    @Test func `starts when the tag moves back to what it was`() throws {
        var scene = try TagScene()
        for image in ["a", "b", "a"] { try scene.look(image) }
        #expect(scene.started == ["b", "a"])
    }

    @Test func `starts nothing when the tag vanishes and comes back as it was`() throws {
        var scene = try TagScene()
        try scene.look("a")
        try scene.look(nil)
        #expect(scene.told == ["r.io/base:stable gone: it is gone"])
        try scene.look(nil)
        #expect(scene.told == [])
        try scene.look("a")
        #expect(scene.told == ["r.io/base:stable a: it is there again, as it was"])
        #expect(scene.started == [])
    }

    @Test func `starts when the tag vanishes and comes back as another image`() throws {
        var scene = try TagScene()
        for image in ["a", nil, "b"] { try scene.look(image) }
        #expect(scene.started == ["b"])
    }

    @Test(
        "notes where another tag is that the definition names instead",
        arguments: [
            "r.io/base:next", "r.io/other:stable",
        ])
    func renamed(image: String) throws {
        var scene = try TagScene()
        for image in ["a", "b"] { try scene.look(image) }
        try scene.define(image)
        try scene.look("c")
        #expect(
            scene.told == [
                "r.io/base:stable gone: it is not asked for any more",
                "\(image) c: it was there at the first look",
            ])
        try scene.look("d")
        #expect(scene.started == ["b", "d"])
    }

    @Test func `starts with the first image of another tag that was not there`() throws {
        var scene = try TagScene()
        try scene.look("a")
        try scene.define("r.io/base:next")
        try scene.look(nil)
        #expect(scene.told == ["r.io/base:stable gone: it is not asked for any more"])
        scene.wasMissing = true
        try scene.look("b")
        #expect(scene.started == ["b"])
    }

    @Test func `tells of an image by repository, tag and digest`() throws {
        var scene = try TagScene()
        try scene.look("a")
        let revision = try #require(scene.sightings.last?.revision)
        let digest = Digest(of: Array("a".utf8))
        #expect(revision.ref == "stable")
        #expect(revision.image?.description == "r.io/base@\(digest)")
        #expect(revision.commit == nil)
        #expect(revision.id == "\(digest)")
        #expect(revision.shortID == "sha256:\(digest.hex.prefix(12))")
    }

    @Test func `an older look than the last changes nothing`() throws {
        var scene = try TagScene()
        try scene.look("a")
        let old = scene.cursor
        try scene.look("b")
        try scene.look("c", from: old)
        #expect(scene.started == ["b"])
    }
}

/// A pipeline that watches one tag, with a real engine.
private struct TagScene {
    private var state = EngineState()
    private(set) var sightings: [Sighting] = []
    var wasMissing = false

    init() throws { try define("r.io/base:stable") }

    mutating func define(_ image: String) throws {
        let text = """
            name: shop
            sources: { base: { image: "\(image)" } }
            stages: [{ name: build, actions: { one: { run: make } } }]
            """
        let reading = Definition.read(Array(text.utf8))
        try take(.define(try #require(reading.definition, "\(reading.diagnostics)")))
    }

    var cursor: Cursor { Cursor(state.pipelines.values.first?.sources.values.first) }

    /// Finds this image, or none.
    mutating func look(_ image: String?, from old: Cursor? = nil) throws {
        let watched = try #require(WatchedSource.all(in: state).first)
        let origin = try #require(watched.source.image)
        let look = TagLook(
            watched, origin, cursor: old ?? cursor,
            found: image.map { Digest(of: Array($0.utf8)) }, wasMissing: wasMissing)
        sightings = look.sightings
        for sighting in sightings { try take(.see(sighting)) }
    }

    private mutating func take(_ command: Command) throws {
        let now = Moment(wall: 1_800_000_000_000, steady: Steady(milliseconds: 0))
        _ = try state.decide(command, by: .trigger("image"), at: now)
    }

    /// What each execution carries.
    var started: [String] {
        (state.pipelines.values.first?.executions ?? []).flatMap(\.revisions).map(name)
    }

    var told: [String] {
        sightings.map {
            "\($0.ref) \($0.revision.map(name) ?? "gone")" + ($0.note.map { ": \($0)" } ?? "")
        }
    }

    private func name(of revision: Revision) -> String {
        ["a", "b", "c", "d"].first { "\(Digest(of: Array($0.utf8)))" == revision.id } ?? "?"
    }
}
