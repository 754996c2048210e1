import HTTP
import Microhttpd
import Support
import Synchronization
import Testing

@Suite("A stream") struct StreamTests {
    private static let ask = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A server of one stream, and a client that listens to it.
    private struct Listening {
        let served: Served
        let socket: TestSocket

        init(to fed: Fed, by text: String = ask) throws {
            served = try Served(stream: { fed })
            socket = try served.connect()
            socket.send(text)
        }

        func receive(until text: String) -> String { socket.receive(until: text) }
    }

    @Test func `is sent as it comes`() throws {
        let fed = try Fed()
        let client = try Listening(to: fed)
        #expect(fed.begun.hear())
        #expect(client.receive(until: "\r\n\r\n").contains("Transfer-Encoding: chunked"))
        for word in ["one", "two", "three"] {
            fed.feed(word)
            #expect(client.receive(until: word).contains(word))
        }
        fed.feed(.end)
        #expect(client.receive(until: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
        #expect(fed.ended.hear() && fed.ends == 1)
        client.socket.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.receive(until: "127.0.0.1").contains("<next>"))
    }

    @Test func `is asked no more while it has nothing to say`() throws {
        let fed = try Fed()
        let client = try Listening(to: fed)
        _ = client.receive(until: "\r\n\r\n")
        fed.feed("a")
        #expect(client.receive(until: "a").contains("a"))
        fed.feed("b")
        #expect(client.receive(until: "b").contains("b"))
        // Once for each word, and once after it in vain.
        #expect(fed.asked <= 6)
    }

    @Test func `loses nothing, however many wake it at once`() throws {
        let fed = try Fed()
        let client = try Listening(to: fed)
        _ = client.receive(until: "\r\n\r\n")
        let feeders = try (0..<4).map { feeder in
            try Beside { for index in 0..<2_000 { fed.feed("<\(feeder):\(index)>") } }
        }
        let listener = try Beside { client.receive(until: "\r\n0\r\n\r\n") }
        for feeder in feeders { _ = try feeder.result() }
        fed.feed(.end)
        let text = try #require(try listener.result())
        for feeder in 0..<4 {
            let numbers = text.split(separator: "<\(feeder):").dropFirst().map {
                Int($0.prefix { $0 != ">" })
            }
            #expect(numbers == (0..<2_000).map { $0 })
        }
    }

    @Test func `a client that does not read is not read for`() throws {
        let piece = StreamPiece.bytes([UInt8](repeating: 120, count: 1_000))
        let pieces = 30_000
        let given = Atomic(0)
        final class Counted: ByteStream {
            let next: @Sendable () -> StreamPiece
            let bell: TestBell

            init(_ bell: TestBell, _ next: @escaping @Sendable () -> StreamPiece) {
                self.bell = bell
                self.next = next
            }

            func begin(wake: @escaping @Sendable () -> Void) {}
            func next(atMost count: Int) -> StreamPiece { next() }
            func end() { bell.ring() }
        }
        let ended = try TestBell()
        let served = try Served(stream: {
            Counted(ended) {
                given.add(1, ordering: .relaxed).newValue <= pieces ? piece : .end
            }
        })
        let socket = try served.connect(window: 4_096)
        socket.send(Self.ask)
        _ = socket.receive(until: "\r\n\r\n")
        // Others are served meanwhile, and it does not come to its end by itself.
        for _ in 0..<50 {
            #expect(try served.ask("GET / HTTP/1.0\r\n\r\n").contains("200 OK"))
        }
        #expect(given.load(ordering: .relaxed) < pieces / 2)
        #expect(!ended.isRinging)
        #expect(socket.receive(until: "\r\n0\r\n\r\n").hasSuffix("0\r\n\r\n"))
        #expect(ended.hear())
    }

    @Test func `ends once when its client leaves while it rests`() throws {
        let fed = try Fed()
        let served = try Served(stream: { fed })
        var socket: TestSocket? = try served.connect()
        socket?.send(Self.ask)
        _ = socket?.receive(until: "\r\n\r\n")
        #expect(fed.begun.hear())
        socket = nil
        #expect(fed.ended.hear())
        fed.feed("nobody hears this")
        #expect(served.records.next()?.status == 200)
        #expect(fed.ends == 1)
    }

    @Test func `ends once when its client leaves while it speaks`() throws {
        for _ in 0..<20 {
            let fed = try Fed()
            let client = try Listening(to: fed)
            let leaving = try Beside {
                _ = client.receive(until: "xxx")
                client.socket.finish()
            }
            while !fed.ended.isRinging, client.served.server.requests > 0 || fed.asked == 0 {
                fed.feed(String(repeating: "x", count: 500))
            }
            _ = try leaving.result()
            #expect(fed.ended.hear() && fed.ends == 1)
        }
    }

    @Test func `is neither begun nor sent when only its head is asked for`() throws {
        let fed = try Fed()
        let client = try Listening(
            to: fed, by: "HEAD /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(client.socket.receiveToEnd().hasSuffix("\r\n\r\n"))
        #expect(fed.ended.hear() && fed.ends == 1)
        #expect(!fed.begun.isRinging && fed.asked == 0)
    }

    @Test func `ends when it is an answer that comes too late`() throws {
        let served = try Served()
        var socket: TestSocket? = try served.connect()
        socket?.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
        let answering = try #require(served.held.next())
        let (first, second) = (try Fed(), try Fed())
        socket = nil
        answering.answer(Response(200, stream: first))
        answering.answer(Response(200, stream: second))
        #expect(first.ended.hear() && first.ends == 1)
        #expect(second.ended.hear() && second.ends == 1)
    }

    @Test func `of a known length is sent with it`() throws {
        let pieces = [StreamPiece.bytes(Array("hello".utf8)), .bytes(Array("world".utf8))]
        let served = try Served(stream: { Fixed(pieces) })
        let answer = try served.ask("GET /sized HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(answer.contains("Content-Length: 10\r\n") && !answer.contains("chunked"))
        #expect(answer.hasSuffix("\r\n\r\nhelloworld"))
        #expect(served.records.next()?.bytes == 10)
    }

    @Test func `that ends before its length shows as broken`() throws {
        let served = try Served(stream: { Fixed([.bytes(Array("hello".utf8))]) })
        let answer = try served.ask("GET /sized HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.contains("Content-Length: 10\r\n") && answer.hasSuffix("hello"))
    }

    @Test func `that gives too much or nothing is broken off`() throws {
        for piece in [[], [UInt8](repeating: 120, count: 1 << 20)] {
            let served = try Served(stream: { Fixed([.bytes(piece)]) })
            let answer = try served.ask("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(!answer.contains("0\r\n\r\n") && !answer.contains("xx"))
        }
    }

    @Test func `to an old client ends with the connection`() throws {
        let served = try Served(stream: { Fixed([.bytes(Array("hello".utf8))]) })
        let answer = try served.ask("GET /stream HTTP/1.0\r\n\r\n")
        #expect(answer.hasSuffix("\r\n\r\nhello"))
    }

    @Test func `has room beside a thousand others`() throws {
        let streams = Mutex<[Fed]>([])
        let served = try Served(stream: {
            let fed = try? Fed()
            if let fed { streams.withLock { $0.append(fed) } }
            return fed ?? Fixed([])
        })
        let sockets = try (0..<1_000).map { _ in
            let socket = try served.connect()
            socket.send(Self.ask)
            return socket
        }
        for socket in sockets { #expect(socket.receive(until: "\r\n\r\n").contains("200 OK")) }
        #expect(served.server.connections == 1_000)
        #expect(try served.ask("GET / HTTP/1.0\r\n\r\n").contains("200 OK"))
        let all = streams.withLock { $0 }
        #expect(all.count == 1_000)
        for fed in all { fed.feed("to all") }
        for socket in sockets { #expect(socket.receive(until: "to all").contains("to all")) }
        for fed in all { fed.feed(.end) }
        for socket in sockets { _ = socket.receive(until: "0\r\n\r\n") }
        #expect(all.allSatisfy { $0.ended.hear() && $0.ends == 1 })
    }
}
