import Glibc
import Support
import Testing

/// Commands of the author's on the way of a deployment, in real sandboxes.
@Suite("A hook on a server that deploys") struct DeployHookTests {
    private static let migrate = """
        hooks: { before-install: { run: [{ name: migrate, run: \
        'echo "migrates $SLIPWAY_ENVIRONMENT to $(cat version) as $SLIPWAY_RELEASE"; echo "$DSN"; \
        sleep 1; test "$(cat fault)" != column || { echo "no such column"; exit 4; }' }], \
        environment: { DSN: "of #{variables.version}" } }, after-rollback: 'echo tidied' }
        """

    private func log(of hook: String, _ execution: Int, in shop: DeployedShop) throws -> String {
        let path =
            "/api/v1/pipelines/shop/executions/\(execution)/attempts/ship/1/@\(hook)-go/1/log"
        let answer = try shop.server.ask(path, as: shop.server.administrator)
        try #require(answer.status == 200, "\(answer.body)")
        return answer.body
    }

    @Test func `works on what is deployed, once, though the server is killed meanwhile`() throws {
        let shop = try DeployedShop(by: "all-at-once", more: Self.migrate)
        try shop.begin("v2")
        let job = "\"stage\":\"ship\",\"visit\":1,\"job\":\"@before-install-go\""
        _ = try shop.server.follow(until: "\"execution\":\"shop/2\",\(job)")
        let port = shop.server.port
        shop.server.stop(SIGKILL)
        try shop.server.start(on: port)
        let told = try shop.server.follow(until: "\"execution\":\"shop/2\",\"outcome\"")
        #expect(told.contains("event: hook.ended"))
        #expect(try shop.answer() == "v2")
        let log = try log(of: "before-install", 2, in: shop)
        #expect(log == "migrates prod to v2 as r2\nof v2\n")
        let shown = try shop.server.command("logs", "shop/2", "ship/@before-install-go")
        #expect(shown.output.contains("migrates prod to v2 as r2"))
    }

    @Test func `turns a version back by its failure, which is told with its last lines`() throws {
        let shop = try DeployedShop(by: "all-at-once", more: Self.migrate)
        try shop.begin("v2", fault: "column")
        let end = try shop.end()
        #expect(end.contains("hook 'before-install' failed: exit code 4:"), "\(end)")
        #expect(end.contains("no such column"))
        #expect(try shop.answer() == "v1")
        #expect(try log(of: "after-rollback", 2, in: shop).contains("tidied"))
    }
}
