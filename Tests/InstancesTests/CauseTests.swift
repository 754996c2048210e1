import Attempts
import Instances
import Support
import Testing

@Suite("What is wrong with an instance") struct CauseTests {
    struct Bad: CustomTestStringConvertible {
        let testDescription: String
        let command: String
        var health = HealthCheck.Kind.http(path: "/health")
        let cause: String

        init(
            _ name: String, _ command: String, health: HealthCheck.Kind = .http(path: "/health"),
            _ cause: String
        ) {
            testDescription = name
            self.command = command
            self.health = health
            self.cause = cause
        }
    }

    private static let said = [
        Bad("never listens", "exec tail -f /dev/null", "nothing listens on port 8080 ($PORT)"),
        Bad(
            "never listens, and is asked for a connection only", "exec tail -f /dev/null",
            health: .accepts, "nothing listens on port 8080 ($PORT)"),
        Bad(
            "listens elsewhere", Serving.python("self.say(200, '')", port: "8000"),
            "it listens on 8000 and not on 8080, which is its $PORT"),
        Bad(
            "redirects", Serving.python("self.say(302, '', Location='https://x/login')"),
            "GET /health redirects to 'https://x/login' with status 302, which is not followed"),
        Bad(
            "fails", Serving.python("self.say(500, 'oh')"),
            "GET /health is answered with status 500"),
        Bad(
            "never answers", Serving.python("self.rfile.read()"),
            "GET /health is not answered within 300 ms"),
        Bad(
            "hangs up", Serving.python("self.connection.shutdown(socket.SHUT_RDWR)"),
            "GET /health: hung up without an answer"),
        Bad(
            "speaks something else", Serving.python("self.wfile.write(b'SSH-2.0\\\\n\\\\n')"),
            health: .http(path: "/other"),
            "GET /other is answered with something that is not HTTP"),
        Bad(
            "is ill by its own word", "exec tail -f /dev/null", health: .command("exit 9"),
            "the health check ended with code 9"),
        Bad(
            "takes too long to say", "exec tail -f /dev/null", health: .command("sleep 1000"),
            "the health check takes longer than 300 ms"),
    ]

    @Test("is named while it is not healthy yet", arguments: said)
    func named(bad: Bad) throws {
        let house = try Serving()
        var spec = try Serving.spec(bad.command, health: bad.health)
        spec.health.timeoutMilliseconds = 300
        try house.instances.launch(spec)
        // What all of them are at first.
        let notYet = "nothing listens on port 8080 ($PORT)"
        let state = try house.wait {
            $0.cause != nil && ($0.cause == bad.cause || $0.cause != notYet)
        }
        #expect(state.condition == .starting)
        #expect(state.cause == bad.cause)
    }

    @Test func `a healthy one that begins to fail is unhealthy, with what it said at last`() throws
    {
        let house = try Serving()
        let answer = "bad = bad or self.path == '/break'; self.say(500 if bad else 200, 'x')"
        try house.instances.launch(try Serving.spec(Serving.python(answer)))
        let healthy = try house.wait { $0.condition == .healthy }
        #expect(try Serving.get("/break", at: healthy).contains("500"))
        let state = try house.wait { $0.condition == .unhealthy }
        #expect(state.condition == .unhealthy)
        #expect(state.cause == "GET / is answered with status 500")
        #expect(state.lastLines == ["begun"])
        #expect(state.door == healthy.door)
    }

    @Test func `one that was ill can become well again`() throws {
        let house = try Serving()
        let answer =
            "bad = self.path == '/break' or bad and self.path != '/mend'; "
            + "self.say(500 if bad else 200, 'x')"
        try house.instances.launch(try Serving.spec(Serving.python(answer)))
        _ = try Serving.get("/break", at: try house.wait { $0.condition == .healthy })
        let ill = try house.wait { $0.condition == .unhealthy }
        #expect(ill.condition == .unhealthy)
        #expect(try Serving.get("/mend", at: ill).contains("200"))
        #expect(try house.wait { $0.condition == .healthy }.cause == nil)
    }

    @Test func `one that dies later is gone, with its code`() throws {
        let house = try Serving()
        let answer =
            "os._exit(7) if self.path == '/die' else self.say(200, 'x')"
        try house.instances.launch(try Serving.spec(Serving.python(answer)))
        let state = try house.wait { $0.condition == .healthy }
        #expect(try Serving.get("/die", at: state) == "")
        let end = try house.wait { _ in false }
        #expect(end == InstanceState(.gone, cause: "exited with code 7", lastLines: ["begun"]))
    }

    @Test(
        "how it ended is told",
        arguments: [
            ("exit 0", "exited with code 0"),
            ("python3 -c 'import os; os.abort()'", "exited with code 134 (SIGABRT)"),
            ("exec /no/such/program", "exited with code 127"),
        ])
    func ended(command: String, cause: String) throws {
        let house = try Serving()
        try house.instances.launch(try Serving.spec(command))
        #expect(try house.wait { _ in false }.cause == cause)
    }

    @Test func `one that uses too much memory is told so`() throws {
        let house = try Serving()
        var spec = try Serving.spec(
            """
            exec python3 -c '
            import sys
            kept = []
            print("leaking", flush=True)
            while True: kept.append(bytearray(1 << 20))'
            """)
        spec.limits.memory = 100 << 20
        try house.instances.launch(spec)
        let end = try house.wait { _ in false }
        #expect(end.cause == "out of memory: it may have 100 MiB")
        #expect(end.lastLines == ["leaking"])
    }

    @Test func `one that fills its disk is told so`() throws {
        let house = try Serving()
        var spec = try Serving.spec(
            "trap '' XFSZ; for i in 1 2 3 4 5 6 7 8 9; do head -c 5m /dev/zero > $i; done; "
                + "exec tail -f /dev/null", health: .lives)
        spec.limits.disk = 20 << 20
        try house.instances.launch(spec)
        #expect(try house.wait { _ in false }.cause == "over its limit: disk")
    }

    @Test func `what cannot be run is refused, and may be tried again`() throws {
        let house = try Serving()
        var spec = try Serving.spec(Serving.good)
        spec.port = 80
        let refused = spec
        #expect(throws: (any Error).self) { try house.instances.launch(refused) }
        #expect(house.instances.look() == [:])
        spec.port = 8_080
        spec.health.kind = .http(path: "/a b")
        let strange = spec
        #expect(throws: (any Error).self) { try house.instances.launch(strange) }
        spec.health.kind = .http(path: "/")
        try house.instances.launch(spec)
        #expect(try house.wait { $0.condition == .healthy }.condition == .healthy)
    }
}
