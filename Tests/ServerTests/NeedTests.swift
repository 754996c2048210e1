import Engine
import HTTP
import JSON
import People
import Pipelines
import Server
import Support
import Testing

/// What a definition names, held against the house that it is sent to.
@Suite("Needs", .timeLimit(.minutes(1))) struct NeedTests {
    private static let text = """
        name: new
        sources:
          app: { git: /repositories/shop, credential: deploy-key }
          other: { git: /repositories/other }
        triggers:
          - { pipeline: shop }
          - { pipeline: shopp }
        stages:
          - name: build
            actions:
              make: { run: make, secrets: [token, missing] }
              heavy: { run: make, network: host }
              far: { run: make, runner: procss }
          - name: prod
            before:
              - approval: { by: [release-managers, zoe] }
            actions:
              ask: { approval: { needed: 3 } }
        """

    private static func scene(
        remotes: [WatchedRemote] = [], roles: [Role] = [.releaseManager]
    ) throws -> (Scene, admin: String) {
        var settings = Scene.settings
        settings.profiles = [RunnerProfile(name: .process, places: 2, networks: [.none])]
        let scene = try Scene(settings: settings, remotes: remotes)
        let admin = try scene.people.token("root", [Grant(.admin)])
        for role in roles { _ = try scene.people.token(role) }
        return (scene, admin)
    }

    private static func needs(
        _ text: String, in scene: Scene, as token: String, dry: Bool = true
    ) async throws -> [String] {
        let path = "/api/v1/pipelines/new" + (dry ? "?dry-run=true" : "")
        let answer = await scene.ask(
            .put, path, as: token, body: Array(text.utf8), type: "application/yaml")
        try #require(answer.status < 300, "\(answer.text)")
        return try #require(try answer.json["needs"]).elements.map { need in
            let words = ["standing", "kind", "name"].compactMap { need[$0]?.string }
            let place = "\(need["line"]?.int ?? 0):\(need["column"]?.int ?? 0)"
            return "\(place) \(words.joined(separator: " ")) \(need["message"]?.string ?? "")"
        }
    }

    @Test func `are told with their places, each as it stands`() async throws {
        let remotes = [
            WatchedRemote(addresses: ["/repositories/shop"], isSeen: true, problem: nil),
            WatchedRemote(
                addresses: ["/repositories/other"], isSeen: true, problem: "there is none"),
        ]
        let (scene, admin) = try Self.scene(remotes: remotes)
        let key = await scene.ask(
            .put, "/api/v1/secrets/token", as: admin, body: [1], type: "application/octet-stream")
        try #require(key.status == 200)
        let needs = try await Self.needs(Self.text, in: scene, as: admin)
        #expect(
            needs == [
                "3:3 here source app ",
                "3:47 missing secret deploy-key the server has no secret 'deploy-key'",
                "4:3 missing source other '/repositories/other' does not answer: there is none",
                "6:17 here pipeline shop ",
                "7:17 missing pipeline shopp the server has no pipeline 'shopp', so nothing starts "
                    + "by its success",
                "11:7 here runner process ",
                "11:36 here secret token ",
                "11:43 missing secret missing the server has no secret 'missing'",
                "12:7 missing runner process 'heavy' of stage 'build' cannot run: runner 'process' "
                    + "does not allow network 'host', only 'none'; its profile can say 'network: "
                    + "[none, host]'",
                "13:33 missing runner procss the server has no runner 'procss'",
                "16:26 here approver release-managers ",
                "16:44 missing approver zoe nobody here is called 'zoe' in stage 'prod'",
                "18:7 missing approver anybody 3 have to approve in stage 'prod', and only 2 "
                    + "people can",
            ])
    }

    @Test func `are told when a definition is given as well, which is taken`() async throws {
        let (scene, admin) = try Self.scene()
        let needs = try await Self.needs(Self.text, in: scene, as: admin, dry: false)
        #expect(needs.count { $0.contains(" missing secret ") } == 3)
        #expect(needs.contains { $0.hasPrefix("3:3 unknown source app ") })
        #expect(await scene.ask(.get, "/api/v1/pipelines/new", as: admin).status == 200)
    }

    @Test func `say nothing of pipelines that whoever asks may not look at`() async throws {
        let (scene, _) = try Self.scene()
        let own = try scene.people.token(.admin, of: "new")
        // Secrets are for whoever administers the whole house.
        let text = Self.text.replacing(", credential: deploy-key", with: "")
            .replacing(", secrets: [token, missing]", with: "")
        let needs = try await Self.needs(text, in: scene, as: own)
        #expect(needs.contains("6:17 unknown pipeline shop you may not look at pipeline 'shop'"))
        #expect(needs.contains("7:17 unknown pipeline shopp you may not look at pipeline 'shopp'"))
    }

    @Test func `know who may release, and who only holds a name`() async throws {
        let (scene, admin) = try Self.scene(roles: [])
        _ = try scene.people.token("zoe", [Grant(.developer)])
        let text = """
            name: new
            sources: { app: { git: /repositories/shop } }
            stages:
              - name: prod
                before: [{ approval: { by: [zoe, admins, release-manager, viewers] } }]
                actions: { a: { run: x } }
            """
        let needs = try await Self.needs(text, in: scene, as: admin)
        #expect(
            needs.filter { $0.contains(" approver ") } == [
                "5:33 missing approver zoe 'zoe' may not release in stage 'prod'",
                "5:38 here approver admins ",
                // Who holds a role holds those below it too.
                "5:46 here approver release-manager ",
                "5:63 here approver viewers ",
            ])
    }
}
