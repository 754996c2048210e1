import HTTP
import Microhttpd
import Support
import Testing

@Suite("A server, asked byte by byte") struct RequestTests {
    private static let last = "Host: a\r\nConnection: close\r\n\r\n"

    private static func status(_ answer: String) -> Int? {
        Int(answer.split(separator: " ").dropFirst().first ?? "")
    }

    private static func body(_ answer: String) -> String {
        guard let end = answer.firstRange(of: "\r\n\r\n") else { return "" }
        return String(answer[end.upperBound...])
    }

    @Test(
        "hands over what was asked, decoded",
        arguments: [
            ("GET /", "GET   [] 127.0.0.1"),
            ("GET /a%20b/%C3%A9?x=1&x=%32", "GET <a b><é> x=1;x=2 [] 127.0.0.1"),
            ("DELETE /a", "DELETE <a>  [] 127.0.0.1"),
            ("OPTIONS /a", "OPTIONS <a>  [] 127.0.0.1"),
            ("GET http://other/a?b", "GET <a> b= [] 127.0.0.1"),
            ("GET /elsewhere", "GET <elsewhere>  [] 127.0.0.1"),
        ])
    func target(line: String, told: String) throws {
        let answer = try Served().ask("\(line) HTTP/1.1\r\n" + Self.last)
        #expect(Self.status(answer) == 200)
        #expect(Self.body(answer) == told)
    }

    @Test(
        "takes a body however it is sent",
        arguments: [
            "Content-Length: 5\r\n\r\nhello",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n1\r\nh\r\n4;x=y\r\nello\r\n0\r\nTrailer: a\r\n\r\n",
        ])
    func body(text: String) throws {
        let answer = try Served().ask(
            "POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + text)
        #expect(Self.body(answer) == "POST <a>  [hello] 127.0.0.1")
    }

    @Test func `a client that waits for a word before its body gets it`() throws {
        let served = try Served()
        let socket = try served.connect()
        socket.send("POST /a HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n" + Self.last)
        #expect(socket.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        socket.send("ok")
        #expect(socket.receiveToEnd().hasSuffix("[ok] 127.0.0.1"))
    }

    @Test func `a client that waits for a word is told at once that its body is too long`() throws {
        let answer = try Served().ask(
            "POST /a HTTP/1.1\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n" + Self.last)
        #expect(Self.status(answer) == 413)
        #expect(answer.contains("the body has more than 1048576 bytes"))
    }

    @Test(
        "a body that is too long is refused",
        arguments: [
            "Content-Length: 5\r\n\r\nhello",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n1\r\no\r\n0\r\n\r\n",
        ])
    func tooLong(text: String) throws {
        let served = try Served()
        let answer = try served.ask(
            "POST /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + text)
        #expect(Self.status(answer) == 413)
        #expect(answer.contains("application/problem+json"))
        #expect(served.records.next()?.status == 413)
    }

    @Test func `a long body whose client does not listen is read, so that it hears the answer`()
        throws
    {
        let served = try Served()
        let socket = try served.connect()
        socket.send("PUT /a HTTP/1.1\r\nContent-Length: 4000000\r\n" + Self.last)
        #expect(socket.send(repeatElement(UInt8(ascii: "x"), count: 4_000_000)))
        #expect(Self.status(socket.receiveToEnd()) == 413)
    }

    @Test(
        "what is malformed, or could be read in two ways, is refused",
        arguments: [
            ("GET /a//b HTTP/1.1\r\n" + last, 400), ("GET /../a HTTP/1.1\r\n" + last, 400),
            ("GET /%2e%2e/a HTTP/1.1\r\n" + last, 400), ("GET /a%2Fb HTTP/1.1\r\n" + last, 400),
            ("GET /a%00 HTTP/1.1\r\n" + last, 400), ("GET /%FF HTTP/1.1\r\n" + last, 400),
            ("GET /%4 HTTP/1.1\r\n" + last, 400), ("GET a HTTP/1.1\r\n" + last, 400),
            ("GET /\u{E9} HTTP/1.1\r\n" + last, 400), ("GET /a b HTTP/1.1\r\n" + last, 400),
            ("GET /a HTTP/1.1\r\n\r\n", 400), ("GET * HTTP/1.1\r\n" + last, 400),
            ("BREW /a HTTP/1.1\r\n" + last, 501), ("get /a HTTP/1.1\r\n" + last, 501),
            ("TRACE /a HTTP/1.1\r\n" + last, 501), ("CONNECT a:1 HTTP/1.1\r\n" + last, 501),
            ("GET /a HTTP/1.1\r\nHost: b\r\n" + last, 400),
            ("GET /a HTTP/1.1\r\nno colon\r\n" + last, 400),
            ("GET /a HTTP/1.1\r\nX : a\r\n" + last, 400),
            ("GET /a HTTP/1.1\r\nX: a\rY: b\r\n" + last, 400),
            ("GET /a HTTP/1.1\r\nX: a\u{1}\r\n" + last, 400),
            ("POST /a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n" + last, 400),
            ("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n" + last, 400),
            ("POST /a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n" + last + "x", 400),
            ("POST /a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n" + last + "xy", 400),
            ("POST /a HTTP/1.1\r\nContent-Length: -1\r\n" + last, 400),
            ("POST /a HTTP/1.1\r\nContent-Length: +1\r\n" + last, 400),
            ("POST /a HTTP/1.1\r\nContent-Length: 1 1\r\n" + last, 400),
            ("POST /a HTTP/1.1\r\nContent-Length: 1\r\n 1\r\n" + last + "x", 400),
            ("POST /a HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n" + last, 413),
            ("POST /a HTTP/1.1\r\nTransfer-Encoding: identity\r\n" + last, 501),
            ("POST /a HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n" + last, 501),
            ("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + last + "x\r\n", 400),
            ("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + last + "1\r\nab\r\n", 400),
            ("GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\n" + last, 414),
            ("GET /a HTTP/1.1\r\nX: \(String(repeating: "a", count: 40_000))\r\n" + last, 431),
            (
                "GET /a HTTP/1.1\r\n\(String(repeating: "X: a\r\n", count: 10_000))" + last, 431
            ),
            (
                "GET /a HTTP/1.1\r\nCookie: \(String(repeating: "a;", count: 10_000))\r\n" + last,
                431
            ),
            ("GET /a HTTP/2.0\r\n" + last, 505), ("GET /a\r\n" + last, 400),
            (
                "POST /a HTTP/1.1\r\nTransfer-Encodin: chunked\r\n g\r\n" + last + "0\r\n\r\n",
                400
            ),
            ("GET /a HTTP/1.1\r\nX: a\r\n\tb\r\n" + last, 400),
            ("GET /a HTTP/1.1\r\nX: a\nTransfer-Encoding: chunked\r\n" + last, 400),
            ("GET /a HTTP/1.1\r\nX: a\u{0}b\r\n" + last, 400),
            ("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\u{0}b\r\n\r\n", 400),
            ("GET /a\u{0}b HTTP/1.1\r\n" + last, 400), ("GET /a  HTTP/1.1\r\n" + last, 400),
        ])
    func refused(text: String, status: Int) throws {
        let served = try Served()
        let answer = try served.ask(text)
        #expect(Self.status(answer) == status, "\(answer.prefix(300))")
        #expect(answer.contains("Connection: close\r\n"))
        #expect(!served.held.bell.isRinging)
    }

    @Test(
        "what is no request at all is hung up on or refused, and nothing else happens",
        arguments: [
            "\r\n\r\n\r\n\r\n", "\n", "GET\r\n\r\n", " \r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{0}\r\n\r\n", "GET /a HTTP/1.1\u{0}\r\n\r\n",
        ])
    func noise(text: String) throws {
        var limits = Limits()
        limits.patienceMilliseconds = 200
        let served = try Served(limits: limits)
        let socket = try served.connect()
        socket.send(text)
        #expect(!socket.receive().starts(with: "HTTP/1.1 200".utf8))
        #expect(socket.waitForEnd())
        #expect(Self.status(try served.ask("GET / HTTP/1.1\r\n" + Self.last)) == 200)
    }

    @Test func `a query of many parts is read whole`() throws {
        let query = (0..<1_500).map { "a\($0)" }.joined(separator: "&")
        let answer = try Served().ask("GET /a?\(query) HTTP/1.1\r\n" + Self.last)
        #expect(Self.body(answer).split(separator: ";").count == 1_500)
    }

    @Test func `what follows a refused request on its connection is no request`() throws {
        let answer = try Served().ask(
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\nGET /smuggled HTTP/1.1\r\n" + Self.last)
        #expect(Self.status(answer) == 400)
        #expect(!answer.contains("smuggled"))
        #expect(answer.split(separator: "HTTP/1.1 ").count == 1)
    }

    @Test func `several requests on one connection are answered in their order`() throws {
        let served = try Served()
        let socket = try served.connect()
        for index in 0..<50 { socket.send("GET /\(index) HTTP/1.1\r\nHost: a\r\n\r\n") }
        socket.send("GET /elsewhere HTTP/1.1\r\n" + Self.last)
        let answers = socket.receiveToEnd()
        let told = answers.split(separator: "GET <").dropFirst().map { $0.prefix { $0 != ">" } }
        #expect(told == (0..<50).map { "\($0)" } + ["elsewhere"])
        #expect(served.server.connections <= 1)
    }

    @Test func `a request can come in any two pieces`() throws {
        let served = try Served()
        let text =
            "POST /a%20b?c=d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        let bytes = Array(text.utf8)
        for cut in 1..<bytes.count {
            let socket = try served.connect()
            socket.send(bytes[..<cut])
            socket.send(bytes[cut...])
            let answer = socket.receiveToEnd()
            #expect(Self.body(answer) == "POST <a b> c=d [abcde] 127.0.0.1", "cut at \(cut)")
        }
    }

    @Test(
        "nothing behind a body in chunks is a request, wherever their end is seen",
        arguments: ["0\r\n\r\n", "0;\n\r\n\r\n", "0\r\nX: a\r\n\n\r\n", "0\n\r\n"])
    func chunks(body: String) throws {
        let served = try Served()
        let socket = try served.connect()
        socket.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        socket.send("\(body)GET /elsewhere HTTP/1.1\r\n\(Self.last)")
        #expect(!socket.receiveToEnd().contains("<elsewhere>"))
    }

    @Test func `a client can leave after any byte`() throws {
        let served = try Served()
        let bytes = Array(
            ("POST /elsewhere HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n0\r\n\r\n").utf8)
        for count in 0...bytes.count { try served.connect().send(bytes[..<count]) }
        #expect(Self.status(try served.ask("GET / HTTP/1.1\r\n" + Self.last)) == 200)
    }

    @Test func `a question for the head alone is answered without the body`() throws {
        let answer = try Served().ask("HEAD /a HTTP/1.1\r\n" + Self.last)
        #expect(answer.contains("\r\nContent-Length: \("HEAD <a>  [] 127.0.0.1".utf8.count)\r\n"))
        #expect(Self.body(answer) == "")
    }

    @Test func `an answer without a body has none`() throws {
        let answer = try Served().ask("GET /empty HTTP/1.1\r\n" + Self.last)
        #expect(Self.status(answer) == 204)
        #expect(Self.body(answer) == "")
    }

    @Test func `an older client is answered and let go`() throws {
        let answer = try Served().ask("GET /a HTTP/1.0\r\n\r\n")
        #expect(Self.status(answer) == 200)
        #expect(Self.body(answer) == "GET <a>  [] 127.0.0.1")
    }

    @Test func `a handler that lets go of a request leaves nobody hanging`() throws {
        let answer = try Served().ask("GET /forget HTTP/1.1\r\n" + Self.last)
        #expect(answer.contains(" 500 ") && answer.contains("nobody has answered this request"))
    }

    @Test func `only the first answer counts`() throws {
        let answer = try Served().ask("GET /twice HTTP/1.1\r\n" + Self.last)
        #expect(Self.status(answer) == 200)
        #expect(Self.body(answer) == "first")
    }

    @Test func `an answer that would break the protocol is not sent`() throws {
        let answer = try Served().ask("GET /bad HTTP/1.1\r\n" + Self.last)
        #expect(Self.status(answer) == 500)
        #expect(!answer.contains("X-Evil"))
    }

    @Test func `an answer after its client left harms nothing`() throws {
        let served = try Served()
        var socket: TestSocket? = try served.connect()
        socket?.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
        let answering = try #require(served.held.next())
        socket = nil
        answering.answer(Response(200))
        #expect(served.records.next() != nil)
        answering.answer(Response(200))
        #expect(Self.status(try served.ask("GET / HTTP/1.1\r\n" + Self.last)) == 200)
    }

    @Test func `each request is told to the log, without what may be secret`() throws {
        let served = try Served()
        _ = try served.ask("GET /a%20b/\u{1}?token=secret HTTP/1.1\r\n" + Self.last)
        let refused = try #require(served.records.next())
        #expect(refused.path == "/a%20b/?")
        #expect(refused.status == 400)
        _ = try served.ask("PUT /b?token=secret HTTP/1.1\r\n" + Self.last)
        let record = try #require(served.records.next())
        #expect(record.method == .put)
        #expect(record.path == "/b")
        #expect(record.status == 200)
        #expect(record.bytes == "PUT <b> token=secret [] 127.0.0.1".utf8.count)
        #expect(record.peer == "127.0.0.1")
    }
}
