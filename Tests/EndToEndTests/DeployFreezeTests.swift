import Support
import Testing

@Suite("A freeze on a server that deploys") struct DeployFreezeTests {
    private static let freeze = """
        freeze: { from: 2020-01-01, to: 2999-12-31, zone: Europe/Berlin, reason: a long sale }
        """

    @Test func `keeps what comes, tells why, and lets it through on somebody's word`() throws {
        let shop = try DeployedShop(by: "blue-green")
        try shop.deploy("", environment: Self.freeze)
        try shop.begin("v2")
        _ = try shop.server.follow(until: "\"release\":\"r2\"")
        #expect(try shop.answer() == "v1")
        let why = try shop.server.command("why", "shop/2")
        let words = "frozen: a long sale (to the end of 2999-12-31, Europe/Berlin)"
        #expect(why.output.contains(words), "\(why.output)")
        let listed = try shop.server.command("environments")
        #expect((listed.output + listed.errors).contains(words), "\(listed.output)")
        let silent = try shop.server.command("environments", "thaw", "prod")
        #expect(silent.code == 2)
        let thawed = try shop.server.command(
            "environments", "thaw", "prod", "--reason", "a hole in it")
        #expect(thawed.output == "prod lets what waits begin\n", "\(thawed.errors)")
        #expect(try shop.end().contains("\"status\":\"succeeded\""))
        #expect(try shop.answer() == "v2")
        // The way back is never frozen.
        try shop.putBack()
        #expect(try shop.answer() == "v1")
    }
}
