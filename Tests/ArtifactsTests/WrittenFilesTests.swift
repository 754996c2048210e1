import Artifacts
import Glibc
import Support
import Testing

@Suite("Files that an attempt wrote") struct WrittenFilesTests {
    /// What is found in a workspace over one layer, made by a script: paths with their content, or
    /// with the reason why it is not read.
    private static func found(
        _ script: String, entering enters: (String) -> Bool = { _ in true },
        wanting wants: (String) -> Bool = { $0.hasSuffix(".xml") }, atMost most: Int = .max
    ) throws -> [String] {
        let folder = try Folder()
        let made = try Program.run([
            "/bin/sh", "-euc", "cd '\(folder.path)'; mkdir -p upper lower; umask 022; " + script,
        ])
        try #require(made.code == 0, "\(made.errors)")
        var found: [String] = []
        try WrittenFiles(in: folder.file("upper"), over: [folder.file("lower")])
            .visit(entering: enters, wanting: wants) { path, what in
                switch what {
                case .file(let file, let bytes):
                    var buffer = [UInt8](repeating: 0, count: 100)
                    let count = unsafe read(file, &buffer, buffer.count)
                    #expect(count == bytes)
                    found.append("\(path)=" + String(decoding: buffer[..<count], as: UTF8.self))
                case .refused(let reason): found.append("\(path): \(reason)")
                }
                return found.count < most
            }
        _ = try Program.run(["/bin/chmod", "-R", "u+rwx", folder.path])
        return found
    }

    @Test func `are found wherever they lie, in order`() throws {
        let found = try Self.found(
            "mkdir -p upper/b/c upper/a; printf 1 > upper/b/c/x.xml; printf 2 > upper/a/y.xml; "
                + "printf 3 > upper/z.xml; printf 4 > upper/a/no.txt")
        #expect(found == ["a/y.xml=2", "b/c/x.xml=1", "z.xml=3"])
    }

    @Test func `are not those that lay in a layer`() throws {
        let found = try Self.found(
            "mkdir -p upper/r lower/r lower/s; printf old > lower/r/stale.xml; "
                + "printf old > lower/s/t.xml; printf new > upper/r/fresh.xml; "
                + "printf old > lower/r/again.xml; printf new > upper/r/again.xml; "
                + "touch -d 2001-01-01 lower/r/*; "
                // An overlay brings a file up like this when its mode is changed.
                + "cp -p lower/r/stale.xml upper/r/stale.xml; chmod 600 upper/r/stale.xml")
        #expect(found == ["r/again.xml=new", "r/fresh.xml=new"])
    }

    @Test func `are not looked for where nothing is wanted, nor beyond what is`() throws {
        let script = "for i in a b c; do mkdir upper/$i; printf $i > upper/$i/x.xml; done"
        #expect(try Self.found(script, entering: { $0 == "b" }) == ["b/x.xml=b"])
        #expect(try Self.found(script, wanting: { $0 == "c/x.xml" }) == ["c/x.xml=c"])
        #expect(try Self.found(script, atMost: 2) == ["a/x.xml=a", "b/x.xml=b"])
    }

    @Test(
        "are files, and what is none is told and not opened",
        arguments: [
            ("ln -s /etc/passwd upper/x.xml", ["x.xml: it is a link, and no file"]),
            ("mkfifo upper/x.xml", ["x.xml: it is a FIFO, and no file"]),
            ("ln -s /etc upper/d.xml", ["d.xml: it is a link, and no file"]),
            ("mkdir upper/d.xml", []),
            ("mkdir lower/d; echo 1 > lower/d/x.xml; ln -s ../lower/d upper/d", []),
            (
                "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"upper/s.xml\")'",
                ["s.xml: it is a socket, and no file"]
            ),
        ])
    func others(script: String, expected: [String]) throws {
        #expect(try Self.found(script) == expected)
    }

    @Test(
        "are not those that the attempt removed",
        .enabled(if: getuid() == 0, "who is not root cannot make what an overlay leaves behind"))
    func removed() throws {
        #expect(try Self.found("echo 1 > lower/x.xml; mknod upper/x.xml c 0 0") == [])
    }

    @Test(
        "that nobody may read are told",
        .enabled(if: getuid() != 0, "root may read everything"))
    func locked() throws {
        let found = try Self.found(
            "mkdir upper/d; printf 1 > upper/d/x.xml; printf 2 > upper/y.xml; "
                + "chmod 0 upper/d upper/y.xml")
        #expect(
            found == [
                "d: it cannot be opened: Permission denied",
                "y.xml: it cannot be read: Permission denied",
            ])
    }

    @Test func `may lie deeper than anybody looks`() throws {
        let deep = Array(repeating: "d", count: 250).joined(separator: "/")
        #expect(try Self.found("mkdir -p upper/\(deep); printf 1 > upper/\(deep)/x.xml") == [])
    }
}
