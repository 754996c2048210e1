import People
import Pipelines
import Testing

@Suite("Who may do what") struct GrantTests {
    @Test func `each role may all that the one before may, and one thing more`() throws {
        for (count, role) in Role.allCases.enumerated() {
            let caller = try caller(Grant(role))
            for (index, permission) in Permission.allCases.enumerated() {
                #expect(caller.may(permission, on: try name("shop")) == (index <= count))
                #expect(caller.may(permission, on: nil) == (index <= count))
            }
        }
    }

    @Test func `nobody may anything without a grant`() throws {
        for permission in Permission.allCases {
            #expect(!(try caller().may(permission, on: nil)))
            #expect(!(try caller().maySomewhere(permission)))
        }
    }

    @Test(
        "a grant for some pipelines is none for others, nor for the house",
        arguments: [
            ("shop", true), ("shop-api", true), ("shop-old", false), ("bank", false), (nil, false),
        ] as [(String?, Bool)])
    func pipelines(pipeline: String?, allowed: Bool) throws {
        let caller = try caller(Grant(.admin, pipelines: globs("shop*", "!shop-old")))
        let named: PipelineName? = try pipeline.map { try name($0) }
        #expect(Permission.allCases.allSatisfy { caller.may($0, on: named) == allowed })
        #expect(caller.maySomewhere(.administer))
    }

    @Test(
        "a grant for some environments releases to these only",
        arguments: [
            (.look, [], true), (.look, ["production"], true), (.run, [], true),
            (.run, ["staging"], true), (.run, ["production"], false), (.release, [], false),
            (.release, ["staging"], true), (.release, ["staging", "production"], false),
            (.administer, [], false),
        ] as [(Permission, [String], Bool)])
    func environments(permission: Permission, reached: [String], allowed: Bool) throws {
        let caller = try caller(Grant(.releaseManager, environments: globs("staging")))
        let names: [EnvironmentName] = try reached.map { try name($0) }
        #expect(caller.may(permission, on: try name("shop"), reaching: names) == allowed)
    }

    @Test func `grants add up, each with its own limits`() throws {
        let caller = try caller(
            Grant(.viewer), Grant(.developer, pipelines: globs("shop")),
            Grant(.releaseManager, pipelines: globs("bank"), environments: globs("staging")))
        let shop: PipelineName = try name("shop")
        let bank: PipelineName = try name("bank")
        #expect(caller.may(.look, on: nil))
        #expect(caller.may(.run, on: shop) && !caller.may(.release, on: shop))
        #expect(caller.may(.release, on: bank, reaching: [try name("staging")]))
        #expect(!caller.may(.release, on: shop, reaching: [try name("staging")]))
    }

    @Test func `a gate can name the roles that somebody holds there, one or many`() throws {
        let caller = try caller(
            Grant(.viewer), Grant(.releaseManager, environments: globs("staging")))
        #expect(
            caller.roles(on: try name("shop"), reaching: [try name("staging")]) == [
                "viewer", "viewers", "developer", "developers", "release-manager",
                "release-managers",
            ])
        #expect(
            caller.roles(on: try name("shop"), reaching: [try name("production")])
                == ["viewer", "viewers"])
    }

    @Test func `a grant says what it is`() throws {
        let grant = Grant(
            .developer, pipelines: try globs("shop*"), environments: try globs("a", "b"))
        #expect(grant.description == "developer of shop* in a, b")
    }
}
