import Engine
import HTTP
import People
import Pipelines
import Server
import Store
import Support
import Testing

@Suite("Figures") struct MeasureTests {
    @Test func `count what ended and how long it took, by the clock of the record`() throws {
        let scene = try Scene()
        try scene.start()
        scene.desk.begin()
        scene.desk.pass(.seconds(29))
        scene.desk.end("make")
        scene.desk.end("test", .failed(.timedOut, "too long"))
        var measurements = Measurements()
        for record in try Archive.open(scene.folder.path).records(after: 0, limit: 1_000) {
            measurements.take(record)
        }
        measurements.add(logBytes: 7)
        let lines = Set(measurements.text.split(separator: "\n").map(String.init))
        for line in [
            "slipway_executions_total{pipeline=\"shop\",outcome=\"failed\"} 1",
            "slipway_stages_total{pipeline=\"shop\",outcome=\"failed\"} 1",
            "slipway_attempts_total{pipeline=\"shop\",outcome=\"succeeded\"} 1",
            "slipway_attempts_total{pipeline=\"shop\",outcome=\"timed-out\"} 1",
            "slipway_execution_seconds_bucket{pipeline=\"shop\",le=\"15.000\"} 0",
            "slipway_execution_seconds_bucket{pipeline=\"shop\",le=\"60.000\"} 1",
            "slipway_execution_seconds_sum{pipeline=\"shop\"} 30.000",
            "slipway_execution_seconds_count{pipeline=\"shop\"} 1",
            "slipway_attempt_seconds_sum{pipeline=\"shop\"} 29.000",
            "slipway_log_bytes_total 7",
            "slipway_queue_seconds_count{pipeline=\"shop\"} 2",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func `have no more labels than can be kept`() throws {
        var labels = Labels()
        for number in 1...Labels.most {
            let name = try #require(PipelineName("p\(number)"))
            #expect(labels.label(name) == "p\(number)")
        }
        let more = try #require(PipelineName("one-more"))
        #expect(labels.label(more) == Labels.other)
        #expect(labels.label(try #require(PipelineName("p1"))) == "p1")
        #expect(PipelineName(Labels.other) == nil)
    }

    @Test func `of a server tell how it stands now`() async throws {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        try scene.start()
        let response = await scene.ask(.get, "/metrics", as: token)
        #expect(response.headers["Content-Type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        for line in [
            "slipway_ready 1", "slipway_pipelines 2", "slipway_executions_live 1",
            "slipway_attempts_running{runner=\"process\"} 1",
            "slipway_runner_places{runner=\"process\"} 4",
        ] {
            #expect(response.text.split(separator: "\n").contains(line[...]), "\(line)")
        }
    }
}

@Suite("Badges") struct BadgeTests {
    @Test func `nothing in a badge is taken for a mark`() {
        let svg = Badge(label: "<a&\"'>", status: "x\u{1B}[31m\u{0}").svg
        #expect(svg.contains("<title>&lt;a&amp;&quot;&#39;&gt;: x [31m </title>"))
        #expect(!svg.contains("<a"))
        #expect(svg.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    }

    @Test func `a long label is cut`() {
        let label = String(repeating: "x", count: 10_000)
        #expect(Badge(label: label, status: "failed").svg.utf8.count < 2_000)
    }
}

@Suite("Rates") struct RateTests {
    @Test func `a bucket gives its burst, and then one after the other`() {
        var limiter = RateLimiter<String>(Rate(burst: 3, perSecond: 2))
        for _ in 1...3 { #expect(limiter.take("a", at: 0) == nil) }
        #expect(limiter.take("a", at: 0) == 1)
        #expect(limiter.take("b", at: 0) == nil)
        #expect(limiter.take("a", at: 499) == 1)
        #expect(limiter.take("a", at: 500) == nil)
        #expect(limiter.take("a", at: 500) == 1)
        // It never holds more than its burst, and a clock that stands still gives nothing.
        for _ in 1...3 { #expect(limiter.take("a", at: 1_000_000) == nil) }
        #expect(limiter.take("a", at: 1_000_000) == 1)
        #expect(limiter.take("a", at: 0) == 1)
    }

    @Test func `whoever comes from ever new addresses fills no memory, and is held back`() {
        var limiter = RateLimiter<Int>(Rate(burst: 2, perSecond: 1))
        let most = RateLimiter<Int>.mostKeys
        for key in 0..<most { #expect(limiter.take(key, at: 0) == nil) }
        #expect(limiter.take(most, at: 0) == nil)
        #expect(limiter.take(most + 1, at: 0) == nil)
        #expect(limiter.take(most + 2, at: 0) == 1)
        #expect(limiter.count == most)
        // Buckets that are full again are forgotten.
        #expect(limiter.take(most + 3, at: 1_000) == nil)
        #expect(limiter.count == 1)
    }
}
