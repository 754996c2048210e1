import FoundationEssentials
import Gzip
import Support
import Testing

@Suite("Compressing") struct GzipCompressorTests {
    private static func compressed(_ bytes: [UInt8], piece: Int) throws -> [UInt8] {
        guard var compressor = GzipCompressor.make() else { throw NoMemory() }
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            output += compressor.compress(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
        return output + compressor.finish()
    }

    private struct NoMemory: Error {}

    /// Text, and what nothing makes smaller, in turns.
    private static let mixed: [UInt8] = (0..<1_200_000).map { index in
        let isText = index / 300_000 % 2 == 0
        let number = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        return isText ? UInt8(index / 7 % 100) : UInt8(truncatingIfNeeded: number >> 37)
    }

    @Test(
        "what gzip makes of it again is the same",
        arguments: [0, 1, 1_000, 256 << 10, (256 << 10) + 1, 1_200_000])
    func roundTrip(count: Int) throws {
        let folder = try Folder()
        let bytes = Array(Self.mixed.prefix(count))
        try Data(bytes).write(to: URL(filePath: folder.file("plain")))
        let packed = try Self.compressed(bytes, piece: 100_000)
        try Data(packed).write(to: URL(filePath: folder.file("packed.gz")))
        let result = try Program.run([
            "/bin/sh", "-c", "gzip -dc '\(folder.path)/packed.gz' | cmp - '\(folder.path)/plain'",
        ])
        #expect(result.code == 0, "\(result.output)\(result.errors)")
    }

    @Test func `the pieces in which it comes change nothing`() throws {
        let whole = try Self.compressed(Self.mixed, piece: Self.mixed.count)
        for piece in [997, 256 << 10, 300_001] {
            #expect(try Self.compressed(Self.mixed, piece: piece) == whole)
        }
    }

    @Test func `it holds neither a time nor a name`() throws {
        #expect(
            try Self.compressed([1], piece: 1).prefix(10) == [
                0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF,
            ])
    }

    @Test func `what is compressed already hardly grows, and text becomes small`() throws {
        let packed = try Self.compressed(Array(Self.mixed[300_000..<600_000]), piece: 300_000)
        #expect(packed.count < 300_300)
        let text = try Self.compressed(Array(Self.mixed[0..<300_000]), piece: 300_000)
        #expect(text.count < 30_000)
    }
}
