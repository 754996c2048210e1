import Support
import Testing

/// People between a new version and those who use it.
@Suite("An approval on a server that deploys") struct DeployApprovalTests {
    @Test func `lets requests come to the new version, by the command that gates know`() throws {
        let shop = try DeployedShop(by: "blue-green")
        try shop.deploy("pause: { approval: { within: 1h } }")
        try shop.begin("v2")
        _ = try shop.server.follow(until: "event: approval.asked")
        #expect(try shop.answer() == "v1")
        let listed = try shop.server.command("approvals")
        #expect(listed.output.contains("shop/2"))
        let why = try shop.server.command("why", "shop/2")
        #expect(why.output.contains("before r2 gets requests in 'prod'"), "\(why.output)")
        let approved = try shop.server.command("approve", "shop/2", "--yes")
        #expect(approved.output.contains("approved shop/2 at stage 'ship'"))
        #expect(try shop.end().contains("\"status\":\"succeeded\""))
        #expect(try shop.answer() == "v2")
    }

    @Test func `turns the new version back when it is rejected`() throws {
        let shop = try DeployedShop(by: "blue-green")
        try shop.deploy("pause: approval")
        try shop.begin("v2")
        _ = try shop.server.follow(until: "event: approval.asked")
        let said = try shop.server.command("reject", "shop/2", "--yes", "--reason", "too loud")
        #expect(said.code == 0, "\(said.output)")
        #expect(try shop.end().contains("administrator rejected it: too loud"))
        #expect(try shop.answer() == "v1")
    }
}
