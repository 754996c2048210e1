import Glibc
import Support
import Testing

/// Real instances in real sandboxes behind a real HAProxy, with people of all manners in between.
@Suite("A server that deploys") struct DeployServerTests {
    @Test(
        "loses no request on the way there and back",
        arguments: [
            "{ rolling: { batch: 1 } }", "{ blue-green: { bake: 300ms, keep: 300ms } }",
            "{ canary: { steps: [{ percent: 25, time: 300ms }] } }",
            "{ linear: { percent: 50, every: 300ms } }",
        ], DeployedShop.Kind.all)
    func lossless(strategy: String, kind: DeployedShop.Kind) throws {
        let shop = try DeployedShop(by: strategy, of: kind)
        #expect(try shop.answer() == "v1")
        let load = try DeployedLoad(on: shop)
        try shop.begin("v2")
        #expect(try shop.end().contains("\"status\":\"succeeded\""))
        #expect(try shop.answer() == "v2")
        try shop.putBack()
        #expect(try shop.answer() == "v1")
        let told = try load.end()
        #expect(told.words == [])
        for manner in ["short", "upload", "download", "websocket"] {
            #expect(told.asked[manner, default: 0] > 0)
        }
    }

    @Test func `has more instances for more requests, and fewer when they are over`() throws {
        let shop = try DeployedShop(
            by: "all-at-once",
            count: "{ from: 1, to: 3, requests: 20, up-after: 1s, down-after: 2s }")
        let load = try DeployedLoad(on: shop)
        _ = try shop.server.follow(until: "\"instances\":3")
        let told = try load.end()
        #expect(told.words == [])
        let events = try shop.server.follow(until: "\"instances\":1,")
        #expect(events.contains("requests a second and"))
    }

    @Test func `turns a version back when a server of metrics says that it does harm`() throws {
        let prometheus = try TestPrometheus()
        // Nobody measures anything here: the question itself says which version is bad.
        let question = """
            label_replace(vector(0.9), "version", "#{variables.version}", "", "")
            and on(version) label_replace(vector(1), "version", "v2", "", "")
            """.replacing("\n", with: " ")
        let shop = try DeployedShop(
            by: "{ canary: { steps: [{ percent: 50, time: 60s }] } }",
            service:
                "alarms: { queries: { wrong: { metrics: main, above: 0.5, ask: '\(question)' } } }",
            settings: "metrics: { main: { prometheus: '\(prometheus.address)' } }")
        try shop.begin("v2")
        let end = try shop.end()
        #expect(end.contains("alarm: 'wrong' is 0.9, and above 0.5 is bad"), "\(end)")
        #expect(try shop.answer() == "v1")
    }

    @Test(
        "that is killed in the middle goes on, and nobody notices", arguments: DeployedShop.Kind.all
    )
    func killed(kind: DeployedShop.Kind) throws {
        let shop = try DeployedShop(
            by: "{ canary: { steps: [{ percent: 50, time: 1s }] } }", of: kind)
        let load = try DeployedLoad(on: shop)
        try shop.begin("v2")
        _ = try shop.server.follow(until: "\"percent\":50")
        let port = shop.server.port
        shop.server.stop(SIGKILL)
        try shop.server.start(on: port)
        let followed = try shop.server.follow(until: "\"execution\":\"shop/2\",\"outcome\"")
        #expect(followed.contains("event: execution.finished"))
        #expect(try shop.answer() == "v2")
        let told = try load.end()
        #expect(told.words == [])
        #expect(told.asked["short", default: 0] > 0)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let cause: String
        let line: String

        init(_ fault: String, _ cause: String, _ line: String) {
            testDescription = fault
            self.cause = cause
            self.line = line
        }
    }

    @Test(
        "turns a bad version back, and says what is wrong with it",
        arguments: [
            Bad("never", "nothing listens on port 8080", "waits for a license"),
            Bad("unwell", "status 503", "v2 listens on 8080"),
            Bad("redirects", "redirects to '/login'", "v2 listens on 8080"),
            Bad("wrong-port", "8081", "v2 listens on 8081"),
            Bad("dies", "exited with code 3", "cannot open the database"),
            Bad("leaks", "out of memory: it may have 64 MiB", "cannot open the database"),
        ], DeployedShop.Kind.all)
    func bad(bad: Bad, kind: DeployedShop.Kind) throws {
        let shop = try DeployedShop(
            by: "{ canary: { steps: [{ percent: 50, time: 10s }] } }",
            service: "within: 5s\n        limits: { memory: 64MiB }", of: kind)
        try shop.begin("v2", fault: bad.testDescription)
        let end = try shop.end()
        #expect(end.contains("turned back"))
        #expect(end.contains(bad.cause), "\(end)")
        #expect(end.contains(bad.line), "\(end)")
        #expect(try shop.answer() == "v1")
    }

    @Test(
        "turns a version back that does people harm",
        arguments: [Bad("twentieth", "5xx", ""), Bad("slow", "on average", "")],
        DeployedShop.Kind.all)
    func harm(bad: Bad, kind: DeployedShop.Kind) throws {
        let shop = try DeployedShop(
            by: "{ canary: { steps: [{ percent: 50, time: 30s }] } }",
            service: "alarms: { errors: 2%, latency: 500ms, requests: 5 }", of: kind)
        let load = try DeployedLoad(on: shop)
        try shop.begin("v2", fault: bad.testDescription)
        let end = try shop.end()
        #expect(end.contains("alarm: 'web' of r2"))
        #expect(end.contains(bad.cause), "\(end)")
        #expect(try shop.answer() == "v1")
        _ = try load.end()
    }

    @Test("ends a version that does not listen to it", arguments: DeployedShop.Kind.all)
    func deaf(kind: DeployedShop.Kind) throws {
        let shop = try DeployedShop(by: "all-at-once", of: kind)
        let load = try DeployedLoad(on: shop)
        try shop.begin("v2", fault: "deaf")
        #expect(try shop.end().contains("\"status\":\"succeeded\""))
        try shop.begin("v3")
        #expect(try shop.end().contains("\"status\":\"succeeded\""))
        #expect(try shop.answer() == "v3")
        #expect(try load.end().words == [])
    }
}
