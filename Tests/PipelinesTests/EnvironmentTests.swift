import Pipelines
import Testing

@Suite("Environments") struct EnvironmentTests {
    private func environment(_ services: String) throws -> Environment {
        let text = """
            name: shop
            sources: { app: { git: . } }
            environments:
              prod:
                services:
            \(services)
            stages:
              - name: build
                actions: { a: { run: make, outputs: { shop: out } } }
              - name: ship
                actions: { b: { deploy: { environment: prod, artifact: shop } } }
            """
        let reading = Definition.read(Array(text.utf8))
        let definition = try #require(reading.definition, "\(reading.diagnostics)")
        #expect(reading.diagnostics.isEmpty)
        return try #require(definition.environments.first)
    }

    @Test func `what answers requests has a port, and is well when somebody listens there`() throws
    {
        let web = try #require(
            try environment("      web: { run: exec ./shop, listen: 8080 }").services.first)
        #expect(web.listen?.description == "127.0.0.1:8080")
        #expect(web.port == 8080)
        #expect(web.health == .accepts)
        #expect(web.count == .fixed(1))
        #expect(web.drain == .seconds(30))
    }

    @Test func `what answers none has no port, and is well as long as it runs`() throws {
        let worker = try #require(
            try environment("      worker: { run: exec ./work, count: 3 }").services.first)
        #expect(worker.listen == nil)
        #expect(worker.port == nil)
        #expect(worker.health == .lives)
        #expect(worker.count == .fixed(3))
    }

    @Test func `a health check is a path in short, and more at length`() throws {
        let services = """
                  web: { run: exec ./shop, listen: "0.0.0.0:80", port: 3000, health: /up }
                  api:
                    run: exec ./api
                    listen: 8081
                    health: { path: /up, host: shop.example, status: 200-399, fall: 5 }
                  mail: { run: exec ./mail, health: { command: ./is-well, interval: 5s } }
            """
        let all = try environment(services).services
        #expect(
            all.map(\.health.question) == [
                .http(path: "/up", host: "localhost", least: 200, most: 299),
                .http(path: "/up", host: "shop.example", least: 200, most: 399),
                .command(script: "./is-well"),
            ])
        #expect(all.map(\.health.fall) == [3, 5, 3])
        #expect(all.last?.health.interval == .seconds(5))
        #expect(all.first?.listen?.description == "0.0.0.0:80")
        #expect(all.first?.port == 3000)
    }

    @Test func `there can be as many as its requests need`() throws {
        let web = try #require(
            try environment(
                """
                      web:
                        run: exec ./shop
                        listen: 8080
                        count: { from: 2, to: 9, requests: 50, up-after: 10s }
                """
            ).services.first)
        let rule = ScalingRule(2...9, requests: 50, atOnce: nil, rise: .seconds(10))
        #expect(web.count == .scaled(rule))
        #expect(web.count.first == 2)
    }

    @Test(
        "a count that cannot be is refused with what to write",
        arguments: [
            ("listen: 8080, count: { from: 2, to: 9 }", "nothing says when there are to be more"),
            ("listen: 8080, count: { from: 9, to: 2, requests: 5 }", "'to' is less than 'from'"),
            (
                "count: { from: 1, to: 2, requests: 5 }",
                "it takes no requests that could be counted"
            ),
            (
                "listen: 8080, count: { from: 1, to: 2, requests: 5, down-after: 1d }",
                "'down-after' is 1d"
            ),
            ("listen: 8080, count: 0", "0"),
        ])
    func count(keys: String, words: String) {
        let text = """
            name: shop
            sources: { app: { git: . } }
            environments: { prod: { services: { web: { run: exec ./shop, \(keys) } } } }
            stages: [{ name: build, actions: { a: { run: make } } }]
            """
        let read = Definition.read(Array(text.utf8))
        #expect(read.definition == nil)
        let problems = read.diagnostics.map(\.problem)
        #expect(problems.contains { $0.contains(words) }, "\(problems)")
    }

    @Test func `its secrets are the definition's, and held against what it may use`() throws {
        let text = """
            name: shop
            sources: { app: { git: . } }
            environments:
              prod: { services: { web: { run: exec ./shop, secrets: [database] } } }
            stages:
              - name: build
                actions: { a: { run: make } }
            """
        let definition = try #require(Definition.read(Array(text.utf8)).definition)
        #expect(definition.secrets.map(\.value.description) == ["database"])
        let mistakes = definition.mistakes(namingSecretsBut: { _ in false }, hint: { _ in "" })
        #expect(mistakes.count == 1)
    }
}
