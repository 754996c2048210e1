import Docker
import Testing

@Suite("A connection that is to be turned round") struct SessionHandshakeTests {
    private static func state(_ text: String) -> SessionHandshake.State {
        var handshake = SessionHandshake()
        for byte in text.utf8 { handshake.feed([byte]) }
        return handshake.state
    }

    @Test func `is asked for with what will be answered on it`() {
        let text = String(
            decoding: SessionHandshake.request(id: "abc", context: "shop"), as: UTF8.self)
        #expect(text.hasPrefix("POST /session HTTP/1.1\r\n") && text.hasSuffix("\r\n\r\n"))
        #expect(text.contains("\r\nUpgrade: h2c\r\n"))
        #expect(text.contains("\r\nX-Docker-Expose-Session-Uuid: abc\r\n"))
        #expect(text.contains("\r\nX-Docker-Expose-Session-Sharedkey: shop\r\n"))
        let method = "X-Docker-Expose-Session-Grpc-Method: "
        #expect(text.contains("\(method)/moby.buildkit.secrets.v1.Secrets/GetSecret\r\n"))
        #expect(text.contains("\(method)/moby.filesync.v1.Auth/Credentials\r\n"))
        #expect(text.contains("\(method)/moby.filesync.v1.FileSync/DiffCopy\r\n"))
    }

    @Test func `is turned round when the Engine says so, with what it says next`() {
        var handshake = SessionHandshake()
        let answer = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\n\r\nPRI *"
        for piece in [answer.prefix(40), answer.dropFirst(40)] {
            #expect(handshake.state == .open)
            handshake.feed(Array(piece.utf8))
        }
        #expect(handshake.state == .done(rest: Array("PRI *".utf8)))
    }

    @Test(
        "is none where the Engine says something else",
        arguments: [
            (
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "HTTP/1.1 400 Bad Request: it does not say why"
            ),
            ("SSH-2.0-x\r\n\r\n", "SSH-2.0-x: it does not say why"),
            (String(repeating: "x", count: 17_000), "its answer has no end"),
        ])
    func refused(text: String, words: String) {
        #expect(Self.state(text) == .refused(words))
    }
}
