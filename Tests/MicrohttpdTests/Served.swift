import Glibc
import HTTP
import Microhttpd
import Support
import Synchronization

/// A real server on a port of this machine, with a handler that shows what it was asked.
struct Served {
    let server: HTTPServer
    let held: Held
    let records: Records

    /// Those that a test answers when it likes.
    final class Held: Sendable {
        private let all = Mutex<[any Answering]>([])
        let bell: TestBell

        init() throws { bell = try TestBell() }

        func hold(_ answering: any Answering) {
            all.withLock { $0.append(answering) }
            bell.ring()
        }

        /// Waits for the next that is held, and takes it.
        func next() -> (any Answering)? {
            guard bell.hear() else { return nil }
            return all.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
    }

    final class Records: Sendable {
        private let all = Mutex<[AccessRecord]>([])
        let bell: TestBell

        init() throws { bell = try TestBell() }

        func add(_ record: AccessRecord) {
            all.withLock { $0.append(record) }
            bell.ring()
        }

        func next() -> AccessRecord? {
            guard bell.hear() else { return nil }
            return all.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
    }

    init(
        limits: Limits = Limits(), tls: Certificate? = nil, on address: String = "127.0.0.1:0",
        stream: @escaping @Sendable () -> any ByteStream = { Fixed([]) }
    ) throws {
        let held = try Held()
        let records = try Records()
        self.held = held
        self.records = records
        let handler = Self.handler(held, stream)
        let most = limits.bodyBytes
        server = try HTTPServer.start(
            on: ListenAddress(parsing: address), tls: tls, limits: limits,
            porter: { Self.entrance(of: $0, atMost: most, handler) }, log: { records.add($0) },
            handler: handler)
    }

    private static func handler(
        _ held: Held, _ stream: @escaping @Sendable () -> any ByteStream
    ) -> Handler {
        { request, answering in
            switch request.path.first {
            case "hold": held.hold(answering)
            case "forget": break
            case "elsewhere":
                let beside = try? Beside { answering.answer(Self.told(request)) }
                if beside == nil { answering.answer(Response(503)) }
            case "twice":
                answering.answer(Response(200, [:], Array("first".utf8)))
                answering.answer(Response(500, [:], Array("second".utf8)))
            case "stream": answering.answer(Response(200, stream: stream()))
            case "sized":
                answering.answer(
                    Response(200, ["Content-Length": "10"], stream: stream()))
            case "empty": answering.answer(Response(204))
            case "bad":
                answering.answer(Response(200, ["X-Bad": "a\r\nX-Evil: b"]))
            default: answering.answer(Self.told(request))
            }
        }
    }

    /// Who says a name is known by it; what is closed is refused.
    private static func entrance(
        of request: Request, atMost most: Int, _ handler: @escaping Handler
    ) -> Entrance {
        if request.path == ["closed"] { return .refused(Response(401, [:], Array("no".utf8))) }
        return .open(
            atMost: request.path == ["small"] ? 4 : most,
            for: request.headers["Name"].map { .known($0) } ?? .stranger(request.peer),
            then: handler)
    }

    var port: UInt16 { server.address.port }

    func connect(window: Int32? = nil) throws -> TestSocket {
        try TestSocket(to: port, window: window)
    }

    /// What comes back for these bytes until the server hangs up.
    func ask(_ text: String) throws -> String {
        let socket = try connect()
        socket.send(text)
        return socket.receiveToEnd()
    }

    private static func told(_ request: Request) -> Response {
        let path = request.path.map { "<\($0)>" }.joined()
        let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        let body = String(decoding: request.body, as: UTF8.self)
        let text = "\(request.method.rawValue) \(path) \(query) [\(body)] \(request.peer)"
        return Response(200, ["Content-Type": "text/plain"], Array(text.utf8))
    }
}

/// A stream of what is known beforehand.
final class Fixed: ByteStream {
    private let pieces: Mutex<[StreamPiece]>

    init(_ pieces: [StreamPiece]) { self.pieces = Mutex(pieces) }

    func begin(wake: @escaping @Sendable () -> Void) {}
    func end() {}
    func next(atMost count: Int) -> StreamPiece {
        pieces.withLock { $0.isEmpty ? .end : $0.removeFirst() }
    }
}

/// A stream that a test feeds, and whose life it watches.
final class Fed: ByteStream {
    private struct State: ~Copyable {
        var pieces: [StreamPiece] = []
        var wake: (@Sendable () -> Void)?
        var ends = 0
        var asked = 0
    }

    private let state = Mutex(State())
    let begun: TestBell
    let ended: TestBell

    init() throws {
        begun = try TestBell()
        ended = try TestBell()
    }

    var ends: Int { state.withLock { $0.ends } }
    var asked: Int { state.withLock { $0.asked } }

    func feed(_ piece: StreamPiece) {
        let wake = state.withLock { state in
            state.pieces.append(piece)
            return state.wake
        }
        wake?()
    }

    func feed(_ text: String) { feed(.bytes(Array(text.utf8))) }

    func begin(wake: @escaping @Sendable () -> Void) {
        state.withLock { $0.wake = wake }
        begun.ring()
    }

    func next(atMost count: Int) -> StreamPiece {
        state.withLock { state in
            state.asked += 1
            return state.pieces.isEmpty ? .later : state.pieces.removeFirst()
        }
    }

    func end() {
        state.withLock { $0.ends += 1 }
        ended.ring()
    }
}
