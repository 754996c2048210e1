import FoundationEssentials
import Support
import Tar
import Testing

@Suite("An archive") struct TarIndexTests {
    private static let long = String(repeating: "long/", count: 40) + "name"

    /// Made by `tar` itself.
    private static func made(_ format: String, _ script: String) throws -> (Folder, TarIndex) {
        let folder = try Folder()
        let made = try Program.run([
            "/bin/sh", "-euc",
            "mkdir \(folder.path)/in; cd \(folder.path)/in; \(script); "
                + "tar --format=\(format) -cf ../a.tar *",
        ])
        #expect(made.code == 0, "\(made.errors)")
        return (folder, try TarIndex(of: ReadableFile(folder.file("a.tar"))))
    }

    @Test(
        "of any form is found through without unpacking it",
        arguments: ["ustar", "gnu", "posix"])
    func forms(format: String) throws {
        let (_, index) = try Self.made(
            format,
            """
            mkdir -p \(Self.long.dropLast("/name".count)) folder; printf deep > \(Self.long)
            printf hello > file; ln -s ../file folder/link; ln file hard; : > empty
            """)
        for name in ["file", "folder/link", "hard"] {
            #expect(try index.place(name).bytes(atMost: 9) == Array("hello".utf8))
        }
        #expect(try index.place(Self.long).bytes(atMost: 9) == Array("deep".utf8))
        #expect(try index.place("empty").bytes(atMost: 9) == [])
        #expect(!index.has("folder"))
    }

    @Test func `gives no file for what is none`() throws {
        let (_, index) = try Self.made(
            "gnu",
            "mkfifo fifo; ln -s / root; ln -s ../../etc/passwd out; ln -s two one; ln -s one two")
        for name in ["fifo", "root", "out", "one", "none"] {
            #expect(throws: TarProblem.self) { try index.place(name) }
        }
    }

    private static func written(_ body: (inout SampleTar) -> Void) -> [UInt8] {
        var archive = SampleTar()
        body(&archive)
        archive.finish()
        return archive.bytes
    }

    private static func problem(_ bytes: [UInt8]) throws -> String? {
        let folder = try Folder()
        try Data(bytes).write(to: URL(filePath: folder.file("a.tar")))
        let file = try ReadableFile(folder.file("a.tar"))
        do throws(TarProblem) {
            _ = try TarIndex(of: file)
            return nil
        } catch {
            return error.problem
        }
    }

    @Test(
        "with a name that leads out of it is refused",
        arguments: ["/etc/passwd", "../a", "a/../../b", "a/.."])
    func names(name: String) throws {
        let bytes = Self.written { $0.addFile(name, [1]) }
        let problem = try #require(try Self.problem(bytes))
        #expect(problem.hasSuffix("leads out of the archive, or is none"))
    }

    @Test func `with the same name twice is refused, however it is written`() throws {
        for name in ["a", "./a", "a//", ".//a"] where name.last != "/" {
            let bytes = Self.written { writer in
                writer.addFile("a", [1])
                writer.addFile(name, [2])
            }
            #expect(try Self.problem(bytes)?.hasSuffix("'a' is there twice") == true)
        }
    }

    @Test func `that is cut short anywhere is refused`() throws {
        let bytes = Self.written { $0.addFile("a", SampleBytes.some(2_000)) }
        #expect(try Self.problem(bytes) == nil)
        for count in stride(from: 0, to: bytes.count - 512, by: 256) {
            #expect(try Self.problem(Array(bytes.prefix(count))) != nil, "\(count)")
        }
    }

    @Test func `with a head that was changed is refused`() throws {
        let bytes = Self.written { $0.addFile("a", [1]) }
        for place in [0, 100, 130, 156, 257] {
            var changed = bytes
            changed[place] ^= 1
            #expect(
                try Self.problem(changed)
                    == "the archive is broken at byte 0: no entry begins here")
        }
    }

    @Test func `with a size that lies is refused`() throws {
        let bytes = Self.written { writer in
            writer.addFile("pax", [])
            writer.addFile("a", [1])
        }
        for size in ["77777777777", "-0000000001", "9999999999x"] {
            var changed = bytes
            for (index, byte) in size.utf8.enumerated() { changed[124 + index] = byte }
            changed = SampleBytes.summed(changed)
            #expect(try Self.problem(changed) != nil, "\(size)")
        }
    }

    @Test func `of bytes by chance brings nothing down`() throws {
        for seed in 1...50 {
            var bytes = SampleBytes.some(4_096, seed: UInt64(seed))
            for start in stride(from: 0, to: 4_096, by: 512) {
                for place in start + 124..<start + 136 { bytes[place] = 0x30 + bytes[place] & 7 }
                bytes = SampleBytes.summed(bytes, at: start)
            }
            _ = try Self.problem(bytes)
        }
    }
}

enum SampleBytes {
    static func some(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }

    /// With the sum that a head has to have.
    static func summed(_ bytes: [UInt8], at start: Int = 0) -> [UInt8] {
        var bytes = bytes
        for place in start + 148..<start + 156 { bytes[place] = 0x20 }
        let sum = bytes[start..<start + 512].reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        let text = String(repeating: "0", count: 6 - digits.utf8.count) + digits
        for (index, byte) in (Array(text.utf8) + [0]).enumerated() {
            bytes[start + 148 + index] = byte
        }
        return bytes
    }
}
