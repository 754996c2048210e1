import Addresses
import Curl
import Glibc
import HTTP
import Support
import Testing

@Suite("An HTTP client") struct HTTPClientTests {
    /// A server that takes one request, answers with these bytes and hangs up; it gives what it
    /// was sent.
    private struct Played {
        let port: UInt16
        let asked: Beside<String>

        init(_ answer: String, after end: String = "\r\n\r\n") throws {
            let listener = try TestListener()
            port = listener.port
            asked = try Beside {
                let peer = try listener.next()
                let asked = peer.receive(until: end)
                peer.send(answer)
                return asked
            }
        }

        var url: String { "http://127.0.0.1:\(port)/there?a=b" }
    }

    private static let fine = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Log-Size: 9 \r\n\r\nhello"

    private static func problem(_ call: Call) throws -> CallProblem? {
        do throws(CallProblem) {
            _ = try HTTPClient().ask(call)
            return nil
        } catch {
            return error
        }
    }

    @Test func `asks for what it is told to and brings the answer`() throws {
        let server = try Played(Self.fine)
        let answer = try HTTPClient().ask(
            Call(.get, .url(server.url), headers: ["Authorization": "Bearer a", "X-None": ""]))
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self) == "hello")
        #expect(answer.headers["x-log-size"] == "9")
        let asked = try #require(try server.asked.result())
        #expect(asked.hasPrefix("GET /there?a=b HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(asked.contains("\r\nAuthorization: Bearer a\r\n"))
        #expect(asked.contains("\r\nX-None:\r\n"))
    }

    @Test(
        "a body is sent as it is", arguments: [Request.Method.post, .put, .patch, .delete, .get])
    func body(method: Request.Method) throws {
        let server = try Played(Self.fine, after: "{\u{1}}")
        let body = Array("{\u{1}}".utf8)
        _ = try HTTPClient().ask(Call(method, .url(server.url), body: body))
        let asked = try #require(try server.asked.result())
        #expect(asked.hasPrefix("\(method.rawValue) /there"))
        #expect(asked.contains("\r\nContent-Length: 3\r\n"))
        #expect(asked.hasSuffix("\r\n\r\n{\u{1}}"))
        #expect(!asked.contains("Expect") && !asked.contains("Content-Type"))
    }

    @Test(
        "a part of a file is sent, and nothing around it",
        arguments: [Request.Method.put, .patch, .post])
    func part(method: Request.Method) throws {
        let folder = try Folder()
        try folder.write("before{part}after", to: "file")
        let file = unsafe open(folder.file("file"), O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        let server = try Played(Self.fine, after: "{part}")
        var call = Call(method, .url(server.url))
        call.body = .part(FilePart(file, offset: 6, length: 6))
        _ = try HTTPClient().ask(call)
        let asked = try #require(try server.asked.result())
        #expect(asked.hasPrefix("\(method.rawValue) /there"))
        #expect(asked.contains("\r\nContent-Length: 6\r\n"))
        #expect(asked.hasSuffix("\r\n\r\n{part}"))
        #expect(!asked.contains("Expect") && !asked.contains("Transfer-Encoding"))
    }

    @Test func `a file that is shorter than what is to be sent is a failure`() throws {
        let folder = try Folder()
        try folder.write("short", to: "file")
        let file = unsafe open(folder.file("file"), O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        let server = try Played(Self.fine, after: "never")
        var call = Call(.put, .url(server.url))
        call.body = .part(FilePart(file, offset: 0, length: 6))
        let problem = try #require(try Self.problem(call))
        #expect(problem.kind == .unreadBody)
        #expect("\(problem)" == "the file became shorter while it was sent")
        _ = try server.asked.result()
    }

    @Test func `a post without a body says so`() throws {
        let server = try Played(Self.fine)
        _ = try HTTPClient().ask(Call(.post, .url(server.url)))
        #expect(try #require(try server.asked.result()).contains("\r\nContent-Length: 0\r\n"))
    }

    @Test func `the answer to a question for the head alone has a length and no body`() throws {
        let server = try Played("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        let answer = try HTTPClient().ask(Call(.head, .url(server.url)))
        #expect(answer.headers["content-length"] == "5")
        #expect(answer.body == [])
        _ = try server.asked.result()
    }

    @Test func `a redirect is an answer and not followed`() throws {
        let server = try Played(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        let answer = try HTTPClient().ask(Call(.get, .url(server.url)))
        #expect(answer.status == 302)
        #expect(answer.headers["location"] == "http://127.0.0.1:1/")
        _ = try server.asked.result()
    }

    @Test func `an interim answer leaves no headers behind`() throws {
        let server = try Played("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + Self.fine)
        let answer = try HTTPClient().ask(Call(.get, .url(server.url)))
        #expect(answer.status == 200)
        #expect(answer.headers["link"] == nil)
        _ = try server.asked.result()
    }

    @Test func `an answer longer than its limit is a failure`() throws {
        let server = try Played(Self.fine)
        var call = Call(.get, .url(server.url))
        call.taking = .whole(limit: 4)
        #expect(try Self.problem(call)?.kind == .tooLong)
        _ = try server.asked.result()
    }

    @Test func `a flood of headers is a failure`() throws {
        let flood = (0..<2_000).map { "X-\($0): \(String(repeating: "x", count: 60))\r\n" }
        let server = try Played("HTTP/1.1 200 OK\r\n" + flood.joined() + "\r\n")
        #expect(try Self.problem(Call(.get, .url(server.url)))?.kind == .broken)
        _ = try server.asked.result()
    }

    @Test(
        "an answer that breaks off is a failure",
        arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "no HTTP\r\n\r\n"])
    func broken(answer: String) throws {
        let server = try Played(answer)
        #expect(try Self.problem(Call(.get, .url(server.url)))?.kind == .broken)
        _ = try server.asked.result()
    }

    @Test func `nobody listening is told with host and port`() throws {
        let port = try TestListener().port
        let problem = try #require(try Self.problem(Call(.get, .url("http://127.0.0.1:\(port)/"))))
        #expect(problem.kind == .unreachable)
        #expect("\(problem)" == "Couldn't connect to server")
        #expect(problem.detail.contains("127.0.0.1 port \(port)"))
    }

    @Test(
        "what is no address on the web is not asked",
        arguments: ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "http://", ""])
    func schemes(url: String) throws {
        #expect(try Self.problem(Call(.get, .url(url)))?.kind == .malformed)
    }

    @Test(
        "a header that would begin another is not sent",
        arguments: [("X", "a\r\nY: b"), ("X\n", "a"), ("X:", "a"), ("", "a"), ("X", "a\u{0}b")])
    func headers(name: String, value: String) throws {
        let call = Call(
            .get, .url("http://127.0.0.1:1/"), headers: Headers([Field(name, value)]))
        #expect(try Self.problem(call)?.kind == .malformed)
    }

    @Test(
        "an address that the policy refuses is not connected with, however it is written",
        arguments: [
            "127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "127.1", "0x7f.1",
        ])
    func policy(host: String) throws {
        let listener = try TestListener()
        var call = Call(.get, .url("http://\(host):\(listener.port)/"))
        call.addresses = AddressPolicy()
        let problem = try #require(try Self.problem(call))
        #expect(problem.kind == .refusedAddress)
        #expect("\(problem)".hasPrefix("the address is refused: "))
        #expect("\(problem)".hasSuffix(" is an address of this machine itself"))
    }

    @Test func `an address that the policy allows is connected with`() throws {
        let server = try Played(Self.fine)
        var call = Call(.get, .url(server.url))
        call.addresses = AddressPolicy(allowing: [.loopback])
        #expect(try HTTPClient().ask(call).status == 200)
        _ = try server.asked.result()
    }

    @Test func `a stream is taken as it comes, and its server waits while nobody takes it`() throws
    {
        let total = 8 << 20
        let listener = try TestListener()
        let sending = try Beside {
            let peer = try listener.next()
            _ = peer.receive(until: "\r\n\r\n")
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            return peer.send((0..<total).lazy.map { UInt8(truncatingIfNeeded: $0 / 7) })
        }
        let client = try HTTPClient()
        var call = Call(.get, .url("http://127.0.0.1:\(listener.port)/"))
        call.taking = .stream(buffer: 1 << 16)
        let transfer = try client.begin(call)
        var taken: [UInt8] = []
        while !transfer.isDone {
            client.wait([], milliseconds: 20_000)
            let piece = transfer.take()
            #expect(piece.count <= 1 << 17)
            taken += piece
        }
        taken += transfer.take()
        #expect(transfer.problem == nil)
        #expect(taken == (0..<total).map { UInt8(truncatingIfNeeded: $0 / 7) })
        #expect(try sending.result() == true)
    }

    @Test func `a server that says nothing is given up`() throws {
        let listener = try TestListener()
        var call = Call(.get, .url("http://127.0.0.1:\(listener.port)/"))
        call.seconds = 1
        #expect(try Self.problem(call)?.kind == .timedOut)
    }

    @Test(
        "a call shows neither path nor password",
        arguments: [
            ("https://me:secret@example.org:8443/a/b?token=c", "https://example.org:8443"),
            ("http://[::1]:80", "http://[::1]:80"), ("https://a@b@c/d", "https://c"),
            ("https://host?x=@y", "https://host"), ("secret", "an address without a scheme"),
        ])
    func description(url: String, shown: String) {
        #expect("\(Call(.post, .url(url)))" == "POST at \(shown)")
    }
}
