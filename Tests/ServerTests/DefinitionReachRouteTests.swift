import Engine
import HTTP
import JSON
import People
import Pipelines
import Server
import Testing
import YAML

@Suite("A definition that reaches further than it may", .timeLimit(.minutes(1)))
struct DefinitionReachRouteTests {
    private static func text(_ secrets: String, name: String = "shop") -> String {
        """
        name: \(name)
        sources: { app: { git: /repositories/shop } }
        stages: [{ name: build, actions: { make: { run: make, secrets: [\(secrets)] } } }]
        """
    }

    private static func put(
        _ scene: Scene, _ text: String, as token: String, name: String = "shop", query: String = ""
    ) async -> Response {
        await scene.ask(
            .put, "/api/v1/pipelines/\(name)\(query)", as: token, body: Array(text.utf8),
            type: "application/yaml")
    }

    @Test(arguments: ["", "?dry-run=true"])
    func `is refused with the line in which it does`(query: String) async throws {
        var settings = Scene.settings
        settings.objections = { definition in
            definition.sources.map {
                Diagnostic(at: $0.written.place, "'\($0.address)' is not open", hint: "open it")
            }
        }
        let scene = try Scene(settings: settings)
        let admin = try scene.people.token(.admin)
        let before = scene.desk.view.state.sequence
        let response = await Self.put(scene, Self.text("key"), as: admin, query: query)
        #expect(response.status == 422)
        let mistake = try response.json["mistakes"]?[0]
        #expect(mistake?["line"]?.int == 2)
        #expect(mistake?["message"]?.string == "'/repositories/shop' is not open")
        #expect(scene.desk.view.state.sequence == before)
    }

    @Test func `by a secret is for administrators of the whole house alone`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        let limited = try scene.people.token(.admin, of: "shop", "fresh")
        let refused = await Self.put(scene, Self.text("key"), as: limited)
        #expect(refused.status == 422)
        let mistake = try refused.json["mistakes"]?[0]
        #expect(mistake?["message"]?.string == "this may not use secret 'key'")
        #expect(mistake?["line"]?.int == 3)
        #expect(await Self.put(scene, Self.text("key"), as: admin).status == 200)
        // What is at work uses it already.
        #expect(await Self.put(scene, Self.text("key") + "\n", as: limited).status == 200)
        #expect(await Self.put(scene, Self.text("key, other"), as: limited).status == 422)
        #expect(await Self.put(scene, Self.text(""), as: limited).status == 200)
        #expect(await Self.put(scene, Self.text("key"), as: limited).status == 422)
        let fresh = Self.text("key", name: "fresh")
        #expect(await Self.put(scene, fresh, as: limited, name: "fresh").status == 422)
    }
}
