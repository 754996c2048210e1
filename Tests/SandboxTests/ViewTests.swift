import Attempts
import FoundationEssentials
import Glibc
import Sandbox
import Support
import Testing

@Suite("What commands see") struct ViewTests {
    @Test func `their own user, host and processes, and nobody else's`() throws {
        let (_, log) = try Attempting(
            "id -u; id -un; hostname; ls /proc | grep -c '^[0-9]'; pwd; echo $HOME; echo ~"
        ).run()
        let lines = log.split(separator: "\n")
        #expect(lines.prefix(3) == ["1000", "slipway", "slipway"])
        #expect((Int(lines[3]) ?? 99) <= 6)
        #expect(lines.suffix(3) == ["/workspace", "/tmp", "/tmp"])
    }

    @Test func `no descriptor but the first three`() throws {
        let leaked = unsafe open("/etc/passwd", O_RDONLY)
        defer { close(leaked) }
        for steps in [1, 2] {
            let step = AttemptSpec.Step(name: nil, script: "ls /proc/self/fd | tr '\\n' ' '")
            let attempting = try Attempting(steps: Array(repeating: step, count: steps))
            let (_, log) = try attempting.run()
            // 3 is the folder that `ls` itself reads.
            #expect(log == String(repeating: "0 1 2 3 ", count: steps))
        }
    }

    @Test func `an environment made from nothing`() throws {
        _ = unsafe setenv("SLIPWAY_TEST_LEAK", "leaked", 1)
        var attempting = try Attempting("env")
        attempting.spec.environment = ["MODE": "a b\nc", "LANG": "C"]
        let (_, log) = try attempting.run()
        #expect(!log.contains("LEAK"))
        #expect(log.contains("MODE=a b\nc\n"))
        #expect(log.contains("LANG=C\n"))
        #expect(log.contains("SLIPWAY_EXPORTS=/run/slipway/exports\n"))
    }

    @Test func `a workspace that begins with the layers and never changes them`() throws {
        let lower = try Folder()
        try lower.write("old", to: "file")
        try lower.write("gone", to: "removed")
        let upper = try Folder()
        try upper.write("newer", to: "other")
        for folder in [lower, upper] { #expect(unsafe chmod(folder.path, 0o755) == 0) }
        var attempting = try Attempting(
            "cat file other; echo new > file; rm removed; mkdir -p a/b; chmod 600 other; ls -ln")
        attempting.spec.layers = [upper.path, lower.path]
        let (report, log) = try attempting.run()
        #expect(report.end == .succeeded, "\(log)")
        #expect(log.hasPrefix("oldnewer"))
        #expect(!log.contains("65534"))
        #expect(try lower.text(of: "file") == "old")
        #expect(try lower.text(of: "removed") == "gone")
        #expect(try upper.text(of: "other") == "newer")
        let written = try FileManager.default.contentsOfDirectory(
            atPath: attempting.attempt.workspace)
        #expect(Set(written) == ["file", "removed", "a", "other"])
    }

    @Test func `inputs, which they cannot change`() throws {
        let input = try Folder()
        try input.write("1.2", to: "version")
        #expect(unsafe chmod(input.path, 0o755) == 0)
        var attempting = try Attempting(
            "cat /inputs/lib/version; echo 2 > /inputs/lib/version || true; touch /x || true")
        attempting.spec.inputs = [.init(name: "lib", path: input.path)]
        let (_, log) = try attempting.run()
        #expect(log.hasPrefix("1.2"))
        #expect(log.contains("Read-only file system"))
        #expect(try input.text(of: "version") == "1.2")
    }

    @Test func `secrets in files or variables, and nowhere on the host`() throws {
        var attempting = try Attempting(
            "cat /run/secrets/token; echo $KEY | wc -c; stat -c %a /run/secrets/token; echo ready; "
                + "while [ ! -e /tmp/go ]; do sleep 0.1; done")
        attempting.secrets = [
            .init(name: "token", value: Array("s3cr3t-token".utf8), variable: nil),
            .init(name: "key", value: Array("s3cr3t-key".utf8), variable: "KEY"),
        ]
        try attempting.prepare()
        let supervisor = try attempting.start()
        try attempting.waitFor("ready")
        let seen = try Program.run([
            "/bin/sh", "-c",
            "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' "
                + "| grep -c s3cr3t-toke[n]; ls \(attempting.attempt.path); "
                + "grep -rl s3cr3t \(attempting.attempt.path)/spec || true",
        ])
        try supervisor.ask(.atOnce, in: attempting.attempt)
        supervisor.wait()
        #expect(seen.output.hasPrefix("0\n"))
        #expect(!seen.output.contains("attempt/spec"))
        #expect(try attempting.log().contains("400\n"))
    }

    @Test func `secrets, which the log does not show in any common form`() throws {
        var attempting = try Attempting(
            "echo $KEY; echo $KEY | base64; echo $KEY | od -An -tx1 | tr -d ' '; echo $SHORT")
        attempting.secrets = [
            .init(name: "key", value: Array("s3cr3t-key".utf8), variable: "KEY"),
            .init(name: "short", value: Array("ab".utf8), variable: "SHORT"),
        ]
        let (_, log) = try attempting.run()
        let lines = log.split(separator: "\n")
        #expect(lines[0].hasPrefix("slipway: secret 'short' is shorter than 6 bytes"))
        #expect(lines[1] == "***")
        #expect(lines[2].hasPrefix("***"))
        #expect(lines[3].hasPrefix("***"))
        #expect(lines[4] == "ab")
    }

    @Test func `no network, or the host's, as was asked`() throws {
        let count = "wc -l < /proc/net/dev"
        let none = try Attempting(count).run().log
        var attempting = try Attempting(count)
        attempting.spec.network = .host
        let host = try attempting.run().log
        #expect(Int(none.trimmingPrefix(" ").prefix { $0 != "\n" }) == 3)
        #expect(host != none)
    }

    @Test func `variables that they set are brought home`() throws {
        let attempting = try Attempting("echo 'version=1.2' >> \"$SLIPWAY_EXPORTS\"")
        _ = try attempting.run()
        #expect(try attempting.folder.text(of: "attempt/exports") == "version=1.2\n")
    }
}
