import HTTP
import JSON
import People
import Server
import Testing

@Suite("When tokens were used", .timeLimit(.minutes(1))) struct TokenUseTests {
    private static let id = TokenID("0123456789ab")
    private static let minute: Int64 = 60_000

    @Test func `is told to the minute, and never goes back`() throws {
        let id = try #require(Self.id)
        let uses = TokenUses([id: 5 * Self.minute])
        #expect(uses.last(of: id) == 5 * Self.minute)
        uses.note(id, at: 4 * Self.minute)
        #expect(uses.last(of: id) == 5 * Self.minute)
        uses.note(id, at: 7 * Self.minute + 59_999)
        #expect(uses.last(of: id) == 7 * Self.minute)
    }

    @Test func `is kept for tokens that there are`() throws {
        let (id, gone) = (try #require(Self.id), try #require(TokenID("ffffffffffff")))
        let uses = TokenUses([id: Self.minute, gone: Self.minute])
        #expect(uses.kept(of: [id]) == [id: Self.minute])
        #expect(uses.last(of: gone) == nil)
    }

    @Test func `is shown in the list, for those that let somebody in`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        let viewer = try scene.people.token(.viewer)
        func used(_ token: String) async throws -> String? {
            let id = try TokenText(parsing: token).id.description
            let items = try await scene.read("/api/v1/tokens", as: admin)["items"]?.elements ?? []
            return items.first { $0["id"]?.string == id }?["last-used"]?.string
        }
        #expect(try await used(admin) == "2027-01-15T08:00:00.000Z")
        #expect(try await used(viewer) == nil)
        scene.desk.pass(.seconds(150))
        #expect(await scene.ask(.get, "/api/v1/me", as: viewer).status == 200)
        #expect(try await used(viewer) == "2027-01-15T08:02:00.000Z")
        scene.desk.pass(.seconds(600))
        try scene.people.revoke(viewer)
        #expect(await scene.ask(.get, "/api/v1/me", as: viewer).status == 401)
        #expect(try await used(viewer) == "2027-01-15T08:02:00.000Z")
    }
}
