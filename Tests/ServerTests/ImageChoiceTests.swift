import Engine
import Images
import Pipelines
import Server
import Testing

@Suite("An image that somebody names") struct ImageChoiceTests {
    private static let digests = ["aaaa1", "aaaa2", "bbbb"].map {
        $0 + String(repeating: "0", count: 64 - $0.count)
    }

    /// What is found after all of the digests stood under the tag one after the other.
    private static func find(
        _ text: String, _ image: String = "r.io/base:stable"
    ) throws -> Revision {
        let document = """
            name: shop
            mode: parallel
            sources: { base: { image: "\(image)" } }
            stages: [{ name: build, actions: { one: { run: make } } }]
            """
        let definition = try #require(Definition.read(Array(document.utf8)).definition)
        let source = try #require(definition.sources.first)
        var state = EngineState()
        let now = Moment(wall: 1, steady: Steady(milliseconds: 1))
        _ = try state.decide(.define(definition), by: .slipway, at: now)
        for (reading, digest) in digests.enumerated() {
            let seen = Revision(
                source: source.name, tag: "stable",
                image: try PinnedImage(parsing: "r.io/base@sha256:\(digest)"))
            let sighting = Sighting(
                pipeline: definition.name, source: source.name, ref: "r.io/base:stable",
                revision: seen, reading: reading + 1)
            _ = try state.decide(.see(sighting), by: .trigger("image"), at: now)
        }
        return try SeenAlone().revision(
            text, at: nil, of: source, in: try #require(state.pipelines[definition.name]))
    }

    @Test(
        "is the newest under the tag, or the one whose digest begins so",
        arguments: [
            ("stable", 2), ("r.io/base:stable", 2), ("bbbb", 2), ("aaaa1", 0), ("sha256:aaaa2", 1),
            ("sha256:\(digests[0])", 0),
        ])
    func found(text: String, place: Int) throws {
        #expect(try Self.find(text).id == "sha256:\(Self.digests[place])")
    }

    @Test(
        "was never seen, or is not to be told from another",
        arguments: [
            ("other", "'other' of 'base' was never seen"),
            ("bbb", "'bbb' of 'base' was never seen"),
            ("cccc", "'cccc' of 'base' was never seen"),
            ("aaaa", "'aaaa' of 'base' is the beginning of several"),
        ])
    func refused(text: String, problem: String) throws {
        let refusal = #expect(throws: Refusal.self) { try Self.find(text) }
        #expect(refusal?.problem == problem)
    }

    @Test(
        "counts only if it was under the tag that the definition names now",
        arguments: ["r.io/base:next", "r.io/other:stable"])
    func elsewhere(image: String) throws {
        #expect(throws: Refusal.self) { try Self.find("bbbb", image) }
    }
}
