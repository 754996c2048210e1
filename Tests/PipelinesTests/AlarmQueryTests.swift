import Pipelines
import Testing

@Suite("Questions to servers of metrics") struct AlarmQueryTests {
    private func read(_ alarms: String) -> Definition.Reading {
        let text = """
            name: shop
            variables: { version: { default: v1 } }
            sources: { app: { git: . } }
            environments:
              prod:
                services:
                  web:
                    run: exec ./shop
                    listen: 8080
                    alarms: \(alarms)
            stages:
              - name: build
                actions: { make: { run: make, outputs: { shop: out } } }
              - name: ship
                actions: { go: { deploy: { environment: prod, artifact: shop } } }
            """
        return Definition.read(Array(text.utf8))
    }

    @Test func `stand among the alarms of a service`() throws {
        let alarms =
            #"{ queries: { slow: { metrics: main, ask: "x{v='#{app.branch}'}", above: 2 } } }"#
        let service = try #require(read(alarms).definition?.environments.first?.services.first)
        let query = try #require(service.queries.first)
        #expect("\(query.name) \(query.server)" == "slow main")
        #expect(query.bound == .above(2))
        #expect(query.lasting == .zero)
        #expect(service.alarms == AlarmRule(errors: nil, latency: nil))
    }

    @Test func `what comes from outside stays within its quotation`() throws {
        let alarms =
            #"{ queries: { slow: { metrics: main, ask: "x{v='#{app.branch}'} > 1", below: 2 } } }"#
        let service = try #require(read(alarms).definition?.environments.first?.services.first)
        let ask = try #require(service.queries.first).ask
        let filled = ask.filledQuotably {
            $0.references.isEmpty ? $0.filled { _, _ in "" } : "a'} or x{v=\"\\"
        }
        #expect(filled == #"x{v='a\'} or x{v=\"\\'} > 1"#)
    }

    @Test(
        "are refused with what to write",
        arguments: [
            ("{ queries: { slow: { metrics: main, ask: x } } }", "no value would be bad"),
            (
                "{ queries: { slow: { metrics: main, ask: x, above: 1, below: 0 } } }",
                "it has 'above' and 'below'"
            ),
            (
                "{ queries: { slow: { metrics: main, ask: x, above: high } } }",
                "'high' is no number"
            ),
            ("{ queries: { slow: { ask: x, above: 1 } } }", "metrics"),
            (
                "{ queries: { slow: { metrics: main, ask: \"#{nobody.commit}\", above: 1 } } }",
                "nobody"
            ),
            ("{ requests: 20 }", "nothing is watched"),
        ])
    func refused(alarms: String, words: String) {
        let problems = read(alarms).diagnostics.map(\.problem)
        #expect(problems.contains { $0.contains(words) }, "\(problems)")
    }
}
