import Couriers
import Engine
import Git
import Pipelines
import Service
import Testing

@Suite("What somebody means by a revision") struct RevisionChoiceTests {
    private static let commits = [
        "refs/heads/main": String(repeating: "a", count: 40),
        "refs/heads/v1": String(repeating: "b", count: 40),
        "refs/heads/wip": String(repeating: "c", count: 40),
        "refs/tags/v1": String(repeating: "d", count: 40),
    ]

    /// A pipeline that has seen all of these and wants all but `wip`.
    private static func choose(_ text: String, at ref: String? = nil) throws -> RevisionChoice {
        let written = """
            name: shop
            sources: { app: { git: /app, branches: [main, v1], tags: ["*"] } }
            stages: [{ name: build, actions: { make: { run: make } } }]
            """
        let definition = try #require(Definition.read(Array(written.utf8)).definition)
        let source = try #require(definition.sources.first)
        var state = EngineState()
        let now = Moment(wall: 1, steady: Steady(milliseconds: 1))
        _ = try state.decide(.define(definition), by: .slipway, at: now)
        for (reading, seen) in commits.sorted(by: { $0.key > $1.key }).enumerated() {
            let revision = Revision(source: source.name, ref: seen.key, commit: seen.value)
            let sighting = Sighting(
                pipeline: definition.name, source: source.name, ref: seen.key, revision: revision,
                reading: reading + 1, note: "it was there")
            _ = try state.decide(.see(sighting), by: .trigger("git"), at: now)
        }
        let pipeline = try #require(state.pipelines[definition.name])
        return try RevisionChoice(
            text, at: ref, of: source, try #require(source.git), in: pipeline)
    }

    @Test(
        arguments: [
            ("main", nil, "refs/heads/main"), ("refs/heads/main", nil, "refs/heads/main"),
            ("refs/tags/v1", nil, "refs/tags/v1"), ("v1", "refs/heads/v1", "refs/heads/v1"),
        ] as [(String, String?, String)])
    func `is a branch or a tag where one is called that`(text: String, ref: String?, found: String)
        throws
    {
        let commit = try #require(Self.commits[found].flatMap { ObjectID($0) })
        #expect(
            try Self.choose(text, at: ref).meant == .tip(.init(name: found, commit: commit)))
    }

    @Test func `is a commit by its digits, on the refs that count, the one seen last first`()
        throws
    {
        let choice = try Self.choose("deadbee")
        #expect(choice.meant == .digits("deadbee"))
        #expect(choice.tips.map(\.name) == ["refs/heads/main", "refs/heads/v1", "refs/tags/v1"])
        #expect(try Self.choose("deadbee", at: "main").tips.map(\.name) == ["refs/heads/main"])
    }

    @Test(
        arguments: [
            ("wip", nil, "'wip' of 'app' was never seen"),
            ("main", "wip", "'wip' of 'app' was never seen"),
            ("HEAD~1", nil, "'HEAD~1' of 'app' was never seen"),
            ("abc", nil, "'abc' of 'app' was never seen"),
            ("v1", nil, "'v1' of 'app' is both a branch and a tag"),
        ] as [(String, String?, String)])
    func `is nothing that the pipeline does not want`(
        text: String, ref: String?, problem: String
    ) throws {
        let refusal = #expect(throws: Refusal.self) { try Self.choose(text, at: ref) }
        #expect(refusal?.problem == problem)
    }
}
