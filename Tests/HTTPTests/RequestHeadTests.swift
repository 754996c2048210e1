import HTTP
import Testing

@Suite("The head of a request") struct RequestHeadTests {
    private static func head(_ headers: Headers, method: String = "GET") throws(RequestProblem)
        -> RequestHead
    {
        var all = headers
        if all.all("Host").isEmpty { all.add("Host", "a") }
        return try RequestHead(method: method, target: "/a", headers: all)
    }

    @Test(
        "says how its body ends",
        arguments: [
            ([:], .none), (["Content-Length": "0"], .none), (["content-length": "7"], .length(7)),
            (["Content-Length": "007"], .length(7)), (["Transfer-Encoding": "Chunked"], .chunked),
        ] as [(Headers, RequestHead.Framing)])
    func framing(headers: Headers, framing: RequestHead.Framing) throws {
        #expect(try Self.head(headers).framing == framing)
    }

    @Test(
        "is refused where two readers could see two ends of it",
        arguments: [
            (
                ["Content-Length": "1", "Transfer-Encoding": "chunked"], 400,
                "there are both Content-Length and Transfer-Encoding"
            ),
            (
                ["Content-Length": "1", "content-length": "1"], 400,
                "there is more than one Content-Length"
            ),
            (
                ["Transfer-Encoding": "chunked", "transfer-encoding": "chunked"], 400,
                "there is more than one Transfer-Encoding"
            ),
            (["Transfer-Encoding": "gzip"], 501, "this Transfer-Encoding is not known here"),
            (
                ["Transfer-Encoding": "gzip, chunked"], 501,
                "this Transfer-Encoding is not known here"
            ),
            (["Transfer-Encoding": ""], 501, "this Transfer-Encoding is not known here"),
            (["Content-Length": ""], 400, "Content-Length is no number"),
            (["Content-Length": "-1"], 400, "Content-Length is no number"),
            (["Content-Length": "+1"], 400, "Content-Length is no number"),
            (["Content-Length": "1, 1"], 400, "Content-Length is no number"),
            (["Content-Length": "0x1"], 400, "Content-Length is no number"),
            (["Content-Length": "٣"], 400, "Content-Length is no number"),
            (["Content-Length": "99999999999999999999"], 400, "Content-Length is no number"),
            (["Host": "a", "host": "b"], 400, "there is more than one Host"),
            (["Content-Length ": "1"], 400, "a header's name holds what no name can"),
            (["": "1"], 400, "a header's name holds what no name can"),
            (["é": "1"], 400, "a header's name holds what no name can"),
            (["X": "a\rContent-Length: 5"], 400, "the header 'X' holds a control character"),
            (["X": "a\nb"], 400, "the header 'X' holds a control character"),
            (["X": "a\u{0}"], 400, "the header 'X' holds a control character"),
        ] as [(Headers, Int, String)])
    func refused(headers: Headers, status: Int, detail: String) {
        do throws(RequestProblem) {
            _ = try Self.head(headers)
            Issue.record("it is taken")
        } catch {
            #expect(error.status == status)
            #expect(error.detail == detail)
        }
    }

    @Test("is refused with a method that nobody knows", arguments: ["get", "TRACE", "", "G\u{0}T"])
    func method(method: String) {
        #expect(throws: RequestProblem.self) { try Self.head([:], method: method) }
    }

    @Test func `names its host, except by an old client`() throws {
        _ = try RequestHead(method: "GET", target: "/", version: "HTTP/1.0", headers: [:])
        #expect(throws: RequestProblem.self) {
            try RequestHead(method: "GET", target: "/", version: "HTTP/1.1", headers: [:])
        }
    }

    @Test func `a problem is told as JSON`() throws {
        let response = RequestProblem(400, "a \"quoted\" thing", hint: "do so").response
        #expect(response.status == 400)
        #expect(response.headers["content-type"] == "application/problem+json")
        guard case .bytes(let body) = response.body else { return }
        let expected = #"""
            {"type":"about:blank","title":"Bad Request","status":400,\#
            "detail":"a \"quoted\" thing","hint":"do so"}
            """#
        #expect(String(decoding: body, as: UTF8.self) == expected)
    }

    @Test(
        "an answer that could not be sent is known for it",
        arguments: [
            (Response(200), true), (Response(599, ["X-A": "b\tc é"]), true), (Response(199), false),
            (Response(600), false), (Response(200, ["X": "a\r\nY: b"]), false),
            (Response(200, ["X:": "a"]), false), (Response(200, ["": "a"]), false),
            (Response(200, ["X Y": "a"]), false), (Response(200, ["X": "\u{0}"]), false),
        ])
    func sound(response: Response, isSound: Bool) { #expect(response.isSound == isSound) }
}

@Suite("Headers") struct HeadersTests {
    @Test(
        "are found in small and large letters",
        arguments: [
            ("x-a", "1"), ("X-A", "1"), ("X-a", "1"), ("x-b", nil), ("x_a", nil), ("x-", nil),
            ("x-a ", nil), ("[", nil), ("{", "2"),
        ])
    func found(name: String, value: String?) {
        let headers = Headers([Field("X-A", "1"), Field("{", "2"), Field("x-a", "3")])
        #expect(headers[name] == value)
    }

    @Test func `of one name are found in the order they came`() {
        let headers = Headers([Field("A", "1"), Field("b", "2"), Field("a", "3")])
        #expect(headers.all("a") == ["1", "3"])
    }
}
