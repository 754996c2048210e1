import AWS
import Testing

@Suite("The files that AWS's tools share") struct SharedFileTests {
    private static func source(
        _ configuration: String, credentials: String = "", profile: String? = nil
    ) throws -> CredentialPlan.Finding? {
        var world = PlayedWorld()
        world.files = [
            "/home/me/.aws/config": configuration, "/home/me/.aws/credentials": credentials,
        ]
        return try world.plan(["AWS_EC2_METADATA_DISABLED": "true"], profile: profile).steps
            .map(\.finding).first { if case .nothing = $0 { false } else { true } }
    }

    private static let found = CredentialPlan.Finding.source(
        .fixed(Credentials(key: key, secret: secret)))

    @Test(
        "a key is found however the file is written",
        arguments: [
            "[default]\naws_access_key_id=\(key)\naws_secret_access_key=\(secret)",
            "\u{FEFF}[default]\r\naws_access_key_id : \(key)\r\n"
                + "aws_secret_access_key = \(secret)\r\n",
            "# a word\n[default]\n; another\nAWS_Access_Key_ID = \(key)\n\n"
                + "aws_secret_access_key = \(secret)\n",
            "[other]\na=b\n[default]\naws_access_key_id = \(key)\n"
                + "aws_secret_access_key = \(secret)\n"
                + "s3 =\n  addressing_style = path\n  max_queue_size = 1\nregion = eu-west-1",
            "[DEFAULT]\naws_access_key_id = \(key)\n[default]\naws_secret_access_key = \(secret)",
            "[profile default]\naws_access_key_id = \(key)\naws_secret_access_key = \(secret)",
        ])
    func found(text: String) throws {
        #expect(try Self.source(text) == Self.found)
    }

    @Test(
        "a profile is found by its name, with and without quotes",
        arguments: ["profile a b", "profile \"a b\"", "profile 'a b'", "profile a", "a"])
    func names(section: String) throws {
        let text = "[\(section)]\naws_access_key_id=\(key)\naws_secret_access_key=\(secret)"
        let name = section.contains("b") ? "a b" : "a"
        let isOne = !["profile a b", "a"].contains(section)
        #expect(
            try Self.source(text, profile: name)
                == (isOne
                    ? Self.found
                    : .wrong(
                        "it is named by the configuration, and is neither in "
                            + "'/home/me/.aws/config' and '/home/me/.aws/credentials'",
                        hint: "write it there, or name one that is there")))
    }

    @Test func `the file with credentials goes before the other`() throws {
        let lesser = "[default]\naws_access_key_id = other\naws_secret_access_key = other"
        let text = "[default]\naws_access_key_id=\(key)\naws_secret_access_key=\(secret)"
        #expect(try Self.source(lesser, credentials: text) == Self.found)
    }

    @Test func `a '#' within a value is part of it`() throws {
        let text = "[default]\naws_access_key_id=\(key)\naws_secret_access_key=a #b"
        let wanted = Credentials(key: key, secret: "a #b")
        #expect(try Self.source(text) == .source(.fixed(wanted)))
    }

    @Test(
        "a mistake is told by its line, and never by what stands there",
        arguments: [
            ("aws_secret_access_key = \(secret)", "1: something stands before the first section"),
            ("[default]\n\(secret)", "2: there is neither a section nor a key with a value"),
            ("[default]\na=1\nA=\(secret)", "3: the key 'a' stands twice in its section"),
            ("[default]\na=1\n[default]", "3: a section has no name, or stands there twice"),
            ("[default]\n=\(secret)", "2: there is neither a section nor a key with a value"),
        ])
    func mistakes(text: String, words: String) throws {
        let problem = try #require(problem { _ = try Self.source("", credentials: text) })
        #expect(problem.problem == "/home/me/.aws/credentials:\(words)")
        #expect(!"\(problem)".contains(secret))
    }
}
