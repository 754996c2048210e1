import Pipelines
import Testing

@Suite("A registry") struct RegistryProfileTests {
    private static func profile(_ text: String) throws -> RegistryProfile {
        try #require(RegistryProfile.read(Array(text.utf8)).profile)
    }

    @Test func `is read from its file`() throws {
        let profile = try Self.profile(
            """
            name: harbor
            about: ours
            host: Registry.Example.com:5000
            repositories: [shop/*, "!shop/secret"]
            credential: harbor-push
            authority: /etc/ssl/ours.pem
            plain-http: true
            """)
        #expect(profile.name == RegistryName("harbor"))
        #expect(profile.about == "ours")
        #expect(profile.host == "registry.example.com:5000")
        #expect(profile.repositories.admit("shop/web"))
        #expect(!profile.repositories.admit("shop/secret"))
        #expect(!profile.repositories.admit("other/web"))
        #expect(profile.credential == SecretName("harbor-push"))
        #expect(profile.authority == "/etc/ssl/ours.pem")
        #expect(profile.isPlain)
        #expect(profile.aws == nil)
    }

    @Test func `without a word more is spoken to with TLS, by nobody in particular`() throws {
        let profile = try Self.profile("{ name: r, host: r.example.com }")
        #expect(!profile.isPlain)
        #expect(profile.credential == nil)
        #expect(profile.repositories.admit("anything"))
    }

    @Test func `of AWS makes repositories that are safe where nothing is said`() throws {
        let profile = try Self.profile(
            """
            name: ecr
            host: 123456789012.dkr.ecr.eu-west-1.amazonaws.com
            aws: { profile: production, create: {} }
            """)
        let wish = try #require(profile.aws?.create)
        #expect(profile.aws?.profile == "production")
        #expect(wish.isImmutable)
        #expect(wish.scansOnPush)
        #expect(wish.encryption == .aes256)
        #expect(wish.lifecycle == nil)
    }

    @Test func `of AWS takes a key by its name, or AWS's own`() throws {
        func key(_ text: String) throws -> AWSProfile.NewRepository.Encryption? {
            try Self.profile("{ name: e, host: e.io, aws: { create: { kms-key: \(text) } } }")
                .aws?.create?.encryption
        }
        #expect(try key("alias/images") == .kms(key: "alias/images"))
        #expect(try key("aws") == .kms(key: nil))
    }

    @Test(
        "is refused with a sentence where it makes no sense",
        arguments: [
            ("host: r.io", "'name' is missing"),
            ("name: r", "'host' is missing"),
            ("{ name: r, host: 'https://r.io' }", "'https://r.io' is no host"),
            ("{ name: r, host: r.io/team }", "'r.io/team' is no host"),
            ("{ name: r, host: r.io, authority: ca }", "'ca' is no whole path of a file"),
            (
                "{ name: r, host: r.io, credential: c, aws: {} }",
                "a registry of AWS takes no password of ours: it gives one for each push"
            ),
            (
                "{ name: r, host: r.io, aws: { endpoint: ecr.io } }", "'ecr.io' is no address"
            ),
            ("", "the file is empty"),
        ])
    func refused(text: String, problem: String) {
        let reading = RegistryProfile.read(Array(text.utf8))
        #expect(reading.profile == nil)
        #expect(reading.diagnostics.map(\.problem).contains(problem))
    }
}
