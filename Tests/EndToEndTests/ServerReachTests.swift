import Support
import Testing

/// Addresses in definitions, which are written by whoever can push.
@Suite("A server told to fetch", .timeLimit(.minutes(2))) struct ServerReachTests {
    private static func definition(_ address: String) -> String {
        """
        name: shop
        sources: { app: { git: "\(address)", branches: main } }
        stages: [{ name: build, actions: { make: { run: echo made } } }]

        """
    }

    @Test(
        "connects to nothing of its own machine, by whatever name",
        arguments: [
            "http://127.0.0.1:PORT/a.git", "http://localhost:PORT/a.git", "http://0.0.0.0:PORT/a",
            "http://[::ffff:127.0.0.1]:PORT/a.git", "https://127.1.2.3:PORT/a.git",
            "git://127.0.0.1:PORT/a.git", "ssh://git@localhost:PORT/a.git",
            "git://[::1]:PORT/a.git",
            "http://2130706433:PORT/a", "http://0x7f.1:PORT/a",
        ])
    func loopback(address: String) throws {
        let listener = try TestListener()
        let server = try RunningServer()
        let whole = address.replacing("PORT", with: "\(listener.port)")
        try server.define("shop", Self.definition(whole))
        let journal = server.waitFor("\"level\":\"warning\"")
        #expect(
            journal.contains("it is an address of this machine itself")
                || journal.contains("cannot be watched"), "\(journal)")
        #expect(!listener.isCalled)
    }

    @Test(
        "says why it does not ask where clouds keep a machine's secrets",
        arguments: [
            "http://169.254.169.254/latest/meta-data", "git://169.254.169.254/a",
            "http://[::ffff:a9fe:a9fe]/a", "http://[fe80::1]/a", "http://[fd00:ec2::254]/a",
        ])
    func metadata(address: String) throws {
        let server = try RunningServer()
        try server.define("shop", Self.definition(address))
        let journal = server.waitFor("\"level\":\"warning\"")
        #expect(journal.contains("link-local") || journal.contains("this machine"), "\(journal)")
    }

    @Test func `is not led there by somebody else's server`() throws {
        let listener = try TestListener()
        let elsewhere = "http://127.0.0.2:\(listener.port)/a.git"
        let played = try PlayedServer { asked, peer in
            peer.answer(302, "text/plain", headers: ["Location": elsewhere], "")
        }
        let server = try RunningServer(settings: "allow: loopback\n")
        try server.define("shop", Self.definition("\(played.url)/a.git"))
        let journal = server.waitFor("\"level\":\"warning\"")
        #expect(!played.asked.isEmpty)
        #expect(!listener.isCalled, "\(journal)")
    }

    @Test func `asks its own machine where that is allowed`() throws {
        let played = try PlayedServer { _, peer in peer.answer(404, "text/plain", "") }
        let server = try RunningServer(settings: "allow: loopback\n")
        try server.define("shop", Self.definition("\(played.url)/a.git"))
        server.waitFor("\"level\":\"warning\"")
        #expect(played.asked.first?.place == "GET /a.git/info/refs")
    }
}
