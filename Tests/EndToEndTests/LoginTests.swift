import Support
import Testing

@Suite("Logging in") struct LoginTests {
    private static let me = ["GET /api/v1/me": "{\"name\":\"ada\",\"token\":\"7f3a\",\"roles\":[]}"]

    @Test func `keeps the token where only its owner reads it, and nowhere else`() throws {
        let server = try PlayedServer(
            Self.me.merging(["GET /api/v1/pipelines": Recorded.page()]) { $1 })
        let console = try Console()
        let said = try console.run("login", server.url, input: "hunter2\n")
        #expect(said.output == "you are ada at \(server.url)\n")
        #expect(said.errors == "")
        let file = console.folder.file(".config/slipway/servers")
        #expect(try mode(of: file) == 0o600)
        #expect(try console.folder.text(of: ".config/slipway/servers").contains("hunter2"))
        let listed = try console.run("pipelines")
        #expect(
            listed.output == "there are no pipelines; `slipway pipelines put FILE` brings one\n")
        #expect(server.asked.allSatisfy { $0.headers["authorization"] == "Bearer hunter2" })
        #expect(!server.asked.contains { $0.line.contains("hunter2") })
        #expect(try console.run("servers").output == "* \(server.url)\n")
        #expect(
            try console.run("logout").output == "forgot the token for \(server.url)\n")
        #expect(try !console.folder.text(of: ".config/slipway/servers").contains("hunter2"))
        let gone = try console.run("pipelines")
        #expect(gone.code == 2)
        #expect(gone.errors.hasPrefix("slipway pipelines: no server is named\n  hint: "))
    }

    @Test func `what is typed at a terminal is not shown there`() throws {
        let server = try PlayedServer(Self.me)
        let said = try Console().type(
            "login", server.url, doing: [("Token for \(server.url): ", "hunter2\n")])
        #expect(said.code == 0)
        #expect(said.output.hasSuffix("you are ada at \(server.url)\r\n"))
        #expect(!said.output.contains("hunter2"))
        #expect(server.asked.first?.headers["authorization"] == "Bearer hunter2")
    }

    @Test func `that a server does not accept keeps nothing`() throws {
        let server = try PlayedServer { _, peer in
            peer.answer(401, "application/problem+json", "{\"detail\":\"no\"}")
        }
        let console = try Console()
        let said = try console.run("login", server.url, input: "hunter2")
        #expect(said.code == 5)
        #expect(
            said.errors
                == "slipway login: \(server.url) does not take this token: it is wrong, has "
                + "expired or was revoked\n  hint: ask an administrator for a new one, then "
                + "`slipway login \(server.url)`\n")
        #expect(try console.run("servers").output == "you are not logged in anywhere\n")
    }

    @Test func `without TLS is refused before a token is asked for`() throws {
        let said = try Console().run("login", "http://10.9.9.9", input: "hunter2")
        #expect(said.code == 2)
        #expect(
            said.errors == "slipway login: http://10.9.9.9 has no TLS: whoever listens would learn "
                + "the token\n  hint: use an 'https://' address, or accept it with "
                + "'--allow-plain-http'\n")
    }

    @Test func `a token in the environment is not shown to the server of an option`() throws {
        let mine = try PlayedServer([:])
        let other = try PlayedServer(["GET /api/v1/pipelines": Recorded.page()])
        _ = try Console().run("pipelines", "--server", other.url, at: mine)
        #expect(other.asked.first?.headers["authorization"] == nil)
    }

    @Test(
        "what a server answers instead is said with what to do",
        arguments: [
            (
                403, "application/problem+json",
                "{\"detail\":\"this needs 'release'\",\"hint\":\"ask bob\"}",
                "this needs 'release'\n  hint: ask bob\n"
            ),
            (
                404, "application/problem+json; charset=utf-8", "{\"title\":\"Not Found\"}",
                "Not Found\n  hint: check the name; what you may not see is not there either\n"
            ),
            (
                429, "application/problem+json", "{\"detail\":\"too much\"}",
                "too much\n  hint: wait 10 s and try again\n"
            ),
            (
                502, "text/html", "<h1>Bad Gateway</h1>",
                "URL answered 502, and not in the words of a Slipway server\n"
                    + "  hint: it may be starting; try again, or look at its log\n"
            ),
            (
                404, "text/html", "<h1>nginx</h1>",
                "URL answered 404, and not in the words of a Slipway server\n"
                    + "  hint: check the address; a proxy before it may have answered\n"
            ),
            (
                302, "text/html", "",
                "URL sends you to another address\n"
                    + "  hint: if that is right, name it as the server\n"
            ),
            (
                200, "application/json", "{\"items\":7}",
                "what URL answered makes no sense to this version of slipway\n  hint: check that "
                    + "the address is a Slipway server's, and that both are of one version\n"
            ),
        ])
    func refusals(status: Int, type: String, body: String, said: String) throws {
        let server = try PlayedServer { _, peer in peer.answer(status, type, body) }
        let result = try Console().run("pipelines", at: server)
        #expect(
            result.errors == "slipway pipelines: " + said.replacing("URL", with: server.url))
        #expect(result.output == "")
        #expect(result.code == 5)
    }

    @Test func `a server that is not there is said to be so`() throws {
        let port = try TestListener().port
        let said = try Console().run("pipelines", "--server", "http://127.0.0.1:\(port)")
        #expect(said.code == 5)
        #expect(
            said.errors.hasPrefix("slipway pipelines: http://127.0.0.1:\(port) cannot be reached: ")
        )
        #expect(said.errors.contains("\n  hint: see that the server runs and the address is right"))
    }

    @Test func `a certificate has to be signed by somebody who is trusted`() throws {
        let folder = try Folder()
        let made = try Program.run([
            "/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost", "-keyout", folder.file("key.pem"), "-out",
            folder.file("cert.pem"),
        ])
        try #require(made.code == 0, "\(made.errors)")
        let script = """
            import http.server, ssl, subprocess, sys, threading
            class Play(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(b'{"items":[],"next":null}')
                def log_message(self, *words): pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Play)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("\(folder.file("cert.pem"))", "\(folder.file("key.pem"))")
            server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"https://localhost:{server.server_port}"
            for more in [], ["--ca", "\(folder.file("cert.pem"))"]:
                said = subprocess.run(
                    ["\(Slipway.path)", "approvals", "--server", url] + more, text=True,
                    capture_output=True, env={"HOME": "\(folder.path)"})
                print(said.returncode, said.stdout, said.stderr.replace(url, "URL"))
            """
        let said = try Program.run(["/usr/bin/env", "python3", "-c", script])
        #expect(said.errors == "")
        #expect(said.output.hasPrefix("5  slipway approvals: URL does not prove who it is: "))
        #expect(said.output.contains("its certificate: '--ca FILE'\n"))
        #expect(said.output.contains("\n0 nothing waits for an approval\n"))
    }
}
