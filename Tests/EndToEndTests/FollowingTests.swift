import Dispatch
import Support
import Synchronization
import Testing

/// A server with one execution, which comes a step further with each piece of news.
private final class Staged: Sendable {
    private static let place = "/api/v1/pipelines/shop/executions/42"
    static let log = "one\ntwo \u{1B}[2J\nthree"

    private let looks: [String]
    private let step = Mutex(0)
    private let connections = Mutex(0)
    private let looked = DispatchSemaphore(value: 0)
    /// The connections for news that break right away, and after how many pieces others do.
    private let refused: Set<Int>
    private let broken: [Int: Int]

    init(_ looks: [String], refused: Set<Int> = [], broken: [Int: Int] = [:]) {
        self.looks = looks
        self.refused = refused
        self.broken = broken
    }

    func play(_ asked: PlayedServer.Asked, _ peer: TestSocket) {
        switch asked.place {
        case "POST /api/v1/pipelines/shop/executions":
            peer.answer(json: "{\"execution\":\"shop/42\",\"number\":42,\"sequence\":1}")
        case "GET \(Self.place)":
            peer.answer(json: looks[step.withLock { min($0, looks.count - 1) }])
            looked.signal()
        case "GET /api/v1/events": tell(peer)
        case "GET \(Self.place)/attempts":
            peer.answer(json: Recorded.page(Recorded.attempt()))
        case "GET \(Self.place)/attempts/test/1/unit/1/log": show(asked, peer)
        default: peer.answer(404, "text/plain", "no such thing: \(asked.line)")
        }
    }

    private func tell(_ peer: TestSocket) {
        let number = connections.withLock { number in
            number += 1
            return number
        }
        guard !refused.contains(number) else { return }
        peer.beginEvents()
        for count in 0... {
            guard count < broken[number] ?? .max else { return }
            _ = looked.wait(timeout: .now() + 20)
            let now = step.withLock { step in
                step += 1
                return step
            }
            guard now < looks.count else { break }
            peer.send("id: \(now)\nevent: stage.entered\ndata: {}\n\n")
        }
        peer.awaitLeaving()
    }

    private func show(_ asked: PlayedServer.Asked, _ peer: TestSocket) {
        guard !asked.line.contains("follow=true") else {
            peer.beginEvents()
            peer.send("id: 20\nevent: log\ndata: \"x\"\n\nid: 20\nevent: end\ndata: {}\n\n")
            return
        }
        let parts = asked.line.split(separator: "offset=").last?.split(separator: "&")
        let offset = parts?.first.flatMap { Int($0) } ?? 0
        let rest = Array(Self.log.utf8).dropFirst(offset).prefix(7)
        peer.answer(
            200, "text/plain",
            headers: ["X-Log-Size": "\(Self.log.utf8.count)", "X-Log-Complete": "true"],
            String(decoding: rest, as: UTF8.self))
    }
}

@Suite("An execution that is followed") struct FollowingTests {
    private static func looks(ending end: String, reason: String = "") -> [String] {
        [
            Recorded.execution("created", Recorded.stage("ahead")),
            Recorded.execution(
                "running",
                Recorded.stage("running", Recorded.attempt("queued", isBegun: false))),
            Recorded.execution("running", Recorded.stage("running", Recorded.attempt("running"))),
            Recorded.execution(
                "running", Recorded.stage(end, Recorded.attempt(end, reason: reason))),
            Recorded.execution(
                end, reason: reason,
                Recorded.stage(end, Recorded.attempt(end, reason: reason))),
        ]
    }

    private static func story(ending end: String, output: Bool = true) -> String {
        let lines = ["one", "two \\u{1b}[2J", "three"].map { "  test/unit | \($0)\n" }.joined()
        return """
            shop/42
              app at 0123456789ab (main) Say hello
            test
              test/unit started
            \(output ? lines : "")  test/unit \(end) (2.0s)
            test \(end)
            shop/42 \(end)

            """
    }

    @Test(
        "is told as a run is, and ends with its exit code",
        arguments: [("succeeded", 0), ("failed", 1), ("stopped", 3)] as [(String, Int32)])
    func story(end: String, code: Int32) throws {
        let staged = Staged(Self.looks(ending: end == "stopped" ? "failed" : end))
        let last = Recorded.execution(end, Recorded.stage("failed", Recorded.attempt("failed")))
        let played =
            end == "stopped" ? Staged(Self.looks(ending: "failed").dropLast() + [last]) : staged
        let server = try PlayedServer { played.play($0, $1) }
        let said = try Console().run("start", "shop", "--follow", at: server)
        #expect(said.errors == "")
        if end == "stopped" {
            #expect(said.output.hasSuffix("test failed\nshop/42 stopped\n"))
        } else {
            #expect(said.output == Self.story(ending: end))
        }
        #expect(said.code == code)
    }

    @Test func `is told whole through restarts of the server, and they are said once each`() throws
    {
        let staged = Staged(
            Self.looks(ending: "succeeded"), refused: [2, 3], broken: [1: 1, 4: 1, 5: 1])
        let server = try PlayedServer { staged.play($0, $1) }
        let said = try Console().run("logs", "-f", "shop/42", at: server)
        #expect(said.output == Self.story(ending: "succeeded"))
        #expect(said.code == 0)
        #expect(
            said.errors.hasPrefix(
                """
                slipway: \(server.url) is gone; it is asked until it answers again
                slipway: \(server.url) answers again

                """))
        // Each time behind what was heard last.
        let ids = server.asked.filter { $0.place == "GET /api/v1/events" }
            .map { $0.headers["last-event-id"] ?? "-" }
        #expect(Array(ids.prefix(4)) == ["-", "1", "1", "1"])
    }

    @Test func `can be told without what is printed, and to programs`() throws {
        let looks = Self.looks(ending: "succeeded")
        let quiet = Staged(looks)
        let server = try PlayedServer { quiet.play($0, $1) }
        let said = try Console().run("start", "shop", "--follow", "--quiet", at: server)
        #expect(said.output == Self.story(ending: "succeeded", output: false))
        let again = Staged(looks)
        let other = try PlayedServer { again.play($0, $1) }
        let json = try Console().run("start", "shop", "--follow", "--json", at: other)
        let lines = json.output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("{\"execution\":\"shop/42\",") })
        #expect(lines.last?.contains("\"status\":\"succeeded\"") == true)
    }

    @Test func `goes on when whoever follows it leaves`() throws {
        let running = Recorded.execution(
            "running", Recorded.stage("running", Recorded.attempt("running")))
        let staged = Staged([running])
        let server = try PlayedServer { staged.play($0, $1) }
        let said = try Console().type(
            "start", "shop", "--follow", at: server, doing: [("unit | two", "\u{3}")])
        #expect(said.code == 3)
        #expect(
            said.output.hasSuffix(
                "slipway: shop/42 goes on; `slipway stop shop/42` stops it\r\n"))
        #expect(!server.asked.contains { $0.line.contains("stop") })
    }

    @Test func `a log alone is byte for byte what was printed`() throws {
        let staged = Staged([])
        let server = try PlayedServer { staged.play($0, $1) }
        let console = try Console()
        #expect(try console.run("logs", "shop/42", "test/unit", at: server).output == Staged.log)
        #expect(
            try console.run("logs", "-f", "shop/42", "test/unit", at: server).output == Staged.log)
        let all = try console.run("logs", "shop/42", at: server).output
        #expect(all == "== test/unit: succeeded\n\(Staged.log)")
        let none = try console.run("logs", "shop/42", "test/lint", at: server)
        #expect(none.errors.hasPrefix("slipway logs: 'test/lint' did not run in shop/42\n"))
    }
}
