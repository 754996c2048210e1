import Glibc
import SmallFiles
import Support
import Testing

@Suite("Small files") struct SmallFileTests {
    @Test("are read as they were written", arguments: [0, 1, (1 << 14) - 1, 1 << 14, 100_000])
    func whole(length: Int) throws {
        let folder = try Folder()
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try SmallFile.make(folder.file("file"), of: bytes, mode: 0o640)
        #expect(try SmallFile.bytes(of: folder.file("file")) == bytes)
        #expect(try mode(of: folder.file("file")) == 0o640)
        #expect(SmallFile.names(in: folder.path) == ["file"])
    }

    @Test func `are never made over another`() throws {
        let folder = try Folder()
        try folder.write("first", to: "file")
        #expect(throws: FileProblem(code: EEXIST)) {
            try SmallFile.make(folder.file("file"), of: [1])
        }
        #expect(try SmallFile.text(of: folder.file("file")) == "first")
    }

    @Test func `are read to a limit and little more`() throws {
        let folder = try Folder()
        try SmallFile.make(folder.file("file"), of: Array(repeating: 1, count: 1 << 20))
        let count = try SmallFile.bytes(of: folder.file("file"), limit: 100_000).count
        #expect((100_000..<120_000).contains(count))
        #expect(try SmallFile.bytes(of: "/dev/zero", limit: 1).count >= 1)
    }

    @Test func `say what the kernel says`() throws {
        let folder = try Folder()
        #expect(throws: FileProblem(code: ENOENT)) {
            try SmallFile.bytes(of: folder.file("missing"))
        }
        #expect(throws: FileProblem(code: EISDIR)) { try SmallFile.bytes(of: folder.path) }
        #expect(FileProblem(code: ENOENT).description == "No such file or directory")
        let full = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        #expect(throws: FileProblem(code: ENOSPC)) { try SmallFile.write([1], to: full) }
        #expect(SmallFile.names(in: folder.file("missing")) == [])
    }
}

@Suite("Small files that take another's place") struct ReplacingTests {
    @Test func `are whole, with the mode that was asked for, and leave nothing beside`() throws {
        let folder = try Folder()
        let path = folder.file("file")
        try SmallFile.make("\(path).part", of: [9], mode: 0o400)
        try SmallFile.replace(path, with: [1, 2], mode: 0o600)
        try SmallFile.replace(path, with: [3], mode: 0o600)
        #expect(try SmallFile.bytes(of: path) == [3])
        #expect(try mode(of: path) == 0o600)
        #expect(SmallFile.names(in: folder.path) == ["file"])
    }

    @Test func `are removed, once or twice`() throws {
        let folder = try Folder()
        try SmallFile.replace(folder.file("file"), with: [1])
        try SmallFile.remove(folder.file("file"))
        try SmallFile.remove(folder.file("file"))
        #expect(SmallFile.names(in: folder.path) == [])
        #expect(throws: FileProblem(code: ENOENT)) {
            try SmallFile.replace(folder.file("none/file"), with: [1])
        }
    }
}
