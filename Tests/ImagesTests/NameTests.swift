import Images
import Testing

@Suite("The name of an image") struct NameTests {
    @Test(
        "is taken apart",
        arguments: [
            ("registry.example.com/team/web:1.2", "registry.example.com", "team/web", "1.2"),
            ("localhost/web", "localhost", "web", "latest"),
            ("localhost:5000/a/b_c__d-e--f.g", "localhost:5000", "a/b_c__d-e--f.g", "latest"),
            ("[::1]:5000/web:v", "[::1]:5000", "web", "v"),
            ("Registry.Example.com/web", "registry.example.com", "web", "latest"),
        ])
    func parts(text: String, host: String, path: String, version: String) throws {
        let reference = try Reference(parsing: text)
        #expect("\(reference.repository.host)" == host)
        #expect(reference.repository.path == path)
        #expect(reference.version == version)
    }

    @Test func `with tag and digest means the digest`() throws {
        let digest = Digest(of: [1])
        let reference = try Reference(parsing: "a.example/b:1@\(digest)")
        #expect(reference.version == "\(digest)")
        #expect("\(reference)" == "a.example/b:1@\(digest)")
    }

    @Test func `without a host is refused, with the name that it would have at the Hub`() throws {
        let mistake = #expect(throws: ImageMistake.self) { try Repository(parsing: "debian") }
        #expect(
            mistake?.description == "'debian' names no registry; write the host before it, as in "
                + "'registry.example.com/team/web'; the Docker Hub's is 'docker.io/library/debian'")
        #expect(throws: ImageMistake.self) { try Repository(parsing: "team/web") }
    }

    @Test(
        "that breaks a rule is refused",
        arguments: [
            "a.example/Web", "a.example/", "a.example//web", "a.example/we b", "a.example/-web",
            "a.example/web-", "a.example/a..b", "a.example/a___b", "a.example/a._b",
            "a.example/../b", "a.example/web:", "a.example/web:.a", "a.example/web:a/b",
            "a.example:0/web", "a.example:65536/web", "a.example:x/web", "ada@a.example/web",
            "a..example/web", "a.example/web@sha256:12", "a.example/web@md5:\(zeros)",
            "a.example/\(String(repeating: "a", count: 250))",
            "a.example/web:\(String(repeating: "a", count: 129))", "",
        ])
    func wrong(text: String) { #expect(throws: ImageMistake.self) { try Reference(parsing: text) } }

    private static let zeros = String(repeating: "0", count: 64)

    @Test func `may be as long as registries take it, and no longer`() throws {
        let path = String(repeating: "a", count: Repository.maximumLength - "a.example/".count)
        #expect(throws: Never.self) { try Repository(parsing: "a.example/\(path)") }
        #expect(throws: ImageMistake.self) { try Repository(parsing: "a.example/\(path)a") }
        let tag = String(repeating: "a", count: Tag.maximumLength)
        #expect(throws: Never.self) { try Tag(parsing: tag) }
    }

    @Test(
        "an address leads on within its server, or to another",
        arguments: [
            ("/v2/b?c=d", "https://a.example:5000/v2/b?c=d"),
            ("https://b.example/c", "https://b.example/c"),
            ("http://B.example:80", "http://b.example/"), ("//b.example/c", nil), ("c", nil),
            ("ftp://b.example/", nil), ("https://ada:word@b.example/", nil),
            ("https://b.example/\r\nX: y", nil), ("https://b example/", nil), ("https:///a", nil),
        ])
    func following(location: String, url: String?) throws {
        let place = try #require(WebPlace("https://a.example:5000/v2/a"))
        #expect(place.following(location)?.url == url)
    }

    @Test(
        "what leaves this machine in plain words is not private",
        arguments: [
            ("http://127.0.0.1:5000/", true), ("http://localhost/", true), ("http://[::1]/", true),
            ("https://a.example/", true), ("http://a.example/", false),
            ("http://127.0.0.1.a.example/", false), ("http://localhost.a.example/", false),
        ])
    func privacy(url: String, isPrivate: Bool) throws {
        #expect(try #require(WebPlace(url)).isPrivate == isPrivate)
    }

    @Test(
        "of a platform are read as programs write them",
        arguments: [
            ("linux/amd64", "linux/amd64"), ("Linux/X86_64", "linux/amd64"),
            ("linux/aarch64", "linux/arm64"), ("linux/arm64/v8", "linux/arm64"),
            ("linux/arm", "linux/arm/v7"), ("linux/arm/v6", "linux/arm/v6"),
        ])
    func platform(text: String, usual: String) throws {
        #expect(try Platform(parsing: text).usual.description == usual)
    }

    @Test(
        "of platforms that are none are refused",
        arguments: [
            "", "amd64", "linux/", "linux//v7", "linux/amd64,linux/arm64", "a/b/c/d", "a/b\n",
        ])
    func noPlatform(text: String) {
        #expect(throws: ImageMistake.self) { try Platform(parsing: text) }
    }
}
