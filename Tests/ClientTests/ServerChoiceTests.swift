import Client
import Support
import Testing

@Suite("Which server is asked") struct ServerChoiceTests {
    private static func known(_ addresses: String...) throws -> KnownServers {
        try addresses.reduce(into: KnownServers()) { servers, address in
            servers.add(
                .init(try ServerAddress(parsing: address), try Token(parsing: "of-\(address)")))
        }
    }

    private static func wish(
        option: String? = nil, variable: String? = nil, token: String? = nil
    ) -> ServerChoice.Wish {
        var wish = ServerChoice.Wish()
        (wish.option, wish.variable, wish.token) = (option, variable, token)
        return wish
    }

    @Test func `the option goes before the environment, and that before a login`() throws {
        let known = try Self.known("https://b", "https://a")
        let all = Self.wish(option: "https://x", variable: "https://y")
        #expect(try ServerChoice.made(of: all, known)?.address.description == "https://x")
        let some = Self.wish(variable: "https://y")
        #expect(try ServerChoice.made(of: some, known)?.address.description == "https://y")
        let none = try ServerChoice.made(of: Self.wish(), known)
        #expect(none?.address.description == "https://a")
        #expect(none?.origin == .login)
        #expect(try ServerChoice.made(of: Self.wish(), KnownServers()) == nil)
    }

    @Test(
        "a token is shown to the server it is for and to no other",
        arguments: [
            // option, SLIPWAY_URL, SLIPWAY_TOKEN, what is sent
            (nil, nil, "t", "t"), (nil, nil, nil, "of-https://a"), ("https://x", nil, "t", "t"),
            ("https://x", nil, nil, nil), (nil, "https://y", "t", "t"),
            ("https://x", "https://y", "t", nil), ("https://a", "https://y", "t", "of-https://a"),
            ("https://Y:443/", "https://y", "t", "t"), (nil, "https://a", nil, "of-https://a"),
        ] as [(String?, String?, String?, String?)])
    func tokens(option: String?, variable: String?, token: String?, sent: String?) throws {
        let wish = Self.wish(option: option, variable: variable, token: token)
        let choice = try ServerChoice.made(of: wish, try Self.known("https://a"))
        #expect(try choice?.tokenToSend?.secret == sent)
    }

    @Test(
        "without TLS a token stays on this machine unless somebody accepts it",
        arguments: [
            ("http://10.0.0.1", false, false), ("http://10.0.0.1", true, true),
            ("http://127.0.0.1:1", false, true), ("https://10.0.0.1", false, true),
        ])
    func plain(address: String, accepted: Bool, isSent: Bool) throws {
        var wish = Self.wish(option: address, token: "t")
        wish.allowsPlainHTTP = accepted
        let choice = try #require(try ServerChoice.made(of: wish, KnownServers()))
        if isSent {
            #expect(try choice.tokenToSend?.secret == "t")
        } else {
            let error = #expect(throws: ClientError.self) { try choice.tokenToSend }
            #expect(error?.problem.contains("has no TLS") == true)
        }
    }

    @Test func `a token shows itself nowhere`() throws {
        let token = try Token(parsing: "hunter2")
        let server = KnownServers.Server(try ServerAddress(parsing: "https://a"), token)
        var dumped = ""
        dump(server, to: &dumped)
        #expect(!"\(token) \(server) \(dumped)".contains("hunter2"))
        for bad in ["", "a b", "a\n", "é", String(repeating: "x", count: 4_097)] {
            #expect(throws: ClientError.self) { try Token(parsing: bad) }
        }
    }

    @Test func `whoever is forgotten is not asked, and the last that is left is`() throws {
        var known = try Self.known("https://a", "https://b", "https://c")
        let all = known.all.map(\.address)
        #expect(known.chosen?.address == all[2])
        let first = [known.choose(all[0]), known.remove(all[0])]
        #expect(known.chosen == nil)
        let gone = [known.remove(all[0]), known.choose(all[0])]
        let second = [known.choose(all[1]), known.remove(all[1])]
        #expect(known.chosen?.address == all[2])
        #expect(first + gone + second == [true, true, false, false, true, true])
    }
}

@Suite("The file with servers") struct ServersFileTests {
    private static func server(_ number: Int) throws -> KnownServers.Server {
        .init(
            try ServerAddress(parsing: "https://s\(number)"), try Token(parsing: "token-\(number)"),
            authorities: number == 1 ? "/ca.pem" : nil, allowsPlainHTTP: number == 2)
    }

    @Test func `keeps what it is given, for its owner alone`() throws {
        let folder = try Folder()
        let file = ServersFile(settings: folder.file("new/settings"))
        #expect(try file.read() == KnownServers())
        try file.change { servers throws(ClientError) in
            for number in 1...3 {
                if let server = try? Self.server(number) { servers.add(server) }
            }
        }
        var expected = KnownServers()
        for number in 1...3 { expected.add(try Self.server(number)) }
        #expect(try file.read() == expected)
        #expect(try mode(of: file.path) == 0o600)
        #expect(try mode(of: folder.file("new/settings/slipway")) == 0o700)
        let names = try Program.run(["/bin/ls", "-A", folder.file("new/settings/slipway")])
        #expect(names.output == "servers\n")
    }

    @Test func `is not read where others may read it`() throws {
        let folder = try Folder()
        let file = ServersFile(settings: folder.path)
        try file.change { servers throws(ClientError) in
            if let server = try? Self.server(1) { servers.add(server) }
        }
        _ = try Program.run(["/bin/chmod", "640", file.path])
        let error = #expect(throws: ClientError.self) { try file.read() }
        #expect(error?.kind == .host)
        #expect(error?.hint.hasPrefix("chmod 600 ") == true)
    }

    @Test(
        "that is not ours is told with its name and without what is in it",
        arguments: ["", "[]", "{\"servers\":[{\"url\":\"hunter2\",\"token\":\"hunter2\"}]}"])
    func damaged(text: String) throws {
        let folder = try Folder()
        let file = ServersFile(settings: folder.path)
        try file.change { _ throws(ClientError) in }
        try folder.write(text, to: "slipway/servers")
        _ = try Program.run(["/bin/chmod", "600", file.path])
        let error = #expect(throws: ClientError.self) { try file.read() }
        #expect(error?.problem.hasPrefix("'\(file.path)' cannot be used: ") == true)
        #expect(error?.problem.contains("hunter2") == false)
    }

    @Test func `loses nothing when several write at once`() throws {
        let folder = try Folder()
        let file = ServersFile(settings: folder.path)
        let writers = try (1...8).map { number in
            try Beside {
                let server = try Self.server(number)
                try file.change { servers throws(ClientError) in servers.add(server) }
            }
        }
        for writer in writers { _ = try writer.result() }
        #expect(try file.read().all.count == 8)
    }
}
