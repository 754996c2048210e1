import JSON
import Pipelines
import Testing

@Suite("Definitions") struct DefinitionTests {
    private func read(_ text: String) throws -> Definition {
        let reading = Definition.read(Array(text.utf8))
        return try #require(reading.definition, "\(reading.diagnostics.map(\.problem))")
    }

    static let small = """
        name: shop
        sources: { app: { git: . } }
        stages: [{ name: a, actions: { b: { run: x } } }]

        """

    @Test func `what is not said has its usual value`() throws {
        let definition = try read(Self.small)
        #expect(definition.mode == .superseded)
        #expect(definition.priority == .normal)
        let stage = try #require(definition.stages.first)
        #expect(stage.onFailure == FailurePolicy())
        #expect(stage.actions.first?.retry == .standard)
        #expect(stage.actions.first?.namespace == "b")
    }

    @Test func `a stage's policy can be a word or told in full`() throws {
        let short = try read(Self.small.replacing("x } }", with: "x } }, on-failure: retry"))
        #expect(short.stages[0].onFailure == FailurePolicy(retries: 1))
        let full = try read(
            Self.small.replacing(
                "x } }",
                with: "x } }, on-failure: { retry: { times: 3, actions: all }, then: roll-back }"))
        #expect(
            full.stages[0].onFailure
                == FailurePolicy(retries: 3, retryScope: .all, then: .rollBack))
    }

    @Test func `a merge key takes over what another mapping has, and what is written here wins`()
        throws
    {
        let definition = try read(
            """
            x-base: &base { run: make, retry: 2, runner: big }
            name: shop
            sources: { app: { git: . } }
            stages:
              - name: a
                actions:
                  b: { <<: *base }
                  c: { <<: *base, runner: small }
            """)
        let runners = definition.stages[0].actions.map { ($0.work as? Run)?.runner.description }
        #expect(runners == ["big", "small"])
        #expect(definition.stages[0].actions.allSatisfy { $0.retry.times == 2 })
    }

    @Test func `steps are told by a text, a list or with names`() throws {
        let steps = ["one", "[one, two]", "[{ name: first, run: one }, two]"].map { run in
            try?
                (read(Self.small.replacing("run: x", with: "run: \(run)")).stages[0].actions[0].work
                as? Run)?
                .steps.map { [$0.name ?? "", $0.script.value] }
        }
        #expect(
            steps == [
                [["", "one"]], [["", "one"], ["", "two"]], [["first", "one"], ["", "two"]],
            ])
    }

    @Test func `every key that the reader knows is in the schema`() {
        let schema = Definition.schema.document(title: "t", id: "i").text
        let keys = [
            "name", "about", "mode", "priority", "variables", "sources", "triggers", "stages",
            "before",
            "actions", "on-success", "on-failure", "after", "retry", "run", "approval", "image",
            "deploy",
            "inputs", "outputs", "caches", "environment", "secrets", "reports", "exports", "limits",
            "runner", "network", "window", "wait", "check", "value", "four-eyes", "blue-green",
            "canary",
        ]
        for key in keys { #expect(schema.contains("\"\(key)\":"), "\(key)") }
    }

    @Test func `a plan tells waves, reasons and gates`() throws {
        let definition = try read(
            """
            name: shop
            sources: { app: { git: . } }
            stages:
              - name: one
                actions: { a: { run: x }, b: { run: y, after: a } }
              - name: two
                before: [{ wait: 10m }]
                actions: { c: { run: z } }
            """)
        let plan = Plan(of: definition)
        #expect(plan.stages[0].waves.map { $0.map(\.name) } == [["a"], ["b"]])
        #expect(plan.stages[0].waves[1][0].why == "after 'a'")
        #expect(plan.stages[1].waves[0][0].why == "after stage 'one'")
        #expect(plan.stages[1].before == ["after 10m"])
    }
}
