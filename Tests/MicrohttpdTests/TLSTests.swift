import Curl
import HTTP
import Microhttpd
import Support
import Testing

@Suite("A server with TLS") struct TLSTests {
    /// Made by `openssl`, for this machine and for a day.
    private struct Made {
        let folder: Folder
        let certificate: Certificate

        init(_ kind: String = "ec -pkeyopt ec_paramgen_curve:P-256") throws {
            folder = try Folder()
            let path = folder.path
            let made = try Program.run([
                "/bin/sh", "-euc",
                """
                openssl req -x509 -newkey \(kind) -nodes -days 1 -subj /CN=localhost \
                  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
                  -keyout '\(path)/key.pem' -out '\(path)/certificate.pem'
                """,
            ])
            #expect(made.code == 0, "\(made.errors)")
            certificate = Certificate(
                chain: try folder.text(of: "certificate.pem"), key: try folder.text(of: "key.pem"))
        }

        var authorities: String { folder.file("certificate.pem") }
    }

    private static func call(_ served: Served, _ path: String, trusting file: String?) -> Call {
        var call = Call(.post, .url("https://localhost:\(served.port)/\(path)"), body: [120])
        if let file { call.trust = .authorities(file) }
        return call
    }

    @Test(
        "is proved by its certificate",
        arguments: ["ec -pkeyopt ec_paramgen_curve:P-256", "rsa:2048"])
    func proved(kind: String) throws {
        let made = try Made(kind)
        let served = try Served(tls: made.certificate)
        let answer = try HTTPClient().ask(
            Self.call(served, "elsewhere", trusting: made.authorities))
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self) == "POST <elsewhere>  [x] 127.0.0.1")
    }

    @Test func `is not believed by who does not know its authority`() throws {
        let served = try Served(tls: Made().certificate)
        for file in [nil, try Made().authorities] {
            #expect {
                _ = try HTTPClient().ask(Self.call(served, "", trusting: file))
            } throws: { error in
                (error as? CallProblem)?.kind == .untrusted
            }
        }
        #expect(!served.records.bell.isRinging)
    }

    @Test func `streams, and notices who leaves`() throws {
        let made = try Made()
        let fed = try Fed()
        let served = try Served(tls: made.certificate, stream: { fed })
        let client = try HTTPClient()
        var call = Self.call(served, "stream", trusting: made.authorities)
        call.taking = .stream(buffer: 1 << 16)
        let transfer = try client.begin(call)
        while transfer.status == nil, !transfer.isDone { client.wait([], milliseconds: 20_000) }
        fed.feed("hello")
        var taken: [UInt8] = []
        while taken.count < 5, !transfer.isDone {
            client.wait([], milliseconds: 20_000)
            taken += transfer.take()
        }
        #expect(String(decoding: taken, as: UTF8.self) == "hello")
        client.abandon(transfer)
        #expect(fed.ended.hear() && fed.ends == 1)
    }

    @Test func `says nothing to who speaks without it`() throws {
        let served = try Served(tls: Made().certificate)
        #expect(!(try served.ask("GET / HTTP/1.0\r\n\r\n").contains("HTTP/")))
    }

    @Test func `a client that stops in the middle of the beginning is sent away`() throws {
        var limits = Limits()
        limits.patienceMilliseconds = 100
        let served = try Served(limits: limits, tls: Made().certificate)
        let socket = try served.connect()
        socket.send([0x16, 0x03, 0x01])
        #expect(socket.waitForEnd())
    }

    @Test func `a key that is not the certificate's is told at the start`() throws {
        let (one, other) = (try Made(), try Made())
        let mixed = Certificate(
            chain: try one.folder.text(of: "certificate.pem"),
            key: try other.folder.text(of: "key.pem"))
        #expect {
            _ = try Served(tls: mixed)
        } throws: { error in
            "\(error)".hasPrefix("cannot serve HTTP by TLS with this certificate and key")
        }
    }

    @Test func `what is no certificate is told at the start`() throws {
        #expect {
            _ = try Served(tls: Certificate(chain: "none", key: "secret"))
        } throws: { error in
            !"\(error)".contains("secret") && "\(error)".hasPrefix("cannot serve HTTP by TLS")
        }
    }
}
