import JSON
import People
import Pipelines
import Server
import Testing

@Suite("Definitions that are not at work as they are written", .timeLimit(.minutes(1)))
struct DefinitionRouteTests {
    private struct Notes: DefinitionNews {
        let notes: [DefinitionNote]

        init() {
            notes = [("shop", "shop.yml"), ("site", "site.yml"), (nil, "new.yml")].map {
                DefinitionNote(
                    repository: "/ci", path: $0.1, commit: "0123456789abcdef0123",
                    pipeline: $0.0.flatMap { PipelineName($0) },
                    problem: "\($0.1):1:1: error: unknown key\n  hint: take it away\n")
            }
        }
    }

    private static let path = "/api/v1/definitions/problems"

    private static func paths(_ page: JSON) -> [String] {
        page["items"]?.elements.compactMap { $0["path"]?.string } ?? []
    }

    @Test func `are listed for those who may see the pipelines, new ones for those who see all`()
        async throws
    {
        let scene = try Scene(notes: Notes())
        let all = try scene.people.token(.viewer)
        let some = try scene.people.token(.developer, of: "site")
        let whole = try await scene.read(Self.path, as: all)
        #expect(Self.paths(whole) == ["shop.yml", "site.yml", "new.yml"])
        #expect(whole["items"]?[0]?["pipeline"]?.string == "shop")
        #expect(whole["items"]?[2]?["pipeline"] == .null)
        #expect(whole["items"]?[0]?["problem"]?.string?.contains("hint: take it away") == true)
        #expect(Self.paths(try await scene.read(Self.path, as: some)) == ["site.yml"])
        let first = try await scene.read("\(Self.path)?limit=2", as: all)
        let next = try #require(first["next"]?.string)
        let rest = try await scene.read("\(Self.path)?after=\(next)", as: all)
        #expect(Self.paths(first) + Self.paths(rest) == Self.paths(whole))
        #expect(rest["next"] == .null)
    }

    @Test func `are told of at their pipeline`() async throws {
        let scene = try Scene(notes: Notes())
        let token = try scene.people.token(.viewer)
        let list = try await scene.read("/api/v1/pipelines", as: token)
        let sentence =
            "its file is not at work as commit 0123456789ab has it: shop.yml:1:1: error: unknown "
            + "key"
        #expect(list["items"]?[0]?["problems"]?[0]?.string == sentence)
        let shown = try await scene.read("/api/v1/pipelines/shop", as: token)
        #expect(shown["problems"]?.elements.compactMap(\.string) == [sentence])
    }
}
