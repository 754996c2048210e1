import Attempts
import FoundationEssentials
import Glibc
import Sandbox
import Support
import Testing

@Suite(
    "What commands in a container see",
    .enabled(if: TestEngine.socket != nil, "\(TestEngine.reason)"))
struct ContainerViewTests {
    @Test func `a user without a privilege, who is nobody on the host`() throws {
        let attempting = try ContainerAttempting(
            "id -u; grep -E 'CapBnd|NoNewPrivs|Seccomp:' /proc/self/status; hostname; pwd")
        let (report, log) = try attempting.run()
        let lines = log.split(whereSeparator: \.isNewline)
        #expect(report.end == .succeeded, "\(log)")
        #expect(lines.first.map(String.init) == "\(attempting.spec.slot ?? Int(getuid()))")
        #expect(log.contains("CapBnd:\t0000000000000000\n"))
        #expect(log.contains("NoNewPrivs:\t1\n"))
        #expect(log.contains("Seccomp:\t2\n"))
        #expect(log.hasSuffix("slipway\n/workspace\n"))
    }

    @Test func `a system that they cannot write, but for their own places`() throws {
        let attempting = try ContainerAttempting(
            "touch /etc/x /run/slipway/x /run/slipway/script-0 || true; touch /tmp/x here; ls")
        let (report, log) = try attempting.run()
        #expect(report.end == .succeeded, "\(log)")
        #expect(log.contains("/etc/x: Read-only file system"))
        #expect(log.contains("/run/slipway/x: Read-only file system"))
        #expect(log.hasSuffix("here\n"))
    }

    @Test func `a workspace that begins with the layers and never changes them`() throws {
        let lower = try Folder()
        try lower.write("old", to: "file")
        try lower.write("gone", to: "removed")
        let upper = try Folder()
        try upper.write("newer", to: "other")
        for folder in [lower, upper] { #expect(unsafe chmod(folder.path, 0o755) == 0) }
        var attempting = try ContainerAttempting(
            "cat file other; echo new > file; rm removed; mkdir -p a/b; chmod 600 other; ls -ln")
        attempting.spec.layers = [upper.path, lower.path]
        let (report, log) = try attempting.run()
        #expect(report.end == .succeeded, "\(log)")
        #expect(log.hasPrefix("oldnewer"))
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
        for path in [input.path, input.file("version")] {
            #expect(unsafe chmod(path, 0o700) == 0)
        }
        var attempting = try ContainerAttempting(
            "cat /inputs/lib/version; echo 2 > /inputs/lib/version || true; touch /inputs/x || true"
        )
        attempting.spec.inputs = [.init(name: "lib", path: input.path)]
        let (_, log) = try attempting.run()
        #expect(log.hasPrefix("1.2"))
        #expect(log.contains("Read-only file system"))
        #expect(try input.text(of: "version") == "1.2")
    }

    @Test func `secrets in files or variables, and nowhere on the host or in the Engine`() throws {
        var attempting = try ContainerAttempting(
            "cat /run/secrets/token; echo $KEY | wc -c; ls -l /run/secrets/token; echo ready; "
                + "while :; do sleep 0.1; done")
        let bytes = Array("s3cr3t-token".utf8) + [0, 39, 92, 255]
        attempting.secrets = [
            .init(name: "token", value: bytes, variable: nil),
            .init(name: "key", value: Array("it's s3cr3t-key $(id)\n%d".utf8), variable: "KEY"),
        ]
        try attempting.prepare()
        let supervisor = try attempting.start()
        try attempting.waitFor("ready")
        let data = attempting.socket.split(separator: "/").dropLast().joined(separator: "/")
        let seen = try Program.run([
            "/bin/sh", "-c",
            "cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep -c s3cr3t-[tk]; "
                + "grep -rlE --devices=skip 's3cr3t-(token|key)' \(attempting.attempt.path) "
                + "/\(data)/data/containers",
        ])
        try supervisor.ask(.atOnce, in: attempting.attempt)
        supervisor.wait()
        #expect(seen.output == "0\n", "\(seen.output)")
        let log = try attempting.log()
        #expect(log.hasPrefix("***25\n-r--------"), "\(log)")
        #expect(log.contains(" 16 "))
    }

    @Test func `secrets, which the log does not show in any common form`() throws {
        var attempting = try ContainerAttempting(
            "echo $KEY; echo $KEY | base64; echo $KEY | od -An -tx1 | tr -d ' '; echo $SHORT")
        attempting.secrets = [
            .init(name: "key", value: Array("s3cr3t-key".utf8), variable: "KEY"),
            .init(name: "short", value: Array("ab".utf8), variable: "SHORT"),
        ]
        let lines = try attempting.run().log.split(separator: "\n")
        try #require(lines.count == 5)
        #expect(lines[0].hasPrefix("slipway: secret 'short' is shorter than 6 bytes"))
        #expect(lines[1] == "***")
        #expect(lines[2].hasPrefix("***"))
        #expect(lines[3].hasPrefix("***"))
        #expect(lines[4] == "ab")
    }

    @Test func `a secret of any length`() throws {
        var attempting = try ContainerAttempting("wc -c < /run/secrets/long")
        let value = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        attempting.secrets = [.init(name: "long", value: value, variable: nil)]
        let (report, log) = try attempting.run()
        #expect(report.end == .succeeded)
        #expect(log == "20000\n")
    }

    @Test func `no network, or the host's, as was asked`() throws {
        let count = "wc -l < /proc/net/dev"
        let none = try ContainerAttempting(count).run().log
        var attempting = try ContainerAttempting(count)
        attempting.spec.network = .host
        let host = try attempting.run().log
        #expect(none == "3\n")
        #expect(Int(host.trimmingPrefix(" ").prefix { $0 != "\n" }) ?? 0 > 3)
    }

    @Test(
        "a way out where that was asked for, but none to a cloud's metadata",
        .enabled(if: getuid() == 0, "only root can close that way"))
    func outbound() throws {
        var attempting = try ContainerAttempting(
            "ip route; ip route get 169.254.169.254 2>&1 || true; "
                + "ip route del unreachable 169.254.0.0/16 2>&1 || true")
        attempting.spec.network = .outbound
        let (report, log) = try attempting.run()
        #expect(report.end == .succeeded, "\(log)")
        #expect(log.hasPrefix("default via "))
        #expect(log.contains("\nunreachable 169.254.0.0/16"))
        #expect(log.contains("No route to host") || log.contains("Network is unreachable"))
        #expect(log.contains("ip: RTNETLINK answers: Operation not permitted"))
    }

    @Test func `variables that they set are brought home`() throws {
        let attempting = try ContainerAttempting("echo 'version=1.2' >> \"$SLIPWAY_EXPORTS\"")
        _ = try attempting.run()
        #expect(try attempting.folder.text(of: "attempt/exports") == "version=1.2\n")
    }
}
