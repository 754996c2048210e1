import Addresses
import Notices
import Pipelines
import Service
import Testing
import YAML

@Suite("A server's settings") struct SettingsTests {
    private static func read(_ text: String) -> Settings.Reading { Settings.read(Array(text.utf8)) }

    @Test(arguments: ["", "# nothing yet\n", "poll: 1m\n"])
    func `nothing has to be said`(text: String) throws {
        let settings = try #require(Self.read(text).settings)
        #expect(settings == Settings())
    }

    @Test func `all of it is read`() throws {
        let settings = try #require(
            Self.read(
                """
                address: https://slipway.example.com/
                tls: { certificate: tls.pem, key: key.pem }
                runners: runners
                pipelines:
                  - pipelines/*.yml
                  - { git: https://git.example.com/ci.git, branch: live, credential: ci,
                      secrets: shop-* }
                poll: 5m
                allow: loopback
                folders: [/srv/git, repositories]
                room: 5GiB
                keep: { executions: 20, age: 90d, disk: 50GiB }
                notifications:
                  pager: { on: failed, command: [/usr/bin/page] }
                hooks:
                  shop: { git: https://git.example.com/shop.git, secrets: [forge, forge-new] }
                """
            ).settings)
        #expect(settings.address == "https://slipway.example.com")
        #expect(settings.certificate?.key == "key.pem")
        #expect(settings.runners == "runners")
        #expect(settings.pipelines == ["pipelines/*.yml"])
        let repository = try #require(settings.repositories.first)
        #expect(repository.git == "https://git.example.com/ci.git")
        #expect(repository.branch == "live")
        #expect(repository.files.map(\.text) == ["pipelines/*.yml"])
        #expect(repository.credential == SecretName("ci"))
        #expect(repository.secrets.map(\.text) == ["shop-*"])
        #expect(settings.folders == ["/srv/git", "repositories"])
        #expect(settings.poll == .seconds(300))
        #expect(settings.allowed == [.loopback])
        #expect(settings.room.bytes == 5 << 30)
        #expect(settings.keep.executions == 20)
        #expect(settings.keep.age == .seconds(90 * 86_400))
        #expect(settings.keep.disk?.bytes == 50 << 30)
        #expect(settings.notifications.first?.target == .command(["/usr/bin/page"]))
        let hook = try #require(settings.hooks.first)
        #expect(hook.name == SourceName("shop"))
        #expect(hook.repositories == ["https://git.example.com/shop.git"])
        #expect(hook.secrets.map(\.description) == ["forge", "forge-new"])
    }

    @Test(
        arguments: [
            ("pol: 1m", "1:1: unknown key 'pol'"),
            ("poll: soon", "1:7: 'soon' is no duration"),
            ("address: slipway", "1:10: 'slipway' is no address of a server"),
            ("tls: { certificate: a.pem }", "1:6: 'key' is missing"),
            (
                "pipelines: { git: 'ext::sh' }",
                "1:20: 'ext::' names a program to run, not a repository"
            ),
            (
                "hooks: { shop: { git: /a, secrets: [a, b, c] } }",
                "1:36: there are 3 secrets"
            ),
            ("hooks: { shop: { git: /a } }", "1:16: 'secrets' is missing"),
            (
                "hooks: { 'a/b': { git: /a, secrets: a } }",
                "1:12: 'a/b' is no source name: it has '/' in it"
            ),
            ("keep: { executions: 0 }", "1:21: 0 is too small"),
            ("- a", "1:1: expected a mapping, found a list"),
        ])
    func `a mistake is told of where it stands`(text: String, told: String) {
        let reading = Self.read(text)
        #expect(reading.settings == nil)
        let first = reading.diagnostics.first
        let found = first.map { "\($0.place.line):\($0.place.column): \($0.problem)" }
        #expect(found == told)
        #expect(first?.hint.isEmpty == false)
    }
}
