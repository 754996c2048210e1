import Addresses
import Git
import Support
import Testing

@Suite("Whom a courier trusts") struct TrustTests {
    @Test(
        "addresses of this machine are not reached unless that is allowed",
        arguments: [Transport.Kind.git, .https, .ssh])
    func loopback(kind: Transport.Kind) throws {
        let scene = try Scene(try Transport.open(kind, to: try TestRepository.sample()))
        let error = try #require(
            scene.failure { _ = try scene.look(policy: AddressPolicy()) })
        #expect(error.kind == .address)
        #expect(
            error.description == """
                cannot look at '\(scene.transport.address)': it is not reached: it is an \
                address of this machine itself
                  hint: use the host's public name, or allow 'loopback' addresses in the server's \
                configuration
                """)
    }

    @Test func `a password is shown to nobody who asks for none, and a wrong one is told`() throws {
        let transport = try Transport.open(.https, to: try TestRepository.sample())
        let scene = try Scene(transport)
        let authorities = transport.access.authorities
        for credential in [
            Access.Credential.nothing, .password(user: "ada", secret: "wrong-" + "word"),
        ] {
            let error = try #require(
                scene.failure {
                    _ = try scene.look(access: Access(credential, authorities: authorities))
                })
            #expect(error.kind == .unauthorized)
            #expect(!error.description.contains("wrong-word"))
        }
        #expect(try scene.look().refs.count == 1)
    }

    @Test func `a certificate that nobody known has signed is refused`() throws {
        let scene = try Scene(try Transport.open(.https, to: try TestRepository.sample()))
        let other = try Folder()
        let made = try Program.run([
            "/bin/sh", "-euc",
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x "
                + "-keyout /dev/null -out '\(other.file("x.pem"))' 2>/dev/null",
        ])
        #expect(made.code == 0)
        let access = Access(
            .password(user: Transport.user, secret: Transport.password),
            authorities: other.file("x.pem"))
        #expect(scene.failure { _ = try scene.look(access: access) }?.kind == .untrusted)
    }

    @Test func `a certificate for another name is refused`() throws {
        let scene = try Scene(try Transport.open(.https, to: try TestRepository.sample()))
        let text = scene.transport.address.description
        let other = try RemoteAddress(
            parsing: "https://127.0.0.1" + text.dropFirst("https://localhost".count))
        #expect(scene.failure { _ = try scene.look(at: other) }?.kind == .untrusted)
    }

    @Test(
        "a redirect leads to no other host, nor to another way",
        arguments: ["https://127.0.0.2:$server_port$request_uri", "http://localhost$request_uri"])
    func redirect(target: String) throws {
        let scene = try Scene(
            try Transport.https(
                try TestRepository.sample(),
                more: "rewrite ^/moved/(.*)$ /repository/$1 last; if ($uri ~ ^/elsewhere) "
                    + "{ return 301 \(target); }"))
        let text = scene.transport.address.description
        let elsewhere = try RemoteAddress(
            parsing: text.replacing("/repository", with: "/elsewhere"))
        let error = try #require(scene.failure { _ = try scene.look(at: elsewhere) })
        #expect(error.kind == .address)
        #expect(error.problem.contains("it sends elsewhere"))
    }

    @Test func `a host that is not known is refused, with its fingerprint and what to do`() throws {
        let scene = try Scene(try Transport.open(.ssh, to: try TestRepository.sample()))
        let access = Access(scene.transport.access.credential)
        let error = try #require(scene.failure { _ = try scene.look(access: access) })
        let shown = try Program.run(
            ["/usr/bin/ssh-keygen", "-l", "-f", scene.transport.folder.file("host.pub")]
        ).output.split(separator: " ")
        #expect(error.kind == .untrusted)
        #expect(error.problem == "the host's key is not known: \(shown[1])")
        let line = scene.transport.access.knownHosts.filter { !$0.isNewline }
        #expect(error.hint.hasSuffix(line))
        // What it says to add is what makes it known.
        let known = Access(scene.transport.access.credential, knownHosts: "# ours\n\(line)\n")
        #expect(try scene.look(access: known).refs.count == 1)
    }

    @Test func `a host is known by a line whose names OpenSSH has hashed`() throws {
        let scene = try Scene(try Transport.open(.ssh, to: try TestRepository.sample()))
        let folder = try Folder()
        try folder.write(scene.transport.access.knownHosts, to: "hosts")
        let made = try Program.run(["/usr/bin/ssh-keygen", "-q", "-H", "-f", folder.file("hosts")])
        #expect(made.code == 0)
        let text = try folder.text(of: "hosts")
        #expect(text.hasPrefix("|1|"))
        let access = Access(scene.transport.access.credential, knownHosts: text)
        #expect(try scene.look(access: access).refs.count == 1)
    }

    @Test(
        "a host of which something else is known is refused, and told why",
        arguments: [
            ("@cert-authority * ", "of the host only an authority is known (@cert-authority)"),
            ("@revoked * ", "the host's key was revoked: SHA256:"),
            ("|1|x|y ", "; line 1 of the known hosts cannot be understood"),
        ])
    func marked(start: String, problem: String) throws {
        let scene = try Scene(try Transport.open(.ssh, to: try TestRepository.sample()))
        let key = scene.transport.access.knownHosts.split(separator: " ").suffix(2)
        let access = Access(
            scene.transport.access.credential,
            knownHosts: start + key.joined(separator: " "))
        let error = try #require(scene.failure { _ = try scene.look(access: access) })
        #expect(error.kind == .untrusted)
        #expect(error.problem.contains(problem), "\(error.problem)")
    }

    @Test func `a host that shows another key than is known is refused`() throws {
        let scene = try Scene(try Transport.open(.ssh, to: try TestRepository.sample()))
        let key = try scene.transport.folder.text(of: "stranger.pub").split(separator: " ")
        let port = try #require(scene.transport.address.port)
        let access = Access(
            scene.transport.access.credential,
            knownHosts: "[127.0.0.1]:\(port) \(key[0]) \(key[1])\n")
        let error = try #require(scene.failure { _ = try scene.look(access: access) })
        #expect(error.problem.hasPrefix("the host shows another key than is known: SHA256:"))
    }

    @Test func `a key that the host does not know is refused, and not shown`() throws {
        let scene = try Scene(try Transport.open(.ssh, to: try TestRepository.sample()))
        let key = try scene.transport.folder.text(of: "stranger")
        let access = Access(
            .key(user: nil, text: key, passphrase: nil),
            knownHosts: scene.transport.access.knownHosts)
        let error = try #require(scene.failure { _ = try scene.look(access: access) })
        #expect(error.kind == .unauthorized)
        #expect(!error.description.contains("PRIVATE"))
    }

    @Test func `what a remote is shown is not printed by mistake`() {
        let access = Access(.password(user: "ada", secret: "sesame"), knownHosts: "h k v")
        var dumped = ""
        dump(access, to: &dumped)
        #expect(!"\(access) \(String(reflecting: access)) \(dumped)".contains("sesame"))
    }

    @Test(
        "an address that cannot be meant is refused",
        arguments: [
            "", "-u", ".", "shop.git", "https://", "https://host", "https://host/", "ftp://h/p",
            "ext::sh -c x", "https://u:sesame@h/p", "https://a@b@h/p", "ssh://-oX/p", "git://h:0/p",
            "git://h:65536/p", "ssh://h:x/p", "host:", "https://h/a b", "-o:x", "file://host/p",
            "https://h\u{7}/p",
        ])
    func addresses(text: String) {
        #expect(throws: GitError.self) { try RemoteAddress(parsing: text) }
        do { _ = try RemoteAddress(parsing: text) } catch {
            #expect(!error.description.contains("sesame"))
        }
    }

    @Test(
        "an address is taken apart",
        arguments: [
            ("/srv/shop.git/", "folder  -1 /srv/shop.git"),
            ("file:///srv/shop.git", "folder  -1 /srv/shop.git"),
            ("git://host/shop", "git host -1 /shop"),
            ("https://Host:8443/a/b.git", "https host 8443 /a/b.git"),
            ("ssh://git@host:22/srv/x", "ssh git@host 22 /srv/x"),
            ("git@host:team/shop.git", "ssh git@host -1 team/shop.git"),
            ("host:shop.git", "ssh host -1 shop.git"),
            ("https://[2001:db8::1]:444/x", "https [2001:db8::1] 444 /x"),
        ])
    func parts(text: String, expected: String) throws {
        let address = try RemoteAddress(parsing: text)
        let user = address.user.map { "\($0)@" } ?? ""
        #expect(
            "\(address.way.rawValue) \(user)\(address.host) \(address.port ?? -1) \(address.path)"
                == expected)
    }
}
