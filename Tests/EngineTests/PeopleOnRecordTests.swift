import Engine
import People
import Pipelines
import Testing

@Suite("People on the record") struct PeopleOnRecordTests {
    static let stages = """
          - name: ship
            before: [{ approval: { by: [release-managers], within: 1h, four-eyes: true } }]
            actions:
              release: { deploy: { environment: production, image: "x@sha256:0" } }
        """

    private func house() throws -> House { try House(stages: Self.stages) }

    private func text(_ seed: UInt8) throws -> TokenText {
        try #require(TokenText(random: Array(repeating: seed, count: TokenText.randomBytes)))
    }

    private func wish(
        _ seed: UInt8, _ owner: String = "ada", _ grants: [Grant] = [Grant(.admin)],
        about: String = "", expires: Int64? = nil
    ) throws -> Command {
        .people(
            .make(
                TokenWish(
                    try text(seed), of: try name(owner), grants: grants, about: about,
                    expires: expires)))
    }

    private func refusal(_ command: Command, in house: House) throws -> Refusal? {
        var house = house
        do throws(Refusal) {
            try house.tell(command, by: House.ada)
            return nil
        } catch { return error }
    }

    @Test func `a token is made, used, revoked, and none of it is secret`() throws {
        var house = try house()
        try house.tell(try wish(1), by: House.ada)
        try house.tell(try wish(2, "bea"), by: House.ada)
        let caller = try house.state.caller(showing: try text(2).text, at: house.now)
        #expect(caller.name.description == "bea")
        try house.tell(.people(.revoke(caller.token, reason: "lost")), by: House.ada)
        #expect(throws: Rejection.self) {
            try house.state.caller(showing: try text(2).text, at: house.now)
        }
        let secret = try text(2).text.split(separator: "_")[2]
        #expect(!"\(house.records)".contains(secret))
        #expect(try house.replayed() == house.state)
        let before = house.records.count
        try house.tell(.people(.revoke(caller.token, reason: "again")), by: House.ada)
        #expect(house.records.count == before)
    }

    @Test func `the last token of an administrator is not revoked`() throws {
        var house = try house()
        try house.tell(try wish(1), by: House.ada)
        try house.tell(
            try wish(2, "bea", [Grant(.admin, pipelines: [try Glob(parsing: "shop")])]),
            by: House.ada)
        try house.tell(try wish(3, "cem", expires: house.wall + 60_000), by: House.ada)
        let first = Command.people(.revoke(try text(1).id, reason: ""))
        #expect(try refusal(first, in: house) == nil)
        try house.pass(.seconds(60))
        #expect(
            try refusal(first, in: house)
                == Refusal(
                    .conflict, "'010101010101' is the last token of an administrator",
                    hint: "make another one first, or nobody could"))
    }

    @Test func `a token that makes no sense is refused`() throws {
        var house = try house()
        try house.tell(try wish(1), by: House.ada)
        let many = try (0...50).map { number throws(Mistake) in try Glob(parsing: "p\(number)") }
        let refused: [(Command, Refusal.Kind)] = [
            (try wish(1), .conflict), (try wish(2, expires: house.wall), .invalid),
            (try wish(2, "release-managers"), .invalid), (try wish(2, "Admin"), .invalid),
            (try wish(2, "slipway"), .invalid), (try wish(2, "ada", []), .invalid),
            (try wish(2, "ada", [Grant(.viewer, pipelines: many)]), .invalid),
            (try wish(2, about: String(repeating: "x", count: 201)), .invalid),
            (.people(.revoke(try text(9).id, reason: "")), .unknown),
        ]
        for (command, kind) in refused {
            #expect(try refusal(command, in: house)?.kind == kind, "\(command)")
        }
    }

    @Test func `nobody approves what they wrote under another name`() throws {
        var house = try house()
        _ = try house.start(authors: ["B. <bea@example.org>"])
        let bea = Account(try name("bea"), aliases: ["bea@example.org"])
        try house.tell(.people(.set(bea)), by: House.ada)
        #expect(throws: Refusal.self) { try house.answer(by: House.bea) }
        try house.answer(by: House.cem)
    }

    @Test func `an account says something once`() throws {
        var house = try house()
        let bea = Account(try name("bea"), aliases: ["bea@example.org"])
        try house.tell(.people(.set(bea)), by: House.ada)
        let before = house.records.count
        try house.tell(.people(.set(bea)), by: House.ada)
        #expect(house.records.count == before)
        try house.tell(.people(.remove(bea.name)), by: House.ada)
        try house.tell(.people(.remove(bea.name)), by: House.ada)
        #expect(house.records.count == before + 1)
        #expect(house.state.people.accounts.isEmpty)
    }

    @Test(
        "who may release into an environment is who may answer for it",
        arguments: [(["production"], true), (["staging"], false), ([], true)])
    func environments(patterns: [String], mayAnswer: Bool) throws {
        var house = try house()
        let globs = try patterns.map { text throws(Mistake) in try Glob(parsing: text) }
        let grant = Grant(.releaseManager, environments: globs)
        try house.tell(try wish(1, "cem", [grant]), by: House.ada)
        let caller = try house.state.caller(showing: try text(1).text, at: house.now)
        let stage: StageName = try name("ship")
        #expect(house.state.may(caller, .release, at: stage, of: house.name) == mayAnswer)
        let person = house.state.person(caller, at: stage, of: house.name)
        #expect(person.roles.contains("release-managers") == mayAnswer)
        #expect(person.token == caller.token)
    }
}
