import Doors
import Support
import Testing

@Suite("A door") struct DoorTests {
    private func door(to listener: TestListener, most: Int = 1_000) throws -> Door {
        try Door(at: ["127.0.0.1"], to: listener.port, most: most) {}
    }

    private func client(of door: Door) throws -> TestSocket {
        let port = try #require(door.endpoint.split(separator: ":").last.flatMap { UInt16($0) })
        return try TestSocket(to: port)
    }

    @Test func `passes on what is said, both ways, and who has finished`() throws {
        let inside = try TestListener()
        let door = try door(to: inside)
        #expect(door.open())
        let outer = try client(of: door)
        outer.send("question")
        outer.finish()
        let inner = try inside.next()
        #expect(inner.receive(until: "question") == "question")
        #expect(inner.waitForEnd())
        inner.send("answer")
        inner.finish()
        #expect(outer.receive(until: "answer") == "answer")
        #expect(outer.waitForEnd())
    }

    @Test func `refuses before it is opened and after it is closed, and lets others go on`() throws
    {
        let inside = try TestListener()
        let door = try door(to: inside)
        #expect(throws: TestSocket.Failed.self) { try client(of: door) }
        door.open()
        let outer = try client(of: door)
        let inner = try inside.next()
        door.close()
        #expect(throws: TestSocket.Failed.self) { try client(of: door) }
        outer.send("still here")
        #expect(inner.receive(until: "here") == "still here")
        inner.send("so am I")
        #expect(outer.receive(until: "I") == "so am I")
    }

    @Test func `hangs up on who has come while nobody listens inside`() throws {
        let door: Door
        do {
            let inside = try TestListener()
            door = try self.door(to: inside)
        }
        door.open()
        #expect(try client(of: door).waitForEnd())
    }

    @Test func `cuts off one side where the other was cut off`() throws {
        let inside = try TestListener()
        let door = try door(to: inside)
        door.open()
        let outer = try client(of: door)
        var inner: TestSocket? = try inside.next()
        outer.send("x")
        #expect(inner?.receive() == [UInt8(ascii: "x")])
        // Closed with something unread is cut off.
        outer.send("unread")
        #expect(inner?.isReadable == true)
        inner = nil
        #expect(outer.waitForEnd())
        #expect(!outer.send([UInt8](repeating: 0, count: 1 << 20)))
    }

    @Test func `makes who sends too fast wait, and loses nothing`() throws {
        let inside = try TestListener()
        let door = try door(to: inside)
        door.open()
        let outer = try client(of: door)
        let inner = try inside.next()
        let sent = outer.sendRounds()
        #expect(sent < 64 << 20)
        outer.finish()
        var received = 0
        while true {
            let piece = inner.receive(atMost: 1 << 20)
            if piece.isEmpty { break }
            #expect(Rounds.areNext(piece, after: received))
            received += piece.count
        }
        #expect(received == sent)
    }

    @Test func `holds many connections at a time`() throws {
        let inside = try TestListener()
        let door = try door(to: inside)
        door.open()
        var pairs: [(TestSocket, TestSocket)] = []
        for number in 0..<200 {
            let outer = try client(of: door)
            outer.send("\(number)\n")
            pairs.append((outer, try inside.next()))
        }
        for (number, pair) in pairs.enumerated().reversed() {
            #expect(pair.1.receive(until: "\n") == "\(number)\n")
            pair.1.send("answer \(number)\n")
        }
        for (number, pair) in pairs.enumerated() {
            #expect(pair.0.receive(until: "\n") == "answer \(number)\n")
        }
    }

    @Test func `lets those wait who are too many, until others have gone`() throws {
        let inside = try TestListener()
        let door = try door(to: inside, most: 1)
        door.open()
        let first = try client(of: door)
        let firstInside = try inside.next()
        let second = try client(of: door)
        second.send("second")
        first.send("first")
        #expect(firstInside.receive(until: "first") == "first")
        #expect(!inside.isCalled)
        first.finish()
        firstInside.finish()
        #expect(first.waitForEnd())
        #expect(try inside.next().receive(until: "second") == "second")
    }

    @Test func `brings out what was said at last before it goes`() throws {
        let inside = try TestListener()
        let door = try door(to: inside)
        door.open()
        let outer = try client(of: door)
        let inner = try inside.next()
        inner.send([UInt8](repeating: 1, count: 200_000))
        inner.finish()
        door.leave()
        var count = 0
        while true {
            let piece = outer.receive()
            if piece.isEmpty { break }
            count += piece.count
        }
        #expect(count == 200_000)
    }
}
