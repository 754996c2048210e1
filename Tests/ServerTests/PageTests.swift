import Engine
import HTTP
import JSON
import People
import Pipelines
import SQLite
import Server
import Store
import Support
import Testing

@Suite("Lists", .timeLimit(.minutes(1))) struct PageTests {
    private static let path = "/api/v1/pipelines/shop/executions"

    private static func numbers(_ page: JSON) -> [Int] {
        page["items"]?.elements.compactMap { $0["number"]?.int } ?? []
    }

    @Test func `show each execution once while more come`() async throws {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        for number in 1...7 { try scene.start(commit: "c\(number)") }
        for path in [Self.path, "/api/v1/executions"] {
            let first = Self.numbers(try await scene.read(path, as: token)).max() ?? 0
            var seen: [Int] = []
            var after = ""
            while true {
                let page = try await scene.read("\(path)?limit=2\(after)", as: token)
                seen += Self.numbers(page)
                guard let next = page["next"]?.string else { break }
                after = "&after=\(next)"
                try scene.start()
            }
            #expect(seen == (1...first).reversed())
        }
    }

    @Test func `of all pipelines show those that may be seen, however few they are`()
        async throws
    {
        let scene = try Scene()
        let token = try scene.people.token(.viewer, of: "site")
        for number in 1...5 { try scene.start(commit: "c\(number)") }
        let page = try await scene.read("/api/v1/executions?limit=1", as: token)
        #expect(page["items"]?.elements.isEmpty == true)
        #expect(page["next"] == .null)
    }

    @Test func `of pipelines, attempts and approvals go on where they ended`() async throws {
        let scene = try Scene(
            definitions: (1...5).map { Scene.site.replacing("site", with: "p\($0)") }
                + [Scene.shop])
        let token = try scene.people.token(.admin)
        try scene.start()
        scene.desk.end("make")
        scene.desk.end("test")
        for (path, count) in [
            ("/api/v1/pipelines", 6), ("\(Self.path)/1/attempts", 2), ("/api/v1/approvals", 1),
        ] {
            var items: [JSON] = []
            var after = ""
            repeat {
                let page = try await scene.read("\(path)?limit=1\(after)", as: token)
                items += page["items"]?.elements ?? []
                after = page["next"]?.string.map { "&after=\($0)" } ?? ""
            } while !after.isEmpty
            #expect(items.count == count, "\(path)")
            #expect(Set(items).count == count)
        }
    }

    @Test func `are as quick to turn in the middle of ten thousand executions as at an end`()
        async throws
    {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        try scene.start()
        // Rows as the record's own tables have them: to run so many would take long.
        let database = try Database(path: Home.database(in: scene.folder.path), .write)
        try database.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
            INSERT INTO execution (pipeline, number, version, cause, revisions, created_at,
                created_by, status) SELECT 'shop', i, 1, 'person', 'app=c', i, 'ada', 'failed'
                FROM n
            """)
        // That a page is read by an index, `ArchiveTests` looks at.
        for before in [10_002, 5_000, 60] {
            let page = try await scene.read("\(Self.path)?after=\(before)", as: token)
            #expect(Self.numbers(page) == ((before - 50)..<before).reversed())
        }
        let all = try await scene.read("/api/v1/executions?limit=200", as: token)
        #expect(Self.numbers(all).count == 200)
        let shown = try await scene.read("\(Self.path)/5000", as: token)
        #expect(shown["status"]?.string == "failed")
    }
}
