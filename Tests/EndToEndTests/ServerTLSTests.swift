import Support
import Testing

@Suite("A server with a certificate", .timeLimit(.minutes(1))) struct ServerTLSTests {
    private static func serve() throws -> RunningServer {
        let folder = try Folder()
        let made = try Program.run([
            "/bin/sh", "-euc",
            """
            cd '\(folder.path)' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
              -nodes -days 1 -subj /CN=localhost -keyout key.pem -out certificate.pem \
              -addext subjectAltName=DNS:localhost,IP:127.0.0.1
            """,
        ])
        try #require(made.code == 0, "\(made.errors)")
        return try RunningServer(
            in: folder, settings: "tls: { certificate: certificate.pem, key: key.pem }\n")
    }

    @Test func `is asked by who knows its authority, and by nobody else`() throws {
        let server = try Self.serve()
        let url = "https://localhost:\(server.port)"
        let authority = server.folder.file("certificate.pem")
        let said = try server.command("pipelines", "--server", url, "--ca", authority)
        // The token of the environment is for its own server alone.
        #expect(said.code == 5 && said.errors.contains("token"), "\(said.errors)")
        let asked = try server.command(at: url, "runners", "--ca", authority)
        #expect(asked.code == 0 && asked.output.contains("process"), "\(asked.errors)")
        let unknown = try server.command(at: url, "runners")
        #expect(unknown.code == 5 && unknown.errors.contains("certificate"), "\(unknown.errors)")
    }

    @Test func `is told from one that speaks plain HTTP, which nothing secret is sent to`() throws {
        let server = try Self.serve()
        let said = try server.command("runners")
        #expect(said.code == 5)
        #expect(said.errors.contains("TLS") || said.errors.contains("https://"), "\(said.errors)")
        #expect(!(try server.ask("/healthz").head.contains("200")))
        #expect(!server.journal.contains("\"level\":\"error\""))
    }

    @Test func `does not begin with a key that is not its certificate's`() throws {
        let (one, other) = (try Self.serve(), try Self.serve())
        one.stop()
        let key = try other.folder.text(of: "key.pem")
        try one.folder.write(key, to: "key.pem")
        let said = try Program.run([
            "/usr/bin/env", "-C", one.folder.path, Slipway.path, "server", "--home", "home",
            "--listen", "127.0.0.1:0", "--config", "server.yml",
        ])
        #expect(said.code == 4, "\(said.errors)")
        #expect(said.errors.contains("certificate and key"))
        let secret = key.split(separator: "\n")[1]
        #expect(!said.errors.contains(secret))
    }
}
