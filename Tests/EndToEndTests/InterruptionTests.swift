import CLaunch
import FoundationEssentials
import Glibc
import Support
import Testing

/// `slipway run` in a session of its own, to be interrupted.
final class Running {
    let folder: Folder
    let process: pid_t

    init(in folder: Folder, _ options: String = "") throws {
        self.folder = folder
        let script =
            "cd '\(folder.path)' && exec '\(Slipway.path)' run \(options) > output 2> errors"
        var words = unsafe [strdup("sh"), strdup("-c"), strdup(script), nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var child: pid_t = 0
        let code = unsafe posix_spawn(&child, "/bin/sh", nil, nil, &words, environ)
        try #require(code == 0)
        process = child
    }

    /// Waits until it has printed a word.
    func waitFor(_ word: String) {
        let watch = inotify_init1(Int32(IN_CLOEXEC))
        defer { close(watch) }
        _ = unsafe inotify_add_watch(watch, folder.path, UInt32(IN_MODIFY | IN_CREATE))
        let end = slipway_process_descriptor(process)
        defer { close(end) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        var waited = [watch, end].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            let text = (try? folder.text(of: "output")) ?? ""
            if text.contains(word) { return }
            // One that has ended says nothing any more.
            guard waited[1].revents == 0 else {
                Issue.record("it ended before it said '\(word)': \(text)")
                return
            }
            _ = unsafe poll(&waited, 2, -1)
            if waited[0].revents != 0 { _ = unsafe read(watch, &buffer, buffer.count) }
        }
    }

    /// Its exit code, or the signal that ended it as a negative number.
    func wait() -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    }
}

@Suite("An interrupted run") struct InterruptionTests {
    private static func project(_ run: String, more: String = "") throws -> Folder {
        let folder = try Folder()
        try folder.write(
            """
            name: shop
            sources: { app: { git: . } }
            stages:
              - name: one
                actions: { first: { run: "echo one >> $SLIPWAY_EXPORTS; \(run)"\(more) } }
              - name: two
                actions: { second: { run: echo second } }
            """, to: "pipeline.yml")
        return folder
    }

    @Test func `lets what runs come to its end, and starts nothing more`() throws {
        let folder = try Self.project("echo ready; sleep 0.3")
        let running = try Running(in: folder)
        running.waitFor("started")
        kill(running.process, SIGINT)
        #expect(running.wait() == 3)
        let output = try folder.text(of: "output")
        #expect(output.contains("one/first succeeded"))
        #expect(!output.contains("two/second started"))
        #expect(output.hasSuffix("shop/1 stopped: interrupted\n"))
    }

    @Test func `ends what runs when it is interrupted again, and leaves nothing`() throws {
        let folder = try Self.project("echo ready; sleep 1000 & sleep 1000")
        let running = try Running(in: folder)
        running.waitFor("| ready")
        kill(running.process, SIGINT)
        kill(running.process, SIGTERM)
        #expect(running.wait() == 3)
        #expect(try folder.text(of: "output").contains("one/first stopped"))
        let left = try FileManager.default.contentsOfDirectory(
            atPath: folder.file(".slipway/run"))
        #expect(left.isEmpty)
    }

    @Test func `goes on after it was killed, and repeats nothing silently`() throws {
        let folder = try Self.project(
            "echo ready; while [ ! -e /tmp/never ]; do sleep 0.05; "
                + "n=$((${n:-0} + 1)); [ $n -lt 10 ] || break; done; echo done")
        let killed = try Running(in: folder)
        killed.waitFor("| ready")
        kill(killed.process, SIGKILL)
        #expect(killed.wait() == -SIGKILL)
        let resumed = try Running(in: folder, "--resume")
        #expect(resumed.wait() == 0)
        let log = folder.file(".slipway/executions/shop/1/one.1/first.1/log")
        #expect(try String(contentsOf: URL(filePath: log), encoding: .utf8) == "ready\ndone\n")
        let attempts = try FileManager.default.contentsOfDirectory(
            atPath: folder.file(".slipway/executions/shop/1/one.1"))
        #expect(attempts == ["first.1"])
        let verified = try Slipway.run("audit", "verify", "--home", folder.file(".slipway"))
        #expect(verified.code == 0)
    }

    @Test func `is tidied up after it was killed when all was over`() throws {
        let folder = try Self.project(
            "echo ready; echo v=1 >> $SLIPWAY_EXPORTS; sleep 0.5", more: ", exports: v")
        let running = try Running(in: folder)
        running.waitFor("| ready")
        let files = FileManager.default
        let open = folder.file(".slipway/run")
        let link = "\(open)/" + (try #require(files.contentsOfDirectory(atPath: open).first))
        let target = try files.destinationOfSymbolicLink(atPath: link)
        #expect(running.wait() == 0)
        // As it is left by one that is killed between its last record and its end.
        try files.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(try Running(in: folder, "--resume").wait() == 2)
        #expect(try files.contentsOfDirectory(atPath: open).isEmpty)
    }
}
