import HTTP
import JSON
import People
import Testing

@Suite("An environment that nobody wants any more", .timeLimit(.minutes(1)))
struct EnvironmentEndTests {
    private static let prod = "/api/v1/environments/prod"

    @Test func `ends with all that runs there, if nothing is under way`() async throws {
        let scene = try Scene(definitions: [Scene.deploying])
        let token = try scene.people.token(.releaseManager)
        try scene.shipWholly("v1")
        try scene.ship("v2")
        let administrator = try scene.people.token(.admin)
        let early = await scene.ask(.delete, Self.prod, as: administrator)
        #expect(early.status == 409)
        scene.desk.pass(.seconds(301))
        try scene.obey()
        #expect(await scene.ask(.delete, Self.prod, as: token).status == 403)
        #expect(await scene.ask(.delete, Self.prod, as: administrator).status == 204)
        let shown = try await scene.read(Self.prod, as: token)
        #expect(shown["health"]?.string == "empty")
        #expect(shown["history"]?.elements == [])
    }
}
