import Doors
import Support
import Testing

@Suite("A door") struct DoorTests {
    private func door(to listener: TestListener) throws -> Door {
        try Door(at: ["127.0.0.1"], to: listener.port) { true }
    }

    private func client(of door: Door) throws -> TestSocket {
        let port = try #require(door.endpoint.split(separator: ":").last.flatMap { UInt16($0) })
        return try TestSocket(to: port)
    }

    @Test func `passes on what is said, both ways, and who has finished`() throws {
        let inside = try TestListener()
        let door = try door(to: inside)
        door.open()
        let outer = try TestSocket.whenOpen { try client(of: door) }
        outer.send("question")
        outer.finish()
        let inner = try inside.next()
        #expect(inner.receiveToEnd() == "question")
        inner.send("answer")
        inner.finish()
        #expect(outer.receiveToEnd() == "answer")
    }
}
