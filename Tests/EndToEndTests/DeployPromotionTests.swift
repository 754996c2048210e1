import Support
import Testing

@Suite("Promoting on a server that deploys") struct DeployPromotionTests {
    @Test func `brings what is in one environment into another, as the stage deploys it`() throws {
        let shop = try DeployedShop(by: "blue-green")
        let live = try shop.addEnvironment("live", gate: "approval: {}")
        try shop.begin("v2")
        _ = try shop.server.follow(until: "event: approval.asked")
        let words = ["deploy", "live", "--from", "prod"]
        let planned = try Program.run(shop.server.commandLine(words + ["--dry-run"]))
        #expect(planned.output.contains("live: r2 of 'prod'"), "\(planned.output)")
        #expect(planned.output.contains("first: approval by anybody who may approve"))
        #expect(planned.output.contains("give r1 all requests"))
        let promoted = try Program.run(shop.server.commandLine(words + ["--yes"]))
        #expect(promoted.output.contains("shop/3 started"), "\(promoted.errors)")
        let approved = try shop.server.command("approve", "shop/3", "--yes")
        #expect(approved.code == 0, "\(approved.errors)")
        _ = try shop.server.follow(until: "\"execution\":\"shop/3\",\"outcome\":\"succeeded\"")
        #expect(try shop.answer(at: live) == "v2")
        let again = try Program.run(shop.server.commandLine(words + ["--dry-run"]))
        #expect(again.output.contains("is there already"), "\(again.output)")
    }
}
