import Engine
import Glibc
import SQLite
import Simulation
import Store
import Support
import Testing

@Suite("The SQLite store") struct SQLiteStoreTests {
    @Test func `what lists and screens show can be rebuilt from the record`() throws {
        let folder = try Folder()
        var store = try SQLiteStore.open(folder.file("db"))
        try store.append(try Samples.records(400))
        let before = try dump(folder.file("db"))
        #expect(before.count > 10)
        try damage(folder.file("db"))
        #expect(try dump(folder.file("db")) != before)
        try store.rebuild()
        #expect(try dump(folder.file("db")) == before)
    }

    private func damage(_ path: String) throws {
        let database = try Database(path: path, .write)
        try database.execute("UPDATE execution SET status = 'lost'")
        try database.execute("DELETE FROM attempt")
        try database.execute("DELETE FROM pipeline")
    }

    /// Every row of every derived table.
    private func dump(_ path: String) throws -> [String] {
        let database = try Database(path: path, .read)
        return try rows(
            """
            SELECT 'p ' || name || version || defined_at || defined_by FROM pipeline UNION ALL
            SELECT 'e ' || pipeline || number || status || reason || ifnull(stage, '')
                || ifnull(finished_at, '') FROM execution UNION ALL
            SELECT 'a ' || pipeline || number || stage || visit || job || attempt || status
                || reason FROM attempt UNION ALL
            SELECT 'v ' || name || status || votes FROM approval ORDER BY 1
            """, in: database)
    }

    private func rows(
        _ sql: StaticString, in database: borrowing Database
    ) throws(DatabaseError) -> [String] {
        try database.withStatement(sql) { row throws(DatabaseError) in
            var rows: [String] = []
            while try row.step() { rows.append(row.text(0)) }
            return rows
        }
    }

    @Test(
        "goes on when there is room again, wherever it was that the disk was full",
        arguments: 1...40)
    func room(operation: Int) throws {
        let bench = try StoreBench<SQLiteStore>.sqlite()
        let records = try Samples.records(60)
        var store = try bench.open()
        try store.append(Array(records[..<20]))
        bench.disk.arm(.full(at: operation))
        var refusal: StoreError?
        do throws(StoreError) {
            try store.append(Array(records[20..<40]))
        } catch {
            refusal = error
        }
        bench.disk.arm(nil)
        try store.recover()
        if let refusal {
            let head = store.head
            #expect(refusal.kind == .full && head.sequence == 20)
            try store.append(Array(records[20..<40]))
        }
        try store.append(Array(records[40..<60]))
        #expect(try store.records(after: 0, limit: 100) == records)
        let head = store.head
        try store.close()
        let again = try bench.open().head
        #expect(again == head)
    }

    @Test func `does not go on after a failure of another kind`() throws {
        let bench = try StoreBench<SQLiteStore>.sqlite()
        let records = try Samples.records(20)
        var store = try bench.open()
        bench.disk.arm(.error(at: 1))
        #expect(throws: StoreError.self) { try store.append(records) }
        let error = #expect(throws: StoreError.self) { try store.recover() }
        #expect(error?.problem == "an earlier write failed, so its fate is unknown")
    }

    @Test func `one process at a time holds a folder`() throws {
        let folder = try Folder()
        let home = try Home(holding: folder.path)
        do {
            _ = try Home(holding: folder.path)
            Issue.record("two hold it")
        } catch {
            #expect(error.kind == .busy)
            #expect(error.problem.hasPrefix("process "))
        }
        #expect(home.path == folder.path)
    }

    @Test func `a newer form of the database is refused, and left as it is`() throws {
        let folder = try Folder()
        _ = try SQLiteStore.open(folder.file("db"))
        let database = try Database(path: folder.file("db"), .write)
        try database.execute("PRAGMA user_version = 99")
        do {
            _ = try SQLiteStore.open(folder.file("db"))
            Issue.record("it was opened")
        } catch { #expect(error.kind == .newer) }
    }

    @Test func `an older form is brought to the newest, with what it holds`() throws {
        let folder = try Folder()
        var store = try SQLiteStore.open(folder.file("db"))
        let records = try Samples.records(200)
        try store.append(records)
        let head = store.head
        let next =
            Migrations.steps + [
                Migrations.Step(
                    statements: ["ALTER TABLE execution ADD COLUMN note TEXT"], derives: true,
                    mark: "PRAGMA user_version = 3")
            ]
        let migrated = try SQLiteStore.open(folder.file("db"), migrations: next)
        #expect(migrated.head == head)
        #expect(try migrated.records(after: 0, limit: 1_000) == records)
        _ = try SQLiteStore.open(folder.file("db"), migrations: next)
    }

    @Test func `a step that fails leaves the old form`() throws {
        let folder = try Folder()
        _ = try SQLiteStore.open(folder.file("db"))
        let broken =
            Migrations.steps + [
                Migrations.Step(
                    statements: ["CREATE TABLE half (a INTEGER)", "NO SUCH WORD"], derives: false,
                    mark: "PRAGMA user_version = 3")
            ]
        #expect(throws: StoreError.self) {
            _ = try SQLiteStore.open(folder.file("db"), migrations: broken)
        }
        let database = try Database(path: folder.file("db"), .read)
        let tables = try rows("SELECT name FROM sqlite_master WHERE name = 'half'", in: database)
        #expect(tables.isEmpty)
    }

    @Test func `a backup is made while records are written, and restores`() throws {
        let folder = try Folder()
        let records = try Samples.records(300)
        do {
            let home = try Home(holding: folder.file("home"))
            var store = try home.store()
            try store.append(Array(records[..<200]))
            #expect(
                try Backups.make(of: folder.file("home"), at: folder.file("backup")).records == 200)
            try store.append(Array(records[200...]))
        }
        let home = try Home(holding: folder.file("new"))
        #expect(try home.restore(from: folder.file("backup"), replacing: false).records == 200)
        #expect(throws: StoreError.self) {
            _ = try home.restore(from: folder.file("backup"), replacing: false)
        }
        #expect(try home.restore(from: folder.file("backup"), replacing: true).records == 200)
        let restored = try home.existingStore()
        #expect(try restored.records(after: 0, limit: 1_000) == Array(records[..<200]))
    }

    @Test func `a backup that was tampered with is not restored`() throws {
        let folder = try Folder()
        var store = try SQLiteStore.open(folder.file("db"))
        try store.append(try Samples.records(100))
        try store.backUp(to: folder.file("backup"))
        let database = try Database(path: folder.file("backup"), .write)
        try database.execute("DELETE FROM record WHERE sequence = 50")
        let home = try Home(holding: folder.file("home"))
        do {
            _ = try home.restore(from: folder.file("backup"), replacing: false)
            Issue.record("it was restored")
        } catch { #expect(error.problem == "gap at record 50: the next one there is record 51") }
    }

    @Test(
        "what is no database is said to be none",
        arguments: ["text that is long enough to be looked at"])
    func notADatabase(text: String) throws {
        let folder = try Folder()
        try folder.write(String(repeating: text, count: 100), to: "db")
        do {
            _ = try SQLiteStore.open(folder.file("db"))
            Issue.record("it was opened")
        } catch { #expect(error.kind == .corrupt) }
    }

    @Test func `the signing key is for its owner alone`() throws {
        let folder = try Folder()
        let first = try AuditKey.of(folder.path)
        let second = try AuditKey.of(folder.path)
        #expect(first.verifying == second.verifying)
        #expect(try mode(of: folder.file("audit.key")) == 0o400)
    }

    @Test func `what a crash left of writing the key is not written into again`() throws {
        let folder = try Folder()
        try folder.write("precious", to: "elsewhere")
        #expect(unsafe symlink("elsewhere", folder.file("audit.key.part")) == 0)
        _ = try AuditKey.of(folder.path)
        #expect(try folder.text(of: "elsewhere") == "precious")
        #expect(try mode(of: folder.file("audit.key")) == 0o400)
    }
}
