import Support
import Testing

@Suite("A server whose pipelines lie in a repository", .timeLimit(.minutes(2)))
struct DefinitionServerTests {
    private static func pipeline(_ mode: String, _ repository: TestRepository) -> String {
        """
        name: shop
        mode: \(mode)
        sources: { app: { git: \(repository.path), branches: [main] } }
        stages: [{ name: build, actions: { make: { run: "true" } } }]
        """
    }

    private static let elsewhere = """
        name: other
        sources: { app: { git: "https://host.invalid/app.git" } }
        stages: [{ name: build, actions: { make: { run: "true" } } }]
        """

    @Test func `a push changes them, and a mistake leaves the old one at work and is told of`()
        throws
    {
        let app = try TestRepository.sample()
        let repository = try TestRepository()
        try repository.shell("mkdir pipelines && ln -s /etc/passwd pipelines/link.yml")
        try repository.write(Self.pipeline("queued", app), to: "pipelines/shop.yml")
        try repository.write("name: other", to: "notes.yml")
        try repository.commit("Define the shop")
        let server = try RunningServer(
            settings: "poll: 1h\nfolders: \(app.path)\npipelines: { git: \(repository.path) }\n")
        var events = try server.events()
        #expect(events.has("execution.finished", "shop/1"))
        func read(_ path: String) throws -> String {
            try server.ask("/api/v1/\(path)", as: server.administrator).body
        }
        #expect(try read("pipelines/shop").contains("\"mode\":\"queued\""))
        // A link could lead anywhere.
        _ = try server.told("a definition is not at work")
        #expect(try read("definitions/problems").contains("pipelines/link.yml: error: it is no"))
        #expect(try !read("definitions/problems").contains("root:"))
        try repository.shell("rm pipelines/link.yml")

        try repository.write(Self.pipeline("often", app), to: "pipelines/shop.yml")
        try repository.commit("Mistake the mode")
        let mistaken = try repository.id("HEAD")
        let said = try server.told("'often' is no mode")
        #expect(said.contains("pipelines/shop.yml:2:7") && said.contains(mistaken))
        #expect(try read("pipelines/shop").contains("\"mode\":\"queued\",\"live\""))
        #expect(try read("pipelines/shop").contains(String(mistaken.prefix(12))))
        #expect(try read("definitions/problems").contains("\"pipeline\":\"shop\""))

        // The next server knows of it too.
        server.stop()
        try server.start()
        events = try server.events()
        #expect(try read("definitions/problems").contains(mistaken))

        try repository.write(Self.pipeline("parallel", app), to: "pipelines/shop.yml")
        try repository.commit("Correct it")
        #expect(events.has("pipeline.defined", "shop", "\"version\":2"))
        _ = try server.told("pipeline 'shop' is as 'pipelines/shop.yml' has it")
        #expect(try read("pipelines/shop").contains("\"mode\":\"parallel\""))
        try repository.shell("git rm -q pipelines/shop.yml")
        try repository.commit("Take it away")
        _ = try server.told("it no longer brings pipeline 'shop'")
        #expect(try read("pipelines/shop").contains("it no longer brings pipeline 'shop'"))
        let removed = try server.ask(
            "DELETE", "/api/v1/pipelines/shop", as: server.administrator)
        #expect(removed.status == 204)
        #expect(try read("definitions/problems").contains("\"items\":[]"))
    }

    @Test func `they reach no folder and no secret of the server's that is not open to them`()
        throws
    {
        let app = try TestRepository.sample()
        let repository = try TestRepository()
        let text = """
            name: shop
            sources: { app: { git: \(app.path), branches: [main] } }
            stages: [{ name: build, actions: { make: { run: "true", secrets: [shop-key] } } }]
            """
        try repository.shell("mkdir pipelines")
        try repository.write(text, to: "pipelines/shop.yml")
        try repository.commit("Define the shop")
        let folder = try Folder()
        let start = "poll: 1h\npipelines: { git: \(repository.path)"
        let server = try RunningServer(in: folder, settings: "\(start) }\n")
        let said = try server.told("a definition is not at work")
        #expect(said.contains("pipelines/shop.yml:2:12: error: cannot use the repository"))
        #expect(said.contains("no folder there is open to definitions"))
        #expect(said.contains("pipelines/shop.yml:3:36: error: this may not use secret 'shop-key'"))
        #expect(said.contains("adds 'secrets: shop-key' to this repository in 'server.yml'"))
        #expect(try server.ask("/api/v1/pipelines/shop", as: server.administrator).status == 404)
        // Neither is it by the API, whoever asks.
        let refused = try server.ask(
            "PUT", "/api/v1/pipelines/shop", as: server.administrator, type: "application/yaml",
            Array(text.utf8))
        #expect(refused.status == 422)
        #expect(refused.body.contains("no folder there is open to definitions"))
        server.stop()

        // The same commit is good as soon as that is open.
        let open = try RunningServer(
            in: folder, settings: "\(start), secrets: shop-* }\nfolders: [\(app.path)]\n")
        try open.setSecret("shop-key", to: "sesame")
        let events = try open.events()
        #expect(events.has("execution.finished", "shop/1"))
        open.stop()

        // And is not looked at any more when it is shut.
        let shut = try RunningServer(in: folder, settings: "\(start), secrets: shop-* }\n")
        // It has been said before it serves, and is said again whenever there are other sources.
        try shut.define("other", Self.elsewhere)
        let unused = try shut.told("source 'shop/app' cannot be watched")
        #expect(unused.contains("no folder there is open to definitions"))
    }

    @Test func `files of the machine name what they like, and no repository takes them over`()
        throws
    {
        let app = try TestRepository.sample()
        let repository = try TestRepository()
        try repository.shell("mkdir pipelines")
        try repository.write(Self.pipeline("parallel", app), to: "pipelines/shop.yml")
        try repository.commit("Define the shop")
        let folder = try Folder()
        try folder.write(Self.pipeline("queued", app), to: "shop.yml")
        let server = try RunningServer(
            in: folder,
            settings: "poll: 1h\npipelines: [shop.yml, { git: \(repository.path) }]\n")
        let said = try server.told("a definition is not at work")
        #expect(said.contains("pipeline 'shop' is defined by a file of the server's machine"))
        let events = try server.events()
        #expect(events.has("execution.finished", "shop/1"))
        let shown = try server.ask("/api/v1/pipelines/shop", as: server.administrator).body
        #expect(shown.contains("\"mode\":\"queued\""))
    }
}
