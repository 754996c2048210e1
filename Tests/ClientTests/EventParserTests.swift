import Client
import Testing

@Suite("Server-sent events") struct EventParserTests {
    private static let stream =
        ": hello\r\n\r\nretry: 250\nid: 1\nevent: started\ndata: {\"a\":\ndata:1}\n\nid: 2\n"
        + "data: é\r\rdata\n\nid: 9\nevent: none\n\nid: 3\nevent: log\ndata:  x\nother: y\n\n"
        + "data: cut off"

    private static let events = [
        ServerEvent(name: "started", data: "{\"a\":\n1}"), ServerEvent(data: "é"),
        ServerEvent(data: ""), ServerEvent(name: "log", data: " x"),
    ]

    @Test func `are the same in pieces of any size`() throws {
        let bytes = Array(Self.stream.utf8)
        for cut in 0...bytes.count {
            var parser = EventParser()
            let first = try parser.take(bytes[..<cut])
            let second = try parser.take(bytes[cut...])
            #expect(first + second == Self.events)
            #expect(parser.lastID == "3")
        }
        var parser = EventParser()
        var events: [ServerEvent] = []
        for byte in bytes { events += try parser.take([byte]) }
        #expect(events == Self.events)
    }

    @Test func `are gone on with behind the last that was whole`() throws {
        var parser = EventParser(after: "7")
        #expect(parser.lastID == "7")
        _ = try parser.take("id: 8\ndata: x\n\nid: 9\ndata: half".utf8)
        #expect(parser.lastID == "8")
        parser.restart()
        #expect(parser.lastID == "8")
        let whole = try parser.take("data: whole\n\n".utf8)
        #expect(whole == [ServerEvent(data: "whole")])
        #expect(parser.lastID == "8")
    }

    @Test(
        "without an end are refused before they fill the memory",
        arguments: ["x", "data: x\n"])
    func endless(piece: String) {
        var parser = EventParser()
        let bytes = Array(
            String(repeating: piece, count: EventParser.longest / piece.utf8.count / 4).utf8)
        let error = #expect(throws: ClientError.self) {
            for _ in 0..<32 { _ = try parser.take(bytes) }
        }
        #expect(error?.kind == .garbled)
    }

    @Test func `a server that is away is asked less and less often, and not by all at once`() {
        var early = Patience()
        var late = Patience()
        let first = (0..<8).map { _ in early.next(chance: 0) }
        let last = (0..<8).map { _ in late.next(chance: 1) }
        #expect(first == [250, 500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500])
        #expect(last == [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
        early.reset()
        let again = early.next(chance: 0)
        #expect(again == 250)
    }
}
