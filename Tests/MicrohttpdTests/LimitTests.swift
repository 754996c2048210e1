import HTTP
import Microhttpd
import Support
import Testing

@Suite("A server that is pressed") struct LimitTests {
    private static let ask = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(
        "sends away who does not bring a whole request in time, whatever is trickled",
        arguments: ["", "G", "GET / HTTP/1.1\r\nHost: a\r\nX: ", ask + "GET /"])
    func patience(text: String) throws {
        var limits = Limits()
        limits.patienceMilliseconds = 100
        let served = try Served(limits: limits)
        let socket = try served.connect()
        socket.send(text)
        // It ends although there is always another byte on its way.
        while socket.send("a") {}
        #expect(try served.ask("GET / HTTP/1.0\r\n\r\n").contains("200 OK"))
    }

    @Test func `sends away who does not bring a body in time`() throws {
        var limits = Limits()
        limits.patienceMilliseconds = 100
        let served = try Served(limits: limits)
        let socket = try served.connect()
        socket.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
        while socket.send("a") {}
        #expect(served.records.next()?.status == nil)
    }

    @Test func `hurries nobody who waits for an answer`() throws {
        var limits = Limits()
        limits.patienceMilliseconds = 50
        let served = try Served(limits: limits)
        let (patient, hasty) = (try served.connect(), try served.connect())
        patient.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
        let answering = try #require(served.held.next())
        // The other one came later, and its time is over.
        #expect(hasty.waitForEnd())
        answering.answer(Response(200))
        #expect(patient.receive(until: "\r\n\r\n").contains("200 OK"))
    }

    @Test func `that is full sends away who has said nothing for longest`() throws {
        var limits = Limits()
        limits.connections = 20
        let served = try Served(limits: limits)
        let silent = try (0..<20).map { _ in
            let socket = try served.connect()
            socket.send("G")
            return socket
        }
        let heard = try (0..<50).map { _ in
            let socket = try served.connect()
            socket.send(Self.ask)
            #expect(socket.receive(until: "127.0.0.1").contains("200 OK"))
            return socket
        }
        // Each of them stays, so that one after the other of the silent has to go.
        #expect(silent.allSatisfy { $0.waitForEnd() })
        #expect(heard[49].send(Self.ask))
        #expect(heard[49].receive(until: "127.0.0.1").contains("200 OK"))
    }

    @Test func `answers between many who open connections and say nothing`() throws {
        var limits = Limits()
        limits.connections = 50
        let served = try Served(limits: limits)
        let flood = try (0..<500).map { _ in
            let socket = try served.connect()
            socket.send("G")
            return socket
        }
        #expect(try served.ask("GET / HTTP/1.0\r\n\r\n").contains("200 OK"))
        #expect(flood.count == 500)
    }
}

@Suite("Where a server listens") struct ListenAddressTests {
    @Test(
        "is written as it is read",
        arguments: [
            ("127.0.0.1:80", "127.0.0.1:80"), ("[::1]:0", "[::1]:0"), (":8080", ":8080"),
            ("*:1", ":1"), ("localhost:9", "127.0.0.1:9"), ("[::]:443", "[::]:443"),
        ])
    func words(text: String, written: String) throws {
        #expect(try ListenAddress(parsing: text).description == written)
    }

    @Test(
        "is refused where it makes no sense",
        arguments: [
            ("", "has no port at its end"), ("127.0.0.1", "has no port at its end"),
            ("127.0.0.1:", "has no port at its end"), ("1.2.3.4:65536", "has no port at its end"),
            ("::1:80", "is not an IP address"), ("example.org:80", "is not an IP address"),
            ("[127.0.0.1]:80", "has no IPv6 in brackets"), ("[x]:80", "has no IPv6 in brackets"),
        ])
    func refused(text: String, words: String) {
        do throws(ServerProblem) {
            _ = try ListenAddress(parsing: text)
            Issue.record("it is taken")
        } catch {
            #expect(error.description == "the address '\(text)' to listen at \(words)")
        }
    }

    @Test(
        "is served there", arguments: ["[::1]:0", ":0", "127.0.0.1:0"])
    func served(address: String) throws {
        let served = try Served(on: address)
        #expect(served.port > 0)
        guard address != "[::1]:0" else { return }
        #expect(try served.ask("GET / HTTP/1.0\r\n\r\n").hasSuffix("127.0.0.1"))
    }

    @Test func `is told when somebody else listens there`() throws {
        let listener = try TestListener()
        do throws(ServerProblem) {
            let address = try ListenAddress(parsing: "127.0.0.1:\(listener.port)")
            _ = try HTTPServer.start(on: address) { _, _ in }
            Issue.record("it is taken")
        } catch {
            #expect(
                "\(error)"
                    == "cannot listen at '127.0.0.1:\(listener.port)': Address already in use")
            #expect(error.hint.hasPrefix("another program listens there"))
        }
    }
}
