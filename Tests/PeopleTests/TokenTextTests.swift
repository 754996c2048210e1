import People
import Testing

@Suite("Token texts") struct TokenTextTests {
    @Test func `a token is made of random bytes, and read back`() throws {
        let bytes = (0..<TokenText.randomBytes).map(UInt8.init)
        let made = try #require(TokenText(random: bytes))
        #expect(
            made.text == "slipway_000102030405_060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                + "202122232425_ff3f5845")
        #expect(try TokenText(parsing: made.text).hash == made.hash)
        #expect(made.id.description == "000102030405")
    }

    @Test("no token is made of fewer or more bytes", arguments: [0, 32, 37, 39])
    func lengths(count: Int) {
        #expect(TokenText(random: Array(repeating: 1, count: count)) == nil)
    }

    @Test func `each single wrong digit is told from a token that is unknown here`() throws {
        let right = Array(try text().text)
        for index in right.indices where right[index] != "_" && index > 7 {
            var wrong = right
            wrong[index] = wrong[index] == "0" ? "1" : "0"
            #expect(throws: TokenText.Flaw.mistyped) { try TokenText(parsing: String(wrong)) }
        }
    }

    @Test(
        "what does not look like a token is none",
        arguments: [
            "", "slipway", "slipway_", "slipway___", "Bearer x", "slipway_a_b_c",
            "SLIPWAY_000102030405_00_00", String(repeating: "_", count: 100_000),
        ])
    func malformed(text: String) {
        #expect(throws: TokenText.Flaw.malformed) { try TokenText(parsing: text) }
    }

    @Test("the house keeps a hash, by which only the same text is known")
    func hashes() throws {
        let mine = try text(1)
        let wish = TokenWish(mine, of: try name("ada"), grants: [Grant(.viewer)])
        let token = wish.token(at: Token.Instant(wall: 0, steady: 0))
        #expect(token.isMade(of: mine))
        #expect(!token.isMade(of: try text(2)))
        #expect(!token.hash.contains(String(mine.text.dropFirst(21).prefix(16))))
    }

    @Test(
        "a token is over at its time on either clock",
        arguments: [
            (5_099, 99, Token.Status.valid), (5_100, 0, .expired), (0, 100, .expired),
            (9_000, 9_000, .expired), (0, 0, .valid),
        ])
    func expiry(wall: Int64, steady: Int64, status: Token.Status) throws {
        let wish = TokenWish(try text(), of: try name("ada"), grants: [], expires: 5_100)
        let token = wish.token(at: Token.Instant(wall: 5_000, steady: 0))
        #expect(token.status(at: Token.Instant(wall: wall, steady: steady)) == status)
    }
}
