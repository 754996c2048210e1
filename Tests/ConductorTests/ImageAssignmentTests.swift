import Assignments
import Engine
import Images
import Pipelines
import Testing

@Suite("What an action is told of an image") struct ImageAssignmentTests {
    private static let digest = String(repeating: "0a", count: 32)

    private static func assignment(sources: String, action: String) throws -> Assignment {
        let text = """
            name: shop
            sources:
            \(sources)
            stages: [{ name: build, actions: { one: { \(action) } } }]
            """
        let reading = Definition.read(Array(text.utf8))
        let definition = try #require(reading.definition, "\(reading.diagnostics)")
        var state = EngineState()
        let now = Moment(wall: 1, steady: Steady(milliseconds: 1))
        let revisions = try definition.sources.map { source in
            guard let image = source.image else {
                return Revision(source: source.name, ref: "refs/heads/side", commit: "c0ffee")
            }
            return Revision(
                source: source.name, tag: "\(image.tag)",
                image: PinnedImage(image.repository, try Digest(parsing: "sha256:\(digest)")))
        }
        _ = try state.decide(
            .configure(try #require(RunnerName("process")), places: 1), by: .slipway, at: now)
        _ = try state.decide(.define(definition), by: .slipway, at: now)
        _ = try state.decide(
            .start(Start(definition.name, revisions: revisions)), by: .slipway, at: now)
        let execution = try #require(state.pipelines[definition.name]?.executions.first)
        let visit = Visit(execution.id, try #require(StageName("build")), 1)
        let attempt = AttemptID(visit, .action(try #require(ActionName("one"))), 1)
        return try state.assignment(for: attempt)
    }

    private static let base = "  base: { image: 'r.io/team/base:stable' }"
    private static let app = "  app: { git: ., branches: [main] }"

    @Test func `is what makes it this image and no other`() throws {
        let told = try Self.assignment(
            sources: Self.base,
            action: """
                run: make, environment: { A: '#{base.digest} #{base.short} #{base.uri}', \
                B: '#{base.repository} #{base.tag}' }
                """)
        let digest = "sha256:\(Self.digest)"
        let uri = "r.io/team/base@\(digest)"
        #expect(told.environment["A"] == "\(digest) sha256:0a0a0a0a0a0a \(uri)")
        #expect(told.environment["B"] == "r.io/team/base stable")
        #expect(told.environment["SLIPWAY_IMAGE"] == uri)
        #expect(told.environment["SLIPWAY_REF"] == "stable")
        #expect(told.environment["SLIPWAY_COMMIT"] == nil)
        guard case .revision(let revision) = told.inputs.first?.content else {
            Issue.record("it has no input: \(told.inputs)")
            return
        }
        #expect(revision.image?.description == uri)
    }

    @Test func `leaves the commit of a first source and its caches as they are`() throws {
        let action = "run: make, caches: [{ path: .cache, key: a }]"
        let told = try Self.assignment(sources: "\(Self.app)\n\(Self.base)", action: action)
        #expect(told.environment["SLIPWAY_COMMIT"] == "c0ffee")
        #expect(told.environment["SLIPWAY_IMAGE"] == nil)
        #expect(
            told.caches.map(\.lines) == [
                ["app=refs/heads/side base=stable", "app=refs/heads/main base=stable"]
            ])
    }
}
