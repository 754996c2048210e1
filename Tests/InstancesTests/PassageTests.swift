import Attempts
import Instances
import Support
import Testing

@Suite("Through the door of an instance") struct PassageTests {
    @Test func `a large upload that comes slowly arrives whole`() throws {
        let house = try Serving()
        try house.instances.launch(try Serving.spec(Serving.good))
        let door = try #require(try house.wait { $0.condition == .healthy }.door)
        let client = try TestSocket(door: door)
        let size = 3_000_000
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
        for _ in 0..<300 { client.send([UInt8](repeating: 7, count: size / 300)) }
        #expect(client.receive(until: "\(size)").hasSuffix("\r\n\r\n\(size)"))
    }

    @Test func `a connection stays for as long as both like, and others do not disturb it`() throws
    {
        let house = try Serving()
        let command = """
            cat > /tmp/server.py <<'END'
            import os, socketserver
            class Talk(socketserver.StreamRequestHandler):
                def handle(self):
                    for line in self.rfile: self.wfile.write(line.upper())
                    self.wfile.write(b'over')
            class Server(socketserver.ThreadingTCPServer): request_queue_size = 500
            Server(('', int(os.environ['PORT'])), Talk).serve_forever()
            END
            exec python3 /tmp/server.py
            """
        try house.instances.launch(try Serving.spec(command, health: .accepts))
        let door = try #require(try house.wait { $0.condition == .healthy }.door)
        let long = try TestSocket(door: door)
        for round in 0..<300 {
            long.send("word \(round)\n")
            #expect(long.receive(until: "\n") == "WORD \(round)\n")
            let other = try TestSocket(door: door)
            other.send("x\n")
            other.finish()
            #expect(other.receiveToEnd() == "X\nover")
        }
        long.finish()
        #expect(long.receiveToEnd() == "over")
    }

    @Test func `one that listens at the sixth version alone is reached`() throws {
        let house = try Serving()
        let command = """
            cat > /tmp/server.py <<'END'
            import os, socket
            server = socket.create_server(('::1', int(os.environ['PORT'])), family=socket.AF_INET6)
            while True:
                talk, _ = server.accept()
                talk.sendall(b'sixth')
                talk.close()
            END
            exec python3 /tmp/server.py
            """
        try house.instances.launch(try Serving.spec(command, health: .accepts))
        let door = try #require(try house.wait { $0.condition == .healthy }.door)
        #expect(try TestSocket(door: door).receiveToEnd() == "sixth")
    }

    @Test func `nobody is taken in before it was found well`() throws {
        let house = try Serving()
        try house.instances.launch(try Serving.spec("exec tail -f /dev/null"))
        let door = try #require(try house.wait { $0.door != nil }.door)
        #expect(throws: TestSocket.Failed.self) { try TestSocket(door: door) }
    }
}
