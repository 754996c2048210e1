import Client
import HTTP
import Testing

@Suite("A server's address") struct ServerAddressTests {
    @Test(
        "is told in one way, however it was written",
        arguments: [
            ("https://ci.example.org", "https://ci.example.org"),
            ("https://CI.Example.org:443/", "https://ci.example.org"),
            ("http://localhost:80", "http://localhost"),
            ("http://localhost:8080/ci//a/", "http://localhost:8080/ci/a"),
            ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ])
    func description(written: String, told: String) throws {
        #expect(try ServerAddress(parsing: written).description == told)
    }

    @Test(
        "that is none is refused, and what may be a password is not repeated",
        arguments: [
            "ci.example.org", "ftp://x", "https://", "https:///a", "https://a b", "https://a:",
            "https://a:0", "https://a:65536", "https://a:+8", "https://ada:hunter2@a",
            "https://a/?hunter2", "https://a/#hunter2", "https://a/../hunter2", "https://a\nb",
            "https://a/\u{1B}", "https://[::1", "https://[::1]x", "https://é",
            "https://a%40hunter2", "https://" + String(repeating: "a", count: 2_048),
        ])
    func refused(written: String) {
        let error = #expect(throws: ClientError.self) { try ServerAddress(parsing: written) }
        #expect(error?.kind == .usage)
        #expect(error?.problem.hasPrefix("this is no server's address: ") == true)
        #expect(error?.problem.contains("hunter2") == false)
    }

    @Test(
        "is this machine's only where it says so itself",
        arguments: [
            ("http://127.0.0.1:1", true), ("http://127.9.9.9", true), ("http://localhost", true),
            ("http://[::1]:8080", true), ("http://127.0.0.1.example.org", false),
            ("http://127.1", false), ("http://127.0.0.256", false), ("http://localhost.org", false),
            ("http://10.0.0.1", false), ("http://[::2]", false), ("http://0.0.0.0", false),
        ])
    func loopback(written: String, isLoopback: Bool) throws {
        #expect(try ServerAddress(parsing: written).isLoopback == isLoopback)
    }

    @Test func `leads to a place whose parts stay what they are`() throws {
        var call = ServerCall(.get, "pipelines", "a/../b", "..", "ü?#%")
        call.query = [.init("after", "a&b=c d")]
        #expect(
            call.url(at: try ServerAddress(parsing: "https://a/ci"))
                == "https://a/ci/api/v1/pipelines/a%2F..%2Fb/%2E%2E/%C3%BC%3F%23%25"
                + "?after=a%26b%3Dc%20d")
    }
}
