import Grpc
import Testing

/// The client's side of HTTP/2, written by hand: what is sent is then not what the server's own
/// library takes to be right.
enum Frames {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4, 0, 0, [])

    static func frame(_ kind: UInt8, _ flags: UInt8, _ stream: Int, _ body: [UInt8]) -> [UInt8] {
        [16, 8, 0].map { UInt8(body.count >> $0 & 0xFF) } + [kind, flags]
            + [24, 16, 8, 0].map { UInt8(stream >> $0 & 0xFF) } + body
    }

    /// Each field with its name and in plain letters.
    static func head(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { name, value in
            [0, UInt8(name.utf8.count)] + name.utf8 + [UInt8(value.utf8.count)] + value.utf8
        }
    }

    static func call(_ path: String, on stream: Int, _ body: [UInt8]) -> [UInt8] {
        let fields = [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x"),
            ("content-type", "application/grpc"), ("te", "trailers"),
        ]
        return frame(1, 4, stream, head(fields)) + frame(0, 1, stream, body)
    }

    static func message(_ text: String) -> [UInt8] {
        [0, 0, 0, 0, UInt8(text.utf8.count)] + text.utf8
    }

    struct Frame {
        let kind: UInt8
        let flags: UInt8
        let stream: Int
        let body: [UInt8]
    }

    static func read(_ bytes: [UInt8]) -> [Frame] {
        var rest = bytes[...]
        var frames: [Frame] = []
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = head[0..<3].reduce(0) { $0 << 8 | Int($1) }
            frames.append(
                Frame(
                    kind: head[3], flags: head[4],
                    stream: head[5..<9].reduce(0) { $0 << 8 | Int($1) },
                    body: Array(rest.dropFirst(9).prefix(length))))
            rest = rest.dropFirst(9 + length)
        }
        return frames
    }
}

@Suite("A server of gRPC") struct GrpcServerTests {
    private static func echo() throws -> GrpcServer {
        try GrpcServer { path, message in
            path == "/echo/Echo"
                ? .message(message + Array("!".utf8)) : .refused(.notFound, "no '\(path)' here")
        }
    }

    @Test func `answers a call with head, message and trailers`() throws {
        let server = try Self.echo()
        try server.receive(Frames.preface + Frames.call("/echo/Echo", on: 1, Frames.message("hi")))
        let frames = Frames.read(try server.send()).filter { $0.stream == 1 }
        #expect(frames.map(\.kind) == [1, 0, 1])
        #expect(frames[1].body == Frames.message("hi!"))
        // The end stands behind the trailers and nowhere else.
        #expect(frames.map { $0.flags & 1 } == [0, 0, 1])
        #expect(!server.isOver)
    }

    @Test func `understands it in whatever pieces it comes`() throws {
        let server = try Self.echo()
        var sent: [UInt8] = []
        let calls =
            Frames.call("/echo/Echo", on: 1, Frames.message("a"))
            + Frames.call("/echo/Echo", on: 3, Frames.message("b"))
        for byte in Frames.preface + calls {
            try server.receive([byte])
            sent += try server.send()
        }
        let bodies = Frames.read(sent).filter { $0.kind == 0 }.map(\.body)
        #expect(bodies == [Frames.message("a!"), Frames.message("b!")])
    }

    @Test(
        "refuses what it cannot answer with a head alone",
        arguments: [
            ("/other", Frames.message("x")), ("/echo/Echo", [1, 0, 0, 0, 1, 0]),
            ("/echo/Echo", [0, 0, 0, 0, 9, 0]), ("/echo/Echo", []),
        ])
    func refusals(path: String, body: [UInt8]) throws {
        let server = try Self.echo()
        try server.receive(Frames.preface + Frames.call(path, on: 1, body))
        let frames = Frames.read(try server.send()).filter { $0.stream == 1 }
        #expect(frames.map(\.kind) == [1])
        #expect(frames.map { $0.flags & 1 } == [1])
    }

    @Test func `sends an answer longer than one frame whole`() throws {
        let long = [UInt8](repeating: 7, count: 50_000)
        let server = try GrpcServer { _, _ in .message(long) }
        try server.receive(Frames.preface + Frames.call("/x", on: 1, Frames.message("")))
        let bodies = Frames.read(try server.send()).filter { $0.kind == 0 }
        #expect(bodies.count > 1)
        #expect(Array(bodies.flatMap(\.body).dropFirst(5)) == long)
    }

    @Test func `keeps no more of a question than one may have`() throws {
        var asked = 0
        let server = try GrpcServer { _, message in
            asked += 1
            return .message(message)
        }
        try server.receive(Frames.preface + Frames.call("/x", on: 1, []).dropLast(9))
        for _ in 0..<8 {
            try server.receive(Frames.frame(0, 0, 1, [UInt8](repeating: 0, count: 16_000)))
            _ = try server.send()
        }
        try server.receive(Frames.frame(0, 1, 1, []))
        let frames = Frames.read(try server.send()).filter { $0.stream == 1 && $0.kind == 1 }
        #expect(frames.count == 1)
        #expect(asked == 0)
    }

    /// Says of each message how often it was heard, and ends after the one that says so.
    private final class Echoing: GrpcTalk {
        private var waiting: [GrpcSaying] = []

        func hear(_ message: [UInt8]) {
            switch String(decoding: message, as: UTF8.self) {
            case "end": waiting.append(.end)
            case "bad": waiting.append(.refused(.aborted, "no more"))
            default: waiting += [.message(message), .message(message)]
            }
        }

        func say() -> GrpcSaying { waiting.isEmpty ? .nothing : waiting.removeFirst() }
    }

    @Test(
        "talks until it has an end",
        arguments: [("end", "0"), ("bad", "\(GrpcStatus.aborted.rawValue)")])
    func talks(last: String, code: String) throws {
        let server = try GrpcServer { path, fields in
            path == "/talk" && fields.contains { $0.name == "te" && $0.value == "trailers" }
                ? Echoing() : nil
        } answering: { _, _ in
            .refused(.notFound, "none")
        }
        let call = Frames.call("/talk", on: 1, [])
        try server.receive(Frames.preface + call.dropLast(9))
        #expect(Frames.read(try server.send()).filter { $0.stream == 1 }.map(\.kind) == [1])
        for text in ["a", "b"] {
            for byte in Frames.message(text) {
                try server.receive(Frames.frame(0, 0, 1, [byte]))
            }
            let said = Frames.read(try server.send()).filter { $0.kind == 0 }
            #expect(said.flatMap(\.body) == Frames.message(text) + Frames.message(text))
        }
        try server.receive(Frames.frame(0, 0, 1, Frames.message(last)))
        let end = Frames.read(try server.send()).filter { $0.stream == 1 }
        #expect(end.last?.kind == 1 && end.last?.flags == 5)
        #expect(end.last.map { $0.body.contains(code.utf8.first ?? 0) } == true)
    }

    @Test func `gives up on a side that speaks something else`() throws {
        let server = try Self.echo()
        #expect(throws: GrpcProblem.self) {
            try server.receive(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        }
        #expect(server.isOver)
    }
}
