import Docker
import Testing

/// Writes messages as BuildKit does, for what it seldom tells.
enum Message {
    static func text(_ number: UInt8, _ text: String) -> [UInt8] { bytes(number, Array(text.utf8)) }

    static func bytes(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2] + varint(bytes.count) + bytes
    }

    static func number(_ number: UInt8, _ value: Int) -> [UInt8] { [number << 3] + varint(value) }

    static func time(_ number: UInt8, _ milliseconds: Int) -> [UInt8] {
        let inner =
            Self.number(1, milliseconds / 1_000) + Self.number(2, milliseconds % 1_000 * 1_000_000)
        return bytes(number, inner)
    }

    private static func varint(_ value: Int) -> [UInt8] {
        value < 0x80
            ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
    }

    static func step(
        _ digest: String, _ name: String, from: Int? = nil, to: Int? = nil, error: String = ""
    ) -> [UInt8] {
        let times = (from.map { time(5, $0) } ?? []) + (to.map { time(6, $0) } ?? [])
        return bytes(1, text(1, digest) + text(3, name) + times + text(7, error))
    }

    static func print(_ digest: String, _ words: String, at: Int) -> [UInt8] {
        bytes(3, text(1, digest) + time(2, at) + text(4, words))
    }

    static func part(_ digest: String, _ name: String, total: Int, from: Int, to: Int) -> [UInt8] {
        bytes(
            2,
            text(1, name) + text(2, digest) + number(4, total) + number(5, total)
                + time(7, from) + time(8, to))
    }
}

@Suite("The log of a build") struct BuildLinesTests {
    private static func log(_ messages: [UInt8]...) throws -> [String] {
        var lines = BuildLines()
        return try messages.flatMap { lines.lines(of: try #require(BuildTrace($0))) }
    }

    @Test func `numbers a step when it begins, not when it is known`() throws {
        let log = try Self.log(
            Message.step("a", "first") + Message.step("b", "second"),
            Message.step("b", "second", from: 1_000),
            Message.step("a", "first", from: 2_000),
            Message.step("b", "second", from: 1_000, to: 2_440))
        #expect(log == ["#1 second", "#2 first", "#1 DONE 1.4s"])
    }

    @Test func `joins a line that was told in pieces, and gives the last without its end`() throws {
        let log = try Self.log(
            Message.step("a", "x", from: 1_000), Message.print("a", "he", at: 1_250),
            Message.print("a", "llo\nwor", at: 2_500),
            Message.step("a", "x", from: 1_000, to: 4_000))
        #expect(log == ["#1 x", "#1 0.250 hello", "#1 1.500 wor", "#1 DONE 3.0s"])
    }

    @Test func `tells of a part once, when it is over`() throws {
        let part = Message.part("a", "fetching", total: 9, from: 1_000, to: 2_000)
        let log = try Self.log(Message.step("a", "x", from: 1_000) + part, part)
        #expect(log == ["#1 x", "#1 fetching 9 bytes 1.0s done"])
    }

    @Test func `tells what was stopped from what failed`() throws {
        let log = try Self.log(
            Message.step("a", "x", from: 1, to: 2, error: "process: context canceled"),
            Message.step("b", "y", from: 1, to: 2, error: "no\nsuch file"))
        #expect(log == ["#1 x", "#1 CANCELED", "#2 y", "#2 ERROR: no such file"])
    }

    @Test func `has no line that ends in the middle of a name`() throws {
        let log = try Self.log(Message.step("a", "RUN <<E\nrm\u{1B}[2J", from: 1))
        #expect(log == ["#1 RUN <<E rm [2J"])
    }

    @Test func `breaks a line that has no end`() throws {
        let log = try Self.log(
            Message.step("a", "x", from: 0),
            Message.print("a", String(repeating: "y", count: 40_000), at: 0))
        #expect(log.count == 3)
        #expect(log.allSatisfy { $0.utf8.count < 17_000 })
    }
}
