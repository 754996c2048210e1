import Git
import Support
import Testing

@Suite("Known hosts") struct KnownHostsTests {
    private static let key = "AAAAC3NzaC1lZDI1NTE5AAAAIFxq0xkkQj7tQEEBHAEDAYAXdOKAHn2oQ8zQ8xG3Wd3y"
    private static let other =
        "AAAAC3NzaC1lZDI1NTE5AAAAIJzqU0PZ0a7C3f2dUUt9h3nPj1yP0vOeS7Qm9uX1l4Aa"

    private static func line(_ names: String, _ key: String = key) -> String {
        "\(names) ssh-ed25519 \(key)\n"
    }

    /// The names that OpenSSH hides are those of a real `ssh-keygen -H`.
    @Test(
        "with hashed names are those that OpenSSH has hashed",
        arguments: [
            ("git.example.org", "git.example.org", 22, true),
            ("git.example.org", "GIT.example.org", 22, true),
            ("git.example.org", "git.example.org", 2_222, true),
            ("git.example.org", "other.example.org", 22, false),
            ("[git.example.org]:2222", "git.example.org", 2_222, true),
            ("[git.example.org]:2222", "git.example.org", 22, false),
            ("[git.example.org]:2222", "git.example.org", 2_223, false),
            ("192.0.2.7,git.example.org", "192.0.2.7", 22, true),
            ("192.0.2.7,git.example.org", "git.example.org", 22, true),
            ("2001:db8::7", "[2001:db8::7]", 22, true),
            ("[2001:db8::7]:2222", "[2001:db8::7]", 2_222, true),
        ])
    func hashed(names: String, host: String, port: Int, isKnown: Bool) throws {
        let folder = try Folder()
        try folder.write(Self.line(names), to: "hosts")
        let made = try Program.run(["/usr/bin/ssh-keygen", "-q", "-H", "-f", folder.file("hosts")])
        #expect(made.code == 0)
        let text = try folder.text(of: "hosts")
        #expect(text.hasPrefix("|1|") && !text.contains("example"))
        let hosts = KnownHosts(parsing: text)
        #expect(hosts.unread.isEmpty)
        #expect(hosts.verdict(on: host, port: port, key: Self.key) == (isKnown ? .known : .unknown))
        // Another key at a host that is hidden is noticed as well.
        let shown = hosts.verdict(on: host, port: port, key: Self.other)
        #expect(shown == .unknown || isKnown && shown == .changed)
    }

    /// `ssh-keygen -F` finds a line by the same rules as ssh does.
    @Test(
        "are found by patterns as OpenSSH finds them",
        arguments: [
            ("*.example.org", "git.example.org"), ("*.example.org", "example.org"),
            ("git?.example.org", "git1.example.org"), ("git?.example.org", "git.example.org"),
            ("*.example.org,!bad.example.org", "bad.example.org"),
            ("!bad.example.org,*.example.org", "bad.example.org"),
            ("*.example.org,!bad.example.org", "good.example.org"), ("!a", "b"), ("*", "a"),
            ("*a*b*c", "xaybzc"), ("*a*b*c", "xaybzcd"), ("GIT.Example.ORG", "git.example.org"),
            ("[git.example.org]:2222", "[git.example.org]:2222"),
            ("[git.example.org]:2222", "git.example.org"),
            ("git.example.org", "[git.example.org]:22"),
            ("[*.example.org]:2222", "[git.example.org]:2222"), ("*", "[git.example.org]:2222"),
            ("[git.example.org]:*", "[git.example.org]:2222"), ("a,b,c", "b"), ("a,b,c", "d"),
        ])
    func patterns(names: String, wanted: String) throws {
        let folder = try Folder()
        try folder.write(Self.line(names), to: "hosts")
        let found = try Program.run([
            "/usr/bin/ssh-keygen", "-F", wanted, "-f", folder.file("hosts"),
        ])
        let parts = wanted.split(separator: "]:")
        let host = parts.count == 2 ? String(parts[0].dropFirst()) : wanted
        let port = parts.count == 2 ? Int(parts[1]) ?? 0 : 22
        let verdict = KnownHosts(parsing: Self.line(names))
            .verdict(on: host, port: port, key: Self.key)
        // 22 is the port that is not written.
        let isFound = wanted.hasSuffix("]:22") ? true : found.code == 0
        #expect(verdict == (isFound ? .known : .unknown), "\(names) \(wanted)")
    }

    @Test(
        "mean what is marked",
        arguments: [
            ("@revoked * ", .revoked), ("@cert-authority *.org ", .vouchedFor),
            ("git.org ", .known), ("@revoked other.org ", .unknown), ("@later git.org ", .unknown),
        ] as [(String, KnownHosts.Verdict)])
    func marks(start: String, verdict: KnownHosts.Verdict) {
        let hosts = KnownHosts(parsing: "\(start)ssh-ed25519 \(Self.key)")
        #expect(hosts.verdict(on: "git.org", port: 22, key: Self.key) == verdict)
        #expect(hosts.unread == (start.hasPrefix("@later") ? [1] : []))
    }

    @Test func `a key that was revoked is not good, though the host is known by it`() {
        let hosts = KnownHosts(
            parsing: Self.line("git.org") + "@revoked git.org ssh-ed25519 \(Self.key)\n")
        #expect(hosts.verdict(on: "git.org", port: 22, key: Self.key) == .revoked)
        #expect(hosts.verdict(on: "git.org", port: 2_222, key: Self.key) == .revoked)
    }

    @Test func `an authority keeps no key from being known, and is none itself`() {
        let authority = "@cert-authority *.org ssh-ed25519 \(Self.other)\n"
        let both = KnownHosts(parsing: authority + Self.line("git.org"))
        #expect(both.verdict(on: "git.org", port: 22, key: Self.key) == .known)
        #expect(both.verdict(on: "git.org", port: 22, key: Self.other) == .changed)
        let alone = KnownHosts(parsing: authority)
        #expect(alone.verdict(on: "git.org", port: 22, key: Self.other) == .vouchedFor)
    }

    @Test func `lines that cannot be understood are told by their numbers`() {
        let hosts = KnownHosts(
            parsing: """
                # ours

                git.org ssh-ed25519
                |2|c2FsdA==|c2FsdA== ssh-ed25519 \(Self.key)
                |1|c2FsdA== ssh-ed25519 \(Self.key)
                |1|c2Fs!A==|c2FsdA== ssh-ed25519 \(Self.key)
                @ git.org ssh-ed25519 \(Self.key)
                git.org ssh-ed25519 \(Self.key) with a comment
                """)
        #expect(hosts.unread == [3, 4, 5, 6, 7])
        #expect(hosts.verdict(on: "git.org", port: 22, key: Self.key) == .known)
    }

    @Test(.timeLimit(.minutes(1))) func `stars without number take no time`() {
        let names = String(repeating: "*a", count: 1_000)
        let host = String(repeating: "a", count: 900) + "b"
        let hosts = KnownHosts(parsing: Self.line(names))
        #expect(hosts.verdict(on: host, port: 22, key: Self.key) == .unknown)
    }
}
