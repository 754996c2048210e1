import People
import Pipelines
import Testing

@Suite("Who is let in") struct DirectoryTests {
    let later = Token.Instant(wall: 2_000, steady: 1_000)

    @Test func `a token lets in its owner, with what it grants`() throws {
        let directory = try directory(Grant(.admin), Grant(.viewer, pipelines: globs("shop")))
        let caller = try directory.admit(try text(1).text, at: later)
        #expect(caller.name.description == "p1")
        #expect(caller.token == (try text(1).id))
        #expect(caller.grants == [Grant(.viewer, pipelines: try globs("shop"))])
    }

    /// One with a known id and another secret.
    private func forged() throws -> String {
        let bytes = Array(repeating: UInt8(0), count: TokenID.bytes)
        let other = Array(repeating: UInt8(9), count: TokenText.secretBytes)
        return try #require(TokenText(random: bytes + other)).text
    }

    @Test func `whoever shows anything else is turned away, and the record can say why`() throws {
        var directory = try directory(Grant(.admin))
        let right = try text(0).text
        let rejected: [(String, Rejection)] = [
            ("", Rejection(.malformed)), ("x" + right, Rejection(.malformed)),
            (String(right.dropLast()) + "x", Rejection(.mistyped)),
            (try text(5).text, Rejection(.unknown)), (try forged(), Rejection(.unknown)),
        ]
        for (text, rejection) in rejected {
            #expect(throws: rejection) { try directory.admit(text, at: later) }
        }
        directory.apply(.tokenRevoked(token: try text(0).id, reason: ""), at: later)
        #expect(throws: Rejection(.revoked, token: try text(0).id)) {
            try directory.admit(right, at: later)
        }
    }

    @Test func `a token whose time is over says so`() throws {
        var directory = Directory()
        let wish = TokenWish(try text(3), of: try name("ada"), grants: [], expires: 1_500)
        directory.apply(.tokenMade(token: wish.token(at: start)), at: start)
        #expect(throws: Never.self) { try directory.admit(try text(3).text, at: start) }
        #expect(throws: Rejection(.expired, token: try text(3).id)) {
            try directory.admit(try text(3).text, at: later)
        }
    }

    @Test func `only some of the revoked tokens are remembered`() throws {
        var directory = Directory()
        for number in 0...UInt8(Directory.revokedKept) {
            let wish = TokenWish(try text(number), of: try name("ada"), grants: [])
            directory.apply(.tokenMade(token: wish.token(at: start)), at: start)
            directory.apply(.tokenRevoked(token: wish.id, reason: ""), at: start)
        }
        #expect(directory.tokens.count == Directory.revokedKept)
        #expect(directory.tokens[try text(0).id] == nil)
        #expect(directory.tokensInUse == 0)
    }

    @Test(
        "somebody is known by what they write commits as",
        arguments: [
            ("ada", true), ("ADA", true), ("Ada Example <ada@example.org>", true),
            ("Someone Else <ada@example.org>", true), ("Ada Example <other@example.org>", true),
            ("Ada <x@example.org>", true), ("ada@example.org", true), ("<ada@example.org>", true),
            ("adam", false), ("Bob <bob@example.org>", false), ("", false), ("<>", false),
            ("Bob <bob@example.org> (for ada@example.org)", false), (">", false), ("<", false),
        ])
    func authors(author: String, isAda: Bool) throws {
        var directory = Directory()
        let aliases = ["Ada@Example.org", "Ada Example"]
        directory.apply(
            .accountSet(account: Account(try name("ada"), aliases: aliases)), at: start)
        #expect(directory.isPerson("ada", among: [author]) == isAda)
        #expect(!directory.isPerson("bob", among: [author]) || author.hasPrefix("Bob <"))
    }

    @Test func `what the vault holds and the record does not is found at the start`() throws {
        var directory = Directory()
        for (secret, version) in [("a", 1), ("b", 2), ("c", 3)] {
            directory.apply(.secretSet(secret: try name(secret), version: version), at: start)
        }
        let vault: [SecretName: Int] = [try name("a"): 1, try name("b"): 3, try name("d"): 1]
        #expect(
            directory.differences(from: vault) == [
                .secretSet(try name("b"), version: 3), .secretSet(try name("d"), version: 1),
                .secretRemoved(try name("c"), version: 3),
            ])
    }

    @Test(
        "failures are counted by an address, or by a network where addresses are plenty",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::9", "2001:db8::/64"),
            ("::1", "::/64"), ("fe80::1%eth0", "fe80::/64"),
        ])
    func networks(address: String, network: String) {
        #expect(FailedSignIn(from: address, Rejection(.unknown)).address == network)
    }
}
