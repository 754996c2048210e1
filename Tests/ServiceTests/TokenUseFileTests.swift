import People
import Server
import Service
import Support
import Testing

@Suite("The file of when tokens were used") struct TokenUseFileTests {
    private static let name = "token-uses.json"

    @Test func `is read by the next server`() throws {
        let folder = try Folder()
        let id = try #require(TokenID("0123456789ab"))
        let first = TokenUseFile(in: folder.path)
        #expect(first.uses.last(of: id) == nil)
        first.uses.note(id, at: 60_000)
        try first.keep(for: [id])
        #expect(try folder.text(of: Self.name) == "{\"0123456789ab\":60000}")
        #expect(TokenUseFile(in: folder.path).uses.last(of: id) == 60_000)
    }

    @Test func `is written only when something is new`() throws {
        let folder = try Folder()
        let id = try #require(TokenID("0123456789ab"))
        let file = TokenUseFile(in: folder.path)
        file.uses.note(id, at: 60_000)
        try file.keep(for: [id])
        try folder.write("mark", to: Self.name)
        file.uses.note(id, at: 61_000)
        try file.keep(for: [id])
        #expect(try folder.text(of: Self.name) == "mark")
        try file.keep(for: [])
        #expect(try folder.text(of: Self.name) == "{}")
    }

    @Test(arguments: ["", "{", "[]", "{\"x\":1}", "{\"0123456789ab\":\"today\"}"])
    func `is begun anew when it is damaged, which is told`(text: String) throws {
        let folder = try Folder()
        try folder.write(text, to: Self.name)
        var told: [String] = []
        let file = TokenUseFile(in: folder.path) { told.append($0) }
        #expect(told.count == 1 && told[0].contains("is damaged"))
        let id = try #require(TokenID("0123456789ab"))
        file.uses.note(id, at: 60_000)
        try file.keep(for: [id])
        #expect(TokenUseFile(in: folder.path).uses.last(of: id) == 60_000)
    }
}
