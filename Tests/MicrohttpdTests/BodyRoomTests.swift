import HTTP
import Microhttpd
import Support
import Testing

@Suite("Room for bodies") struct BodyRoomTests {
    @Test func `one may have an eighth of what is left for others`() {
        var room = BodyRoom(size: 900)
        #expect(room.allowance(of: "a") == 100)
        let taken = [101, 100, 1].map { count in room.take(count, for: "a") }
        #expect(taken == [false, true, false])
        #expect(room.allowance(of: "a") == 0)
        #expect(room.allowance(of: "b") == 88)
    }

    @Test func `what thirty hold on to leaves something for whoever comes`() {
        var room = BodyRoom(size: 64 << 20)
        for number in 0..<30 {
            while room.take(4_096, for: "greedy \(number)") {}
            #expect(room.allowance(of: "new") > 200_000)
        }
    }

    @Test func `many who take all they can, by turns, get about the same each`() {
        var room = BodyRoom(size: 1 << 20)
        let greedy = (0..<9).map { "greedy \($0)" }
        var goesOn = true
        while goesOn {
            goesOn = greedy.map { name in room.take(64, for: name) }.contains(true)
        }
        #expect(room.taken > 1 << 19)
        #expect(room.allowance(of: "new") > (1 << 20) / 20)
    }

    @Test func `what is given back is there again, and no more than was taken`() {
        var room = BodyRoom(size: 900)
        let isTaken = room.take(100, for: "a")
        #expect(isTaken)
        room.giveBack(10, of: "a")
        #expect(room.taken == 90)
        room.giveBack(1_000, of: "a")
        room.giveBack(5, of: "b")
        #expect(room.taken == 0)
        #expect(room.allowance(of: "a") == 100)
    }
}

@Suite("A body on its way") struct BodyOnItsWayTests {
    private static func head(
        _ path: String, _ length: Int, _ more: String = ""
    ) -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\n\(more)Content-Length: \(length)\r\n\r\n"
    }

    @Test(
        "that is refused by its head is answered while nothing of it is here",
        arguments: [
            head("/closed", 10_000_000), head("/closed", 10, "Expect: 100-continue\r\n"),
        ])
    func unread(head: String) throws {
        let served = try Served()
        #expect(try served.ask(head).hasPrefix("HTTP/1.1 401"))
        #expect(served.records.next()?.status == 401)
    }

    @Test(
        "that is refused by its head and short is passed by, so that its client hears why",
        arguments: [
            head("/closed", 1_000_000) + String(repeating: "x", count: 1_000_000),
            "POST /closed HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0\r\n\r\n",
        ])
    func passed(text: String) throws {
        var limits = Limits()
        limits.strangersBodiesBytes = 0
        let served = try Served(limits: limits)
        let socket = try served.connect()
        #expect(socket.send(text))
        #expect(socket.receive(until: "\r\n\r\nno").hasPrefix("HTTP/1.1 401"))
    }

    @Test func `that goes on and on after it was refused is not listened to`() throws {
        let served = try Served()
        let socket = try served.connect()
        socket.send(
            "POST /closed HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        let piece = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
        while socket.send(piece) {}
        #expect(served.records.next()?.status == nil)
    }

    @Test func `takes of its holder's share, and leaves the others theirs`() throws {
        var limits = Limits()
        limits.bodiesBytes = 900
        limits.strangersBodiesBytes = 0
        let served = try Served(limits: limits)
        let first = try served.connect()
        first.send(Self.head("/hold", 100, "Name: ada\r\n") + String(repeating: "x", count: 100))
        let answering = try #require(served.held.next())
        let more = Self.head("/a", 1, "Name: ada\r\nConnection: close\r\n") + "x"
        #expect(try served.ask(more).hasPrefix("HTTP/1.1 503"))
        let other = Self.head("/a", 75, "Name: bob\r\nConnection: close\r\n")
        #expect(
            try served.ask(other + String(repeating: "x", count: 75)).hasPrefix("HTTP/1.1 200"))
        answering.answer(Response(200))
        #expect(first.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
        // Until all of them are over and have given back what they held.
        for _ in 0..<3 { #expect(served.records.next() != nil) }
        #expect(try served.ask(more).hasPrefix("HTTP/1.1 200"))
    }

    @Test func `of a stranger takes nothing of the room of those who are known`() throws {
        var limits = Limits()
        limits.bodiesBytes = 90
        limits.strangersBodiesBytes = 9_000
        let served = try Served(limits: limits)
        let slow = try served.connect()
        slow.send(Self.head("/hold", 1_000) + String(repeating: "x", count: 1_000))
        let answering = try #require(served.held.next())
        let stranger = Self.head("/a", 1, "Connection: close\r\n") + "x"
        #expect(try served.ask(stranger).hasPrefix("HTTP/1.1 503"))
        let known = Self.head("/a", 10, "Name: ada\r\nConnection: close\r\n") + "0123456789"
        #expect(try served.ask(known).hasPrefix("HTTP/1.1 200"))
        answering.answer(Response(200))
    }
}
