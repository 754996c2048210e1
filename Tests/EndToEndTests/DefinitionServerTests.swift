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
            settings: "poll: 1h\npipelines: { git: \(repository.path) }\n")
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
}
