import Git
import Pipelines
import Service
import Support
import Testing
import Watching
import YAML

@Suite("What definitions may reach") struct DefinitionReachTests {
    private static func definition(_ name: String, _ git: String) throws -> Definition {
        let text = """
            name: \(name)
            sources:
              app: { git: "\(git)" }
            stages: [{ name: build, actions: { make: { run: make } } }]
            """
        return try #require(Definition.read(Array(text.utf8)).definition)
    }

    private static func folders(
        _ reach: DefinitionReach, _ name: String, _ git: String
    ) throws -> FolderPolicy {
        let definition = try definition(name, git)
        return reach.folders(of: WatchedSource(definition.name, definition.sources[0]))
    }

    @Test func `is on this machine what the settings open`() throws {
        let folder = try Folder()
        let reach = DefinitionReach(folders: [folder.path], written: [])
        #expect(reach.mistakes(in: try Self.definition("a", folder.file("app.git"))).isEmpty)
        #expect(reach.mistakes(in: try Self.definition("a", "https://host/app.git")).isEmpty)
        for git in ["/root/app.git", "file:///root/app.git", "\(folder.path)/../x"] {
            let mistake = try #require(reach.mistakes(in: try Self.definition("a", git)).first)
            #expect(mistake.place.line == 3 && mistake.severity == .error)
            #expect(mistake.problem.contains("open to definitions"))
        }
    }

    @Test func `is everything for what a file of the machine says, and for that alone`() throws {
        let own = try Self.definition("shop", "/root/app.git")
        let reach = DefinitionReach(folders: [], written: [own])
        #expect(reach.mistakes(in: own).isEmpty)
        #expect(try Self.folders(reach, "shop", "file:///root/app.git") == .anywhere)
        #expect(try Self.folders(reach, "shop", "/root/other.git") == .within([]))
        #expect(try Self.folders(reach, "other", "/root/app.git") == .within([]))
        #expect(reach.mistakes(in: try Self.definition("other", "/root/app.git")).count == 1)
    }

    @Test func `are the secrets that are named, once for each place`() throws {
        let text = """
            name: shop
            sources:
              app: { git: "https://host/app.git", credential: door }
            stages:
              - name: build
                before:
                  - check: { run: probe, secrets: probe }
                actions:
                  make: { run: make, secrets: [key, other] }
                  send: { run: send, secrets: { KEY: key } }
                  box: { image: { context: app, repository: host/x, tags: [a], secrets: seal } }
            """
        let reading = Definition.read(Array(text.utf8))
        guard let definition = reading.definition else {
            Issue.record("\(reading.diagnostics)")
            return
        }
        #expect(
            definition.secrets.map { "\($0.value) \($0.place.line)" }
                == ["door 3", "key 9", "other 9", "key 10", "seal 11", "probe 7"])
        let mistakes = definition.mistakes(namingSecretsBut: { "\($0)" != "key" }) { "not \($0)" }
        #expect(mistakes.map(\.problem).first == "this may not use secret 'key'")
        #expect(mistakes.map(\.hint) == ["not key", "not key"])
    }
}
