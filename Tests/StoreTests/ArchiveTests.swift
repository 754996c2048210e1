import Engine
import Pipelines
import SQLite
import Store
import Support
import Testing

@Suite("The archive") struct ArchiveTests {
    private static func archive(_ folder: Folder, records: [Record]) throws -> Archive {
        var store = try SQLiteStore.open(Home.database(in: folder.path))
        try store.append(records)
        return try Archive.open(folder.path)
    }

    @Test func `gives all executions in pages of any size, each once, the newest first`() throws {
        let folder = try Folder()
        let archive = try Self.archive(folder, records: try Samples.records(1_500))
        let all = try archive.executions(limit: .max)
        #expect(all.count > 20)
        #expect(all.map(\.createdAt) == all.map(\.createdAt).sorted(by: >))
        for limit in [1, 7, 1_000] {
            var paged: [History.Execution] = []
            while true {
                let page = try archive.executions(
                    after: paged.last.map(Archive.Place.init), limit: limit)
                if page.isEmpty { break }
                paged += page
            }
            #expect(paged == all)
        }
        for pipeline in Set(all.map(\.pipeline)) {
            let own = try archive.executions(of: pipeline, limit: .max)
            #expect(own.map(\.number) == own.map(\.number).sorted(by: >))
            #expect(Set(own) == Set(all.filter { $0.pipeline == pipeline }))
        }
    }

    @Test func `finds the record that an execution began with, and its definition`() throws {
        let folder = try Folder()
        let records = try Samples.records(1_500)
        let archive = try Self.archive(folder, records: records)
        var definitions = 0
        for record in records {
            switch record.event {
            case .executionCreated(let id, _, _, _, _, _):
                let pipeline = id.pipeline.description
                #expect(try archive.beginning(of: id.number, in: pipeline) == record)
                #expect(try archive.execution(id.number, of: pipeline)?.number == id.number)
            case .pipelineDefined(let definition, let version):
                let name = definition.name.description
                #expect(try archive.definition(version, of: name) == definition)
                definitions += 1
            default: continue
            }
        }
        #expect(definitions > 1)
        #expect(try archive.execution(1_000_000, of: "none") == nil)
        #expect(try archive.last() == 1_500)
    }

    @Test func `reads pages by an index, however much there is`() throws {
        let folder = try Folder()
        _ = try Self.archive(folder, records: [])
        let database = try Database(path: Home.database(in: folder.path), .read)
        let plans: [StaticString] = [
            """
            EXPLAIN QUERY PLAN SELECT number FROM execution
            WHERE (created_at, pipeline, number) < (1, 'a', 1)
            ORDER BY created_at DESC, pipeline DESC, number DESC LIMIT 1
            """,
            """
            EXPLAIN QUERY PLAN SELECT number FROM execution
            WHERE pipeline = 'a' AND number < 1 ORDER BY number DESC LIMIT 1
            """,
            """
            EXPLAIN QUERY PLAN SELECT name FROM approval
            WHERE pipeline = 'a' AND number = 1 ORDER BY asked_at, name LIMIT 1
            """,
        ]
        for plan in plans {
            try database.withStatement(plan) { row throws(DatabaseError) in
                while try row.step() {
                    #expect(row.text(3).hasPrefix("SEARCH"), "\(plan): \(row.text(3))")
                }
            }
        }
    }

    @Test func `tells a check from an action that is called like it`() throws {
        let name = try #require(ActionName("before-1"))
        #expect(Job.action(name).word != Job.check(.before, 0).word)
    }
}
