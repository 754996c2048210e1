import Artifacts
import Dispatch
import Glibc
import Support
import Synchronization
import Testing

/// Rows of the escape suite (`Trials/escapes`), which looks these tests up by their numbers.
@Suite("What an output must not bring along") struct EscapeTests {
    private let folder: Folder
    private let store: ArtifactStore

    init() throws {
        folder = try Folder()
        store = try ArtifactStore(at: folder.file("store"), boot: "first")
        _ = try shell("mkdir upper; mkdir -m 750 outside; echo secret > outside/f")
    }

    private func shell(_ script: String) throws -> String {
        let said = try Program.run(["/bin/sh", "-euc", "cd '\(folder.path)'; " + script])
        try #require(said.code == 0, "\(said.errors)")
        return said.output
    }

    private func collect(_ path: String) throws(ArtifactError) -> String {
        try store.collect(path, from: folder.file("upper"), over: [])
    }

    private func refusal(of path: String) -> String {
        do throws(ArtifactError) {
            return "taken as \(try collect(path))"
        } catch {
            return error.description
        }
    }

    @Test func `E26: a folder that turns into a link while it is collected leads nowhere`() throws {
        // What it would be called if the secret had been read in the place of the folder's file.
        _ = try shell("mkdir -p upper/forged/d; cp outside/f upper/forged/d/f")
        let forged = try collect("forged")
        let over = DispatchGroup()
        for round in 0..<300 {
            let flag = Flag()
            try makeTree(round)
            let out = unsafe open(folder.file("upper/out"), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            DispatchQueue.global().async(group: over) {
                // By a descriptor, which goes where the collector moves the folder to.
                while !flag.isOver.load(ordering: .relaxed) { Self.swap(in: out) }
            }
            let digest = try? collect("out")
            flag.isOver.store(true, ordering: .relaxed)
            over.wait()
            close(out)
            #expect(digest != forged)
        }
        #expect(try shell("stat -c '%a %u' outside; stat -c %a outside/f") == owners)
    }

    private final class Flag: Sendable {
        let isOver = Atomic(false)
    }

    /// A folder 'd', and a link of its name in waiting.
    private func makeTree(_ round: Int) throws {
        let (upper, outside) = (folder.file("upper"), folder.file("outside"))
        unsafe mkdir("\(upper)/out", 0o755)
        unsafe mkdir("\(upper)/out/d", 0o755)
        try folder.write("round \(round)\n", to: "upper/out/d/f")
        unsafe symlink(outside, "\(upper)/out/link")
    }

    private static func swap(in out: Int32) {
        for (from, to) in [("d", "side"), ("link", "d"), ("d", "link"), ("side", "d")] {
            _ = unsafe renameat(out, from, out, to)
        }
    }

    private var owners: String { "750 \(getuid())\n644\n" }

    @Test(
        arguments: [
            ("true", "../outside", "output '../outside' does not lie in the workspace"),
            ("true", "/etc/passwd", "output '/etc/passwd' does not lie in the workspace"),
            ("mkdir upper/a", "a/../../outside", "does not lie in the workspace"),
            ("ln -s ../outside upper/a", "a/f", "output 'a/f' is not there: no 'a'"),
            ("ln -s ../outside upper/a", "a", "is a link to '../outside', outside of the output"),
            ("ln -s / upper/a", "a/etc/passwd", "output 'a/etc/passwd' is not there: no 'a'"),
            ("mkdir upper/a; ln -s b/../../x upper/a/l", "a", "'l' in output 'a' is a link to"),
        ])
    func `E29: no path, name or link of an output leads out of the workspace`(
        script: String, path: String, words: String
    ) throws {
        _ = try shell(script)
        let refusal = refusal(of: path)
        #expect(refusal.contains(words), "\(refusal)")
        #expect(try shell("stat -c '%a %u' outside; stat -c %a outside/f") == owners)
        #expect(try store.digests() == [])
    }

    @Test func `E30: pipes, sockets and devices are refused, and every special bit is gone`() throws
    {
        _ = try shell(
            """
            mkdir upper/fifo upper/socket upper/out; mkfifo upper/fifo/p
            python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("upper/socket/s")'
            echo x > upper/out/f; chmod 6755 upper/out/f; mkdir -m 3777 upper/out/d
            python3 -c 'import os; os.setxattr("upper/out/f", "user.note", b"x")' || true
            """)
        #expect(refusal(of: "fifo").contains("'p' in output 'fifo' is a FIFO"))
        #expect(refusal(of: "socket").contains("'s' in output 'socket' is a socket"))
        let tree = try store.folder(of: try collect("out"))
        #expect(try shell("stat -c '%a' '\(tree)/f' '\(tree)/d'") == "755\n777\n")
        #expect(try shell("python3 -c 'import os; print(os.listxattr(\"\(tree)/f\"))'") == "[]\n")
        guard getuid() == 0 else { return }
        _ = try shell(
            """
            mkdir upper/device upper/foreign; mknod upper/device/d b 7 0
            echo x > upper/foreign/f; chown -R 12345:12345 upper/foreign
            """)
        #expect(refusal(of: "device").contains("'d' in output 'device' is a device"))
        let own = try store.folder(of: try collect("foreign"))
        #expect(try shell("stat -c '%u %g' '\(own)' '\(own)/f'") == "0 0\n0 0\n")
    }
}
