import Glibc
import Support
import Testing

@Suite("A server among strangers", .timeLimit(.minutes(2))) struct ServerStrangersTests {
    @Test func `gives nothing away for a path, however it is written`() throws {
        let server = try RunningServer()
        let token = try server.administrator
        let log = "/api/v1/pipelines/a/executions/1/attempts/b/1/c/1/log"
        let ways = [
            "..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "..%2f", "..%5c", "%c0%ae%c0%ae",
            "%u002e%u002e", "....", "..;", "..%00", "%2e%2e%2f%2e%2e", "\u{FF0E}\u{FF0E}",
        ]
        let tails = ["admin-token", "home/admin-token", "etc/passwd", "slipway.db", "secrets.key"]
        var statuses = Set<Int>()
        for way in ways {
            for tail in tails {
                for start in ["", "/api/v1", "/badges", "/api/v1/pipelines", log] {
                    let path = "\(start)/\(way)/\(way)/\(way)/\(tail)"
                    let answer = try server.ask(path, as: token)
                    statuses.insert(answer.status)
                    #expect([400, 404].contains(answer.status), "\(path): \(answer.status)")
                    #expect(!answer.body.contains("root:") && !answer.body.contains(token))
                }
            }
        }
        #expect(statuses == [400, 404])
        for path in [
            "file:///etc/passwd", "//etc/passwd", "\\etc\\passwd", "/api/v1/backup%00.svg",
        ] {
            #expect([400, 404].contains(try server.ask(path, as: token).status), "\(path)")
        }
    }

    @Test(
        "reads no more than somebody would look at",
        arguments: [
            ("POST", "/api/v1/tokens", 65_537, 413), ("PUT", "/api/v1/secrets/key", 65_537, 413),
            ("PUT", "/api/v1/pipelines/shop", 1 << 20 + 1, 413),
            ("DELETE", "/api/v1/people/a", 2_000, 413), ("POST", "/api/v1/nowhere", 10, 404),
        ])
    func bodies(method: String, path: String, size: Int, status: Int) throws {
        let server = try RunningServer()
        let token = try server.administrator
        let body = [UInt8](repeating: 0x20, count: size)
        #expect(try server.ask(method, path, as: token, body).status == status)
        let stranger = status == 404 ? 404 : 401
        #expect(try server.ask(method, path, body).status == stranger)
        // The same without telling before how long it is.
        let chunk =
            "\(String(size, radix: 16))\r\n\(String(repeating: " ", count: size))\r\n0\r\n\r\n"
        let head = "\(method) \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        let sent = "Transfer-Encoding: chunked\r\n\r\n\(chunk)"
        let who = "Authorization: Bearer \(token)\r\n"
        #expect(try server.say("\(head)\(who)\(sent)".utf8).status == status)
        #expect(try server.say("\(head)\(sent)".utf8).status == stranger)
    }

    @Test func `answers strangers who announce a long body before they have sent any of it`() throws
    {
        let server = try RunningServer()
        for (path, status) in [
            ("tokens", "401"), ("nowhere", "404"), ("pipelines/shop/executions/1/stop", "401"),
        ] {
            let socket = try server.connect()
            socket.send(
                "POST /api/v1/\(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n")
            #expect(socket.receiveToEnd().hasPrefix("HTTP/1.1 \(status)"))
        }
    }

    @Test func `takes bodies of those it knows while strangers' fill all the room they have`()
        throws
    {
        let server = try RunningServer()
        let token = try server.administrator
        // Each stays a byte short of its end. They come from one address, which has half the room.
        let body = [UInt8](repeating: 0x20, count: (1 << 20) - 1)
        let hook = "POST /api/v1/sources/a/hook/github HTTP/1.1\r\nHost: a\r\n"
        let slow = try (0..<40).map { _ in
            let socket = try server.connect()
            socket.send("\(hook)Content-Length: \(1 << 20)\r\n\r\n")
            socket.send(body)
            return socket
        }
        // What is sent later is read later: the last of them has been read when this is refused.
        // Whoever asks too often meanwhile is only told so.
        let clock = ContinuousClock()
        let end = clock.now + .seconds(25)
        var isFull = false
        while !isFull, clock.now < end {
            isFull = try server.ask("POST", "/api/v1/sources/a/hook/github", body).status == 503
        }
        #expect(isFull)
        let wish = Array("{\"name\": \"ada\", \"roles\": [{\"role\": \"viewer\"}]}".utf8)
        #expect(
            try server.ask("POST", "/api/v1/tokens", as: token, type: "application/json", wish)
                .status == 201)
        #expect(slow.count == 40)
    }

    @Test func `refuses floods of headers, and what is no JSON`() throws {
        let server = try RunningServer()
        let token = try server.administrator
        let floods = [
            "X: \(String(repeating: "a", count: 100_000))\r\n",
            String(repeating: "X: a\r\n", count: 20_000),
            (0..<5_000).map { "X-\($0): a\r\n" }.joined(),
        ]
        for flood in floods { #expect(try server.ask("/api/v1/me", headers: flood).status == 431) }
        let long = String(repeating: "a", count: 50_000)
        #expect(try server.ask("/\(long)").status == 414)
        let bodies: [[UInt8]] = [
            Array("{".utf8), Array("{}{}".utf8), Array("[]".utf8), Array("null".utf8),
            Array("{\"name\":\"a\",\"name\":\"b\",\"roles\":[]}".utf8), [0xFF, 0xFE, 0x7B, 0],
            Array("{\"name\":\"".utf8) + [0xC0, 0xAF] + Array("\",\"roles\":[]}".utf8),
            Array("{\"name\":\"\\ud800\",\"roles\":[]}".utf8),
            Array("{\"name\":\"a\\u0000\"}".utf8),
            Array(String(repeating: "[", count: 60_000).utf8), [0xEF, 0xBB, 0xBF, 0x7B, 0x7D],
            Array("{\"name\":1e999999999}".utf8), [0],
        ]
        for body in bodies {
            let answer = try server.ask("POST", "/api/v1/tokens", as: token, body)
            #expect([400, 422].contains(answer.status), "\(body.prefix(40)): \(answer.status)")
            #expect(answer.head.contains("application/problem+json") && answer.text("hint") != nil)
        }
        // None of them has made anything.
        let tokens = try server.ask("/api/v1/tokens", as: token)
        #expect(tokens.body.split(separator: "\"id\":").count == 2)
    }

    @Test(
        "takes nothing for a request that came inside of another",
        arguments: [
            "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "Content-Length: 0\r\nContent-Length: 44\r\n\r\n", "Content-Length: 0, 44\r\n\r\n",
            "Content-Length : 44\r\n\r\n", "Content-Length: 0x0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\n\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n0;\n\r\n\r\n",
        ])
    func smuggling(framing: String) throws {
        let server = try RunningServer()
        let who = "Authorization: Bearer \(try server.administrator)\r\n"
        let text =
            "POST /api/v1/nowhere HTTP/1.1\r\nHost: a\r\n\(who)\(framing)"
            + "DELETE /api/v1/pipelines/inner HTTP/1.1\r\nHost: a\r\n\(who)\r\n"
        let socket = try server.connect()
        socket.send(text)
        socket.finish()
        let told = socket.receiveToEnd()
        #expect(!told.contains("inner"), "\(told)")
        #expect(["400", "404", "413", "501"].contains(told.dropFirst(9).prefix(3)), "\(told)")
    }

    @Test func `serves whoever is honest between two thousand who send a byte each`() throws {
        var files = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        files.rlim_cur = min(files.rlim_max, 8_192)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        let server = try RunningServer()
        let token = try server.administrator
        let words = Array("GET /api/v1/me HTTP/1.1\r\nHost: a\r\n".utf8)
        let slow = try (0..<2_000).map { index in
            let socket = try server.connect()
            socket.send(words.prefix(1 + index % words.count))
            return socket
        }
        for socket in slow.prefix(100) {
            socket.send("X")
            #expect(try server.ask("/api/v1/me", as: token).status == 200)
        }
        #expect(slow.count == 2_000)
    }

    @Test func `lets no page of another site ask or read anything`() throws {
        let server = try RunningServer()
        let token = try server.administrator
        let origin = "Origin: https://evil.example\r\n"
        // With a token it is a program that asks: a page has none, and no cookie brings one.
        let asked = try server.ask("/api/v1/me", as: token, headers: origin)
        #expect(asked.status == 200)
        let cookie = "Cookie: token=\(token); session=\(token)\r\n"
        let ridden = try server.ask("POST", "/api/v1/tokens", headers: origin + cookie)
        #expect(ridden.status == 401)
        let wish = origin + "Access-Control-Request-Method: PUT\r\n"
        let preflight = try server.ask("OPTIONS", "/api/v1/me", headers: wish)
        #expect(preflight.status == 204 && preflight.head.contains("Allow: GET"))
        for answer in [asked, ridden, preflight] {
            #expect(!answer.head.lowercased().contains("access-control-"))
            #expect(!answer.head.lowercased().contains("set-cookie"))
            #expect(answer.head.contains("frame-ancestors 'none'"))
        }
        // What a form can send.
        for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
            let sent = try server.ask(
                "POST", "/api/v1/tokens", as: token, type: type, [0x7B, 0x7D])
            #expect(sent.status == 415)
        }
    }

    @Test func `slows down who guesses tokens, and nobody else at their address`() throws {
        let server = try RunningServer()
        let token = try server.administrator
        let wrong = String(token.dropLast()) + (token.hasSuffix("0") ? "1" : "0")
        let answers = try (0..<40).map { _ in try server.ask("/api/v1/me", as: wrong) }
        #expect(answers.prefix(20).allSatisfy { $0.status == 401 })
        let refused = answers.filter { $0.status == 429 }
        #expect(refused.count >= 15)
        #expect(refused.allSatisfy { $0.head.contains("Retry-After: ") })
        #expect(try server.ask("/api/v1/me", as: token).status == 200)
        #expect(try server.ask("/healthz").status == 200)
    }
}
