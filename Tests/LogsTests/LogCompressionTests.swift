import Glibc
import Logs
import Support
import Testing

@Suite("Compressing a log") struct LogCompressionTests {
    /// Two frames and a part of a third.
    static let text = Sample.lines(60_000)

    @Test func `a compressed log is read by the offsets of the plain one`() throws {
        let sample = try Sample(Self.text)
        try LogCompression(of: sample.place).run()
        #expect(!Sample.exists(sample.place.plain))
        #expect(try sample.read() == Self.text)
        let size = try Sample.bytes(of: sample.place.compressed).count
        #expect(size < Self.text.count / 5)
        var reader = try LogReader.open(sample.place)
        #expect(try reader.length() == Self.text.count)
        let frame = 1 << 20
        let edges = [0, 1, frame - 1, frame, frame + 1, 2 * frame, Self.text.count - 1]
        for offset in edges.reversed() + edges + [Self.text.count, Self.text.count + 7] {
            for count in [0, 1, 100, frame, frame + 1, 3 * frame] {
                let expected = Array(Self.text.dropFirst(offset).prefix(count))
                let piece = try reader.read(from: offset, upTo: count)
                #expect(piece == LogPiece(bytes: expected, next: offset + expected.count))
            }
        }
        #expect(try sample.index().isClosed)
    }

    @Test("a log of any length comes back", arguments: [0, 1, (1 << 20) - 1, 1 << 20, 1 << 21])
    func lengths(length: Int) throws {
        let text = Array(Self.text.prefix(length))
        let sample = try Sample(text)
        try LogCompression(of: sample.place).run()
        #expect(try sample.read() == text)
        try LogCompression(of: sample.place).run()
        #expect(try sample.read() == text)
    }

    @Test func `a reader that was there before reads on`() throws {
        let sample = try Sample(Self.text)
        var reader = try LogReader.open(sample.place)
        _ = try reader.read(from: 0, upTo: 10)
        try LogCompression(of: sample.place).run()
        let piece = try reader.read(from: 10, upTo: Self.text.count)
        #expect(piece.bytes == Array(Self.text.dropFirst(10)))
    }

    @Test("whatever ends it after a step, the log is there", arguments: 0...2)
    func crash(steps: Int) throws {
        let sample = try Sample(Self.text)
        let compression = LogCompression(of: sample.place)
        if steps > 0 { try compression.write() }
        if steps > 1 { try compression.putInPlace() }
        #expect(try sample.read() == Self.text)
        try compression.run()
        #expect(try sample.read() == Self.text)
        #expect(!Sample.exists(sample.place.plain))
    }

    @Test("whatever ends it while it writes, the log is there", arguments: [0, 1, 1_000, 100_000])
    func tornPart(length: Int) throws {
        let sample = try Sample(Self.text)
        let compression = LogCompression(of: sample.place)
        try compression.write()
        let part = sample.place.compressed + ".part"
        try Sample.write(Sample.bytes(of: part).prefix(length), to: part)
        #expect(try sample.read() == Self.text)
        try compression.run()
        #expect(try sample.read() == Self.text)
        #expect(!Sample.exists(part))
    }

    @Test func `where both are, the plain one counts`() throws {
        let sample = try Sample(Self.text)
        try LogCompression(of: sample.place).run()
        try Sample.write(Array("newer".utf8), to: sample.place.plain)
        #expect(try sample.read() == Array("newer".utf8))
    }

    @Test func `damage is found and never shown as output`() throws {
        let text = Array(Self.text.prefix(1_500_000))
        let sample = try Sample(text)
        try LogCompression(of: sample.place).run()
        let whole = try Sample.bytes(of: sample.place.compressed)
        let ends = Array(0..<40) + Array(whole.count - 60..<whole.count)
        let places = ends + Array(stride(from: 40, to: whole.count, by: 9_973))
        var found = 0
        for place in places {
            var damaged = whole
            damaged[place] ^= 0x10
            try Sample.write(damaged, to: sample.place.compressed)
            do {
                // One bit of a frame's head has no meaning.
                #expect(try sample.read() == text, "byte \(place)")
            } catch let error as LogError {
                #expect(error.kind == .damaged)
                found += 1
            }
        }
        #expect(found >= places.count - 2)
        for length in [0, 1, 16, 17, whole.count / 2, whole.count - 1] {
            try Sample.write(whole.prefix(length), to: sample.place.compressed)
            let error = #expect(throws: LogError.self) { _ = try sample.read() }
            #expect(
                error?.description == """
                    cannot read '\(sample.place.compressed)': its table of frames is cut off or \
                    damaged
                      hint: look at the machine's disk
                    """)
        }
    }

    @Test func `what cannot be compressed stays as it is`() throws {
        let sample = try Sample(Self.text)
        // A folder where the compressed file is to be.
        #expect(unsafe mkdir(sample.place.compressed, 0o700) == 0)
        #expect(throws: LogError.self) { try LogCompression(of: sample.place).run() }
        #expect(try sample.read() == Self.text)
    }
}
