import Glibc
import Logs
import Masking
import Support
import Testing

@Suite("Writing a log") struct LogWriterTests {
    @Test("what is appended is there, in pieces of any size", arguments: [1, 100, 20_000, 70_000])
    func pieces(size: Int) throws {
        let sample = try Sample()
        let text = Sample.lines(5_000)
        var log = try LogWriter.create(sample.place, limit: nil)
        var rest = text[...]
        var isLarge = false
        while !rest.isEmpty {
            // Small ones between large ones, so that none overtakes another.
            let piece = Array(rest.prefix(isLarge ? 17_000 : size))
            isLarge.toggle()
            log.append(piece.span)
            rest = rest.dropFirst(piece.count)
        }
        #expect(log.close(at: 1) == LogTotals(kept: text.count, dropped: 0, failure: nil))
        #expect(try Sample.bytes(of: sample.place.plain) == text)
    }

    /// A limit, what is printed, and what the log then is.
    static let limits: [(limit: Int, printed: [String], log: String)] = [
        (10, ["12345\n", "1234"], "12345\n1234"),
        (
            10, ["12345\n", "12345"],
            "12345\n1234\n… 1 byte more was not kept: the limit is 10 bytes\n"
        ),
        (
            6, ["12345\n", "12345", "6"],
            "12345\n… 6 bytes more were not kept: the limit is 6 bytes\n"
        ),
        (0, ["abc"], "… 3 bytes more were not kept: the limit is 0 bytes\n"),
        (0, [], ""),
        (
            2_048, [String(repeating: "x", count: 2_000), String(repeating: "y", count: 50)],
            String(repeating: "x", count: 2_000) + String(repeating: "y", count: 48)
                + "\n… 2 bytes more were not kept: the limit is 2 KiB\n"
        ),
        (
            10 << 20, [String(repeating: "x", count: 10 << 20), "y"],
            String(repeating: "x", count: 10 << 20)
                + "\n… 1 byte more was not kept: the limit is 10 MiB\n"
        ),
    ]

    @Test("beyond its limit a log says what it lacks", arguments: limits.indices)
    func limit(index: Int) throws {
        let (limit, printed, expected) = Self.limits[index]
        let sample = try Sample()
        var log = try LogWriter.create(sample.place, limit: limit)
        for text in printed { log.append(text) }
        try log.flush(at: 5)
        let kept = min(limit, printed.reduce(0) { $0 + $1.utf8.count })
        #expect(try Sample.bytes(of: sample.place.plain).count == kept)
        let dropped = log.dropped
        #expect(log.close(at: 6) == LogTotals(kept: kept, dropped: dropped, failure: nil))
        #expect(try sample.text == expected)
    }

    @Test func `a log is begun once`() throws {
        let sample = try Sample(Array("first".utf8))
        let error = #expect(throws: LogError.self) {
            _ = try LogWriter.create(sample.place, limit: nil)
        }
        #expect(
            error?.description == """
                cannot create '\(sample.place.plain)': File exists
                  hint: an attempt's log is begun once; begin another attempt
                """)
        #expect(try sample.text == "first")
    }

    @Test func `a full disk is reported once, and what it refused is counted`() throws {
        let sample = try Sample()
        let full = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
        let index = unsafe open(sample.place.index, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        var log = LogWriter.adopting(log: full, index: index, at: sample.place, limit: nil)
        log.append("12345")
        #expect(throws: LogError.self) { try log.flush(at: 0) }
        log.append("678")
        try log.flush(at: 1)
        let totals = log.close(at: 2)
        #expect(totals.kept == 0)
        #expect(totals.dropped == 8)
        #expect(
            totals.failure?.description == """
                cannot write '\(sample.place.plain)': No space left on device
                  hint: free some space on the disk
                """)
    }

    /// A pipe that nobody reads takes what fits, and then refuses, as a disk does that is full. It
    /// takes the marker once somebody has read.
    @Test(
        "after a torn write the log is the beginning of what was printed", arguments: [true, false])
    func tornWrite(hasRoomAgain: Bool) throws {
        let sample = try Sample()
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        for end in ends { #expect(fcntl(end, F_SETFL, O_NONBLOCK) == 0) }
        defer { close(ends[0]) }
        let index = unsafe open(sample.place.index, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        var log = LogWriter.adopting(log: ends[1], index: index, at: sample.place, limit: nil)
        let text = Sample.lines(30_000)
        log.append(text.span)
        #expect(throws: LogError.self) { try log.flush(at: 0) }
        log.append("more")
        let dropped = log.dropped
        var there = hasRoomAgain ? Self.drain(ends[0]) : []
        let totals = log.close(at: 1)
        there += Self.drain(ends[0])
        #expect(totals.kept > 0 && totals.kept + dropped == text.count + 4)
        let marker = "… \(dropped) bytes more were not kept: Resource temporarily unavailable\n"
        let end = text[totals.kept - 1] == UInt8(ascii: "\n") ? marker : "\n\(marker)"
        #expect(there == Array(text.prefix(totals.kept)) + (hasRoomAgain ? Array(end.utf8) : []))
    }

    @Test func `an index that cannot be written is reported, and the log is whole`() throws {
        let sample = try Sample()
        let file = unsafe open(sample.place.plain, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let full = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
        var log = LogWriter.adopting(log: file, index: full, at: sample.place, limit: nil)
        log.append("one\n")
        let error = #expect(throws: LogError.self) { try log.flush(at: 0) }
        #expect(error?.kind == .full)
        #expect(error?.operation == "write '\(sample.place.index)'")
        log.append("two\n")
        try log.flush(at: 1_000)
        #expect(log.close(at: 2_000) == LogTotals(kept: 8, dropped: 0, failure: error))
        #expect(try sample.text == "one\ntwo\n")
    }

    @Test func `what a masker gives out is what is logged`() throws {
        let sample = try Sample()
        var masker = Masker(Needles(hiding: [Array("hunter2".utf8)]))
        var log = try LogWriter.create(sample.place, limit: 1_000)
        let buffer = Array("a hunter2, and half of a hunter".utf8)
        for count in [12, buffer.count] {
            masker.feed(buffer.span.extracting(first: count)) { log.append($0) }
            try log.flush(at: 0)
        }
        masker.finish { log.append($0) }
        try log.sync()
        let expected = "a ***, aa ***, and half of a hunter"
        #expect(log.close(at: 0, durably: true).kept == expected.utf8.count)
        #expect(try sample.text == expected)
    }

    private static func drain(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe read(descriptor, space.baseAddress, space.count)
            }
            if count <= 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
