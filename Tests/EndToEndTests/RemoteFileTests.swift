import FoundationEssentials
import Support
import Testing

@Suite("Files that go to a server and come from it") struct RemoteFileTests {
    private static let record = String(repeating: "record\n", count: 100_000)

    @Test func `a backup is there when all of it is, for its owner alone`() throws {
        let server = try PlayedServer { _, peer in
            peer.answer(200, "application/octet-stream", Self.record)
        }
        let console = try Console()
        let said = try console.run("backup", "copy.db", at: server)
        #expect(said.output == "backed up 700000 bytes from \(server.url) to copy.db\n")
        #expect(try console.folder.text(of: "copy.db") == Self.record)
        #expect(try mode(of: console.folder.file("copy.db")) == 0o600)
        // What is there already is not replaced.
        let again = try console.run("backup", "copy.db", at: server)
        #expect(again.code == 4)
        #expect(
            again.errors == "slipway backup: 'copy.db' cannot be written: File exists\n"
                + "  hint: it is there already; name another, or remove it\n")
        #expect(try names(in: console) == "copy.db\n")
    }

    @Test(
        "a backup that breaks off leaves nothing",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
            "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\n{}",
            "",
        ])
    func broken(answer: String) throws {
        let server = try PlayedServer { _, peer in peer.send(answer) }
        let console = try Console()
        let said = try console.run("backup", "copy.db", at: server)
        #expect(said.code == 5)
        #expect(said.errors.hasPrefix("slipway backup: \(server.url) "))
        #expect(try names(in: console) == "")
    }

    @Test func `a secret comes from a file or standard input, byte for byte`() throws {
        let server = try PlayedServer(["PUT /api/v1/secrets/key": "{}"])
        let console = try Console()
        try console.folder.write("two\nlines\n\n", to: "key.pem")
        let file = try console.run("secrets", "set", "key", "--file", "key.pem", at: server)
        #expect(file.output == "secret key is set\n")
        _ = try console.run("secrets", "set", "key", at: server, input: "from a pipe\n")
        #expect(server.asked.map(\.body) == ["two\nlines\n\n", "from a pipe"])
        let typed = try console.type(
            "secrets", "set", "key", at: server, doing: [("Value of 'key': ", "by hand\n")])
        #expect(!typed.output.contains("by hand"))
        #expect(server.asked.last?.body == "by hand")
        let none = try console.run("secrets", "set", "key", at: server)
        #expect(none.code == 2)
        #expect(server.asked.count == 3)
    }

    @Test func `a definition is checked by the server with its own eyes`() throws {
        let mistake = """
            {"detail":"there are mistakes in the definition","hint":"see","mistakes":[{"line":3,
            "column":11,"severity":"error","message":"there is no runner 'big'",
            "hint":"use 'process'"}]}
            """
        let server = try PlayedServer { asked, peer in
            if asked.line.hasSuffix("?dry-run=true") {
                peer.answer(422, "application/problem+json", mistake)
            } else {
                peer.answer(json: "{\"name\":\"shop\",\"version\":2,\"mistakes\":[]}")
            }
        }
        let console = try Console()
        try console.folder.write(CommandTests.good, to: "shop.yml")
        let bad = try console.run("validate", "shop.yml", at: server)
        #expect(bad.code == 2)
        #expect(
            bad.errors == """
                shop.yml:3:11: error: there is no runner 'big'
                  3 | stages: [{ name: a, actions: { b: { run: make } } }]
                    |           ^
                  hint: use 'process'

                """)
        let put = try console.run("pipelines", "put", "shop.yml", at: server)
        #expect(put.output == "\(server.url) has pipeline 'shop' as version 2\n")
        #expect(
            server.asked.map(\.line) == [
                "PUT /api/v1/pipelines/shop?dry-run=true", "PUT /api/v1/pipelines/shop",
            ])
        #expect(server.asked.allSatisfy { $0.body == CommandTests.good })
        // What this machine finds wrong is not sent.
        try console.folder.write("name: shop\n", to: "shop.yml")
        #expect(try console.run("validate", "shop.yml", at: server).code == 2)
        #expect(server.asked.count == 2)
    }

    @Test func `what a definition names is looked for by the server`() throws {
        let here = """
            {"kind":"runner","name":"process","standing":"here","line":3,"column":30,"message":"",
            "hint":""}
            """
        let unknown = """
            {"kind":"source","name":"app","standing":"unknown","line":2,"column":12,
            "message":"nobody has looked","hint":""}
            """
        let missing = """
            {"kind":"secret","name":"key","standing":"missing","line":3,"column":11,
            "message":"the server has no secret 'key'","hint":"slipway secrets set key"}
            """
        let told = { @Sendable (needs: String) in
            "{\"name\":\"shop\",\"version\":2,\"mistakes\":[],\"needs\":[\(needs)]}"
        }
        let console = try Console()
        try console.folder.write(CommandTests.good, to: "shop.yml")
        let whole = try PlayedServer { _, peer in
            peer.answer(json: told("\(unknown),\(here),\(here)"))
        }
        let good = try console.run("validate", "shop.yml", at: whole)
        #expect(good.code == 0)
        #expect(
            good.output == """
                \(whole.url) would take pipeline 'shop' as version 2
                  it has runner 'process'
                  not known of source 'app': nobody has looked

                """)
        let lacking = try PlayedServer { _, peer in
            peer.answer(json: told("\(missing),\(here)"))
        }
        let bad = try console.run("validate", "shop.yml", at: lacking)
        #expect(bad.code == 2)
        #expect(bad.errors.hasPrefix("shop.yml:3:11: error: the server has no secret 'key'\n"))
        #expect(bad.errors.hasSuffix("  hint: slipway secrets set key\n"))
        #expect(bad.output.contains("as version 2, but has not all that it names\n"))
        // Whoever gives it may bring the secret later.
        let put = try console.run("pipelines", "put", "shop.yml", at: lacking)
        #expect(put.code == 0)
        #expect(put.errors.hasPrefix("shop.yml:3:11: warning: the server has no secret 'key'\n"))
    }

    @Test func `a folder that is named is read instead of a server`() throws {
        let server = try PlayedServer([
            "GET /api/v1/audit/verification": "{\"clean\":true,\"records\":3}"
        ])
        let console = try Console()
        let local = try console.run("audit", "verify", "--home", "nowhere", at: server)
        #expect(local.code == 4)
        #expect(server.asked.isEmpty)
        let remote = try console.run("audit", "verify", at: server)
        #expect(remote.output.hasPrefix("clean, says \(server.url): 3 records\n"))
        // What was run here is meant where no execution is named.
        #expect(try console.run("logs", at: server).errors.contains("there is no '.slipway'"))
        #expect(server.asked.count == 1)
    }

    private func names(in console: Console) throws -> String {
        try Program.run(["/bin/ls", "-A", console.folder.path]).output
    }
}
