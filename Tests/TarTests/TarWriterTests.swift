import FoundationEssentials
import Support
import Tar
import Testing

@Suite("Writing an archive") struct TarWriterTests {
    private static let long = String(repeating: "x", count: 120)

    private static func folder() throws -> Folder {
        let folder = try Folder()
        let made = try Program.run([
            "/bin/sh", "-euc",
            """
            cd \(folder.path); mkdir -p in/b/\(long); printf run > in/a; chmod 755 in/a
            printf deep > in/b/\(long)/c; ln -s \(long)/c in/b/link; printf z > in/z; mkdir in/.git
            """,
        ])
        #expect(made.code == 0, "\(made.errors)")
        return folder
    }

    private static func archive(_ folder: Folder) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let writer = TarWriter(time: 1_700_000_000) { bytes += $0 }
        try FolderTar(writer) { $0 != ".git" }.add(folder.file("in"))
        try writer.finish()
        return bytes
    }

    @Test func `of a folder is what tar unpacks to the same folder`() throws {
        let folder = try Self.folder()
        try Data(try Self.archive(folder)).write(to: URL(filePath: folder.file("a.tar")))
        let same = try Program.run([
            "/bin/sh", "-euc",
            "cd \(folder.path); mkdir out; tar -C out -xf a.tar; rmdir in/.git; diff -r in out; "
                + "test -x out/a; test -L out/b/link; tar -tvf a.tar | head -1",
        ])
        #expect(same.code == 0, "\(same.output)\(same.errors)")
        #expect(same.output.hasPrefix("-rwxr-xr-x 0/0 "))
    }

    @Test func `is the same for the same files, whoever has made them and when`() throws {
        let one = try Self.folder()
        let other = try Self.folder()
        _ = try Program.run(["/usr/bin/touch", "-d", "2001-01-01", other.file("in/a")])
        #expect(try Self.archive(one) == Self.archive(other))
    }

    @Test func `of what is no file is refused`() throws {
        let folder = try Self.folder()
        _ = try Program.run(["/usr/bin/mkfifo", folder.file("in/fifo")])
        let problem = #expect(throws: TarProblem.self) { try Self.archive(folder) }
        #expect(problem?.problem == "'fifo' is neither a file nor a folder nor a link")
    }
}
