import HTTP
import Microhttpd
import Support
import Testing

@Suite("A server that stops") struct StopTests {
    private static let hold = "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `lets answers end and takes nothing new`() throws {
        let served = try Served()
        let socket = try served.connect()
        socket.send(Self.hold)
        let answering = try #require(served.held.next())
        let idle = try served.connect()
        let stopping = try Beside { served.server.stop(within: 20_000) }
        // Whoever has said nothing is sent away, which shows that the stop has begun.
        #expect(idle.waitForEnd())
        answering.answer(Response(200, [:], Array("well".utf8)))
        let answer = socket.receiveToEnd()
        #expect(answer.contains("200 OK") && answer.hasSuffix("well"))
        #expect(answer.contains("Connection: close"))
        _ = try stopping.result()
        #expect(throws: TestSocket.Failed.self) { try served.connect() }
        #expect(served.server.connections == 0 && served.server.requests == 0)
    }

    @Test func `answers itself where nobody else does in time`() throws {
        let served = try Served()
        let socket = try served.connect()
        socket.send(Self.hold)
        let answering = try #require(served.held.next())
        served.server.stop(within: 0)
        #expect(socket.receiveToEnd().contains("503 Service Unavailable"))
        answering.answer(Response(200))
    }

    @Test func `breaks off streams that rest, at once`() throws {
        let fed = try Fed()
        let served = try Served(stream: { fed })
        let socket = try served.connect()
        socket.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = socket.receive(until: "\r\n\r\n")
        served.server.stop(within: 60_000)
        #expect(socket.waitForEnd())
        #expect(fed.ended.hear() && fed.ends == 1)
        fed.feed("nobody hears this")
    }

    @Test func `is not held up by a client that does not read`() throws {
        final class Endless: ByteStream {
            let ended: TestBell

            init(_ ended: TestBell) { self.ended = ended }

            func begin(wake: @escaping @Sendable () -> Void) {}
            func next(atMost count: Int) -> StreamPiece {
                .bytes([UInt8](repeating: 120, count: count))
            }
            func end() { ended.ring() }
        }
        let ended = try TestBell()
        let served = try Served(stream: { Endless(ended) })
        let socket = try served.connect(window: 4_096)
        socket.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = socket.receive(until: "\r\n\r\n")
        served.server.stop(within: 0)
        #expect(ended.hear())
    }

    @Test func `while it is busy loses no answer that it has begun`() throws {
        for _ in 0..<10 {
            let served = try Served()
            let clients = try (0..<4).map { _ in
                try Beside { () -> Bool in
                    var isWhole = true
                    while let socket = try? served.connect() {
                        socket.send(
                            "GET /elsewhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        let answer = socket.receiveToEnd()
                        if answer.isEmpty { continue }
                        if !answer.hasSuffix("127.0.0.1"), !answer.contains("503 ") {
                            isWhole = false
                        }
                    }
                    return isWhole
                }
            }
            for _ in 0..<20 { _ = served.records.next() }
            served.server.stop(within: 5_000)
            for client in clients { #expect(try client.result() == true) }
        }
    }

    @Test func `stops once, and leaves its port to the next`() throws {
        let first = try Served()
        first.server.stop(within: 100)
        first.server.stop(within: 100)
        let second = try Served(on: "127.0.0.1:\(first.port)")
        #expect(try second.ask("GET / HTTP/1.0\r\n\r\n").contains("200 OK"))
    }
}
