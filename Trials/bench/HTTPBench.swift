import Glibc
import HTTP
import Microhttpd
import Synchronization

/// A server for `scripts/bench-http`: it tells its port, and serves until its input ends.
enum HTTPBench {
    static func serve() throws {
        let json = Array(#"{"name":"shop","mode":"superseded","waiting":[]}"#.utf8)
        let server = try HTTPServer.start(on: ListenAddress(parsing: "127.0.0.1:0")) {
            request, answering in
            if request.path == ["idle"] {
                answering.answer(Response(200, stream: Idle()))
            } else {
                answering.answer(Response(200, ["Content-Type": "application/json"], json))
            }
        }
        print(server.address.port)
        fflush(nil)
        while readLine() != nil {}
        server.stop(within: 1_000)
    }

    /// Says a word and then nothing, as a log does that nobody writes to.
    private final class Idle: ByteStream {
        private let hasSpoken = Atomic(false)

        func begin(wake: @escaping @Sendable () -> Void) {}
        func end() {}
        func next(atMost count: Int) -> StreamPiece {
            let first = !hasSpoken.exchange(true, ordering: .relaxed)
            return first ? .bytes(Array(EventText.heartbeat.utf8)) : .later
        }
    }
}
