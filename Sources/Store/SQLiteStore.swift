package import Engine
import SQLite

/// The record in one SQLite file, with one connection that writes.
package struct SQLiteStore: RecordStore, ~Copyable {
    package private(set) var head: Head
    private let database: Database
    private let key: AuditKey?
    private let witness: Witness?
    private var checkpointSize: Int
    /// Told how long each write took until it was safe.
    package var wrote: (Duration) -> Void = { _ in }
    private var isBroken = false
    /// It broke for want of room, of which SQLite leaves nothing behind.
    private var wasFull = false

    /// How many records may come before another checkpoint is signed.
    package static let checkpointInterval = 1_000

    /// Opens the file, or makes it; an older form is brought to the newest.
    package static func open(
        _ path: String, key: AuditKey? = nil, witness: Witness? = nil, vfs: String? = nil,
        migrations: [Migrations.Step]? = nil
    ) throws(StoreError) -> SQLiteStore {
        let database = try connect(path, vfs)
        let mustDerive = try Migrations.run(migrations ?? Migrations.steps, on: database)
        let head = try readHead(database)
        let size = try Checkpoints.last(in: database)?.size ?? 0
        var store = SQLiteStore(
            database: database, key: key, witness: witness, head: head, checkpointSize: size)
        if mustDerive { try store.rebuild() }
        return store
    }

    private init(
        database: consuming Database, key: AuditKey?, witness: Witness?, head: Head,
        checkpointSize: Int
    ) {
        self.database = database
        self.key = key
        self.witness = witness
        self.head = head
        self.checkpointSize = checkpointSize
    }

    /// One connection writes and checkpoints, in full sync, without memory maps: what SQLite 3.40
    /// is sure to survive.
    private static func connect(
        _ path: String, _ vfs: String?
    ) throws(StoreError) -> Database {
        try storing("open the database") { () throws(DatabaseError) in
            let database = try Database(path: path, .create, vfs: vfs)
            try database.execute("PRAGMA busy_timeout = 5000")
            try database.execute("PRAGMA journal_mode = WAL")
            try database.execute("PRAGMA synchronous = FULL")
            try database.execute("PRAGMA foreign_keys = ON")
            try database.execute("PRAGMA mmap_size = 0")
            return database
        }
    }

    package mutating func append(_ records: [Record]) throws(StoreError) {
        try requireWhole()
        guard let last = records.last else { return }
        var hash = head.hash
        var rows: [Row] = []
        for record in records {
            let body = try record.encoded()
            hash = Chain.hash(after: hash, body)
            rows.append(Row(record: record, hash: hash, body: body))
        }
        let next = Head(sequence: last.sequence, hash: hash)
        let checkpoint = try due(at: next, last.at.wall)
        let start = ContinuousClock.now
        do throws(DatabaseError) {
            try write(rows, checkpoint)
            wrote(ContinuousClock.now - start)
        } catch {
            // Whether it is on the disk is known only by looking: the next owner reads the head.
            isBroken = true
            wasFull = error.isFull
            throw StoreError("append to the record", error)
        }
        head = next
        if let checkpoint {
            checkpointSize = checkpoint.size
            try witness?.note(checkpoint)
        }
    }

    private struct Row {
        let record: Record
        let hash: String
        let body: [UInt8]
    }

    private func write(_ rows: [Row], _ checkpoint: Checkpoint?) throws(DatabaseError) {
        try database.transaction { () throws(DatabaseError) in
            for row in rows {
                try database.run(
                    "INSERT INTO record (sequence, hash, body) VALUES (?, ?, ?)",
                    [.int(row.record.sequence), .text(row.hash), .bytes(row.body)])
                for change in row.record.rowChanges { try change.make(in: database) }
            }
            if let checkpoint { try Checkpoints.insert(checkpoint, into: database) }
        }
    }

    private func due(at head: Head, _ wall: Int64) throws(StoreError) -> Checkpoint? {
        guard let key, head.sequence - checkpointSize >= Self.checkpointInterval else { return nil }
        return try Checkpoint(
            after: Checkpoints.last(in: database), of: head, at: wall, signedWith: key)
    }

    /// Signs the head as it is, whatever the interval says.
    package mutating func sign(at wall: Int64) throws(StoreError) -> Checkpoint {
        try requireWhole()
        guard let key else {
            throw StoreError(
                .notFound, "sign a checkpoint", problem: "there is no key to sign with",
                hint: "the file 'audit.key' is made when the server first starts")
        }
        let last = try Checkpoints.last(in: database)
        if let last, last.size == head.sequence { return last }
        let checkpoint = try Checkpoint(after: last, of: head, at: wall, signedWith: key)
        try storing("sign a checkpoint") { () throws(DatabaseError) in
            try database.transaction { () throws(DatabaseError) in
                try Checkpoints.insert(checkpoint, into: database)
            }
        }
        checkpointSize = checkpoint.size
        try witness?.note(checkpoint)
        return checkpoint
    }

    package func records(after sequence: Int, limit: Int) throws(StoreError) -> [Record] {
        try RecordReader.bodies(in: database, after: sequence, limit: limit)
            .map { body throws(StoreError) in try Record(decoding: body) }
    }

    package func snapshot() throws(StoreError) -> EngineState? {
        let body = try storing("read the snapshot") { () throws(DatabaseError) in
            try database.withStatement("SELECT body FROM snapshot") { row throws(DatabaseError) in
                try row.step() ? row.bytes(0) : nil
            }
        }
        // One that an earlier version wrote may not be readable; the log says the same, only
        // longer.
        guard let body, let state = EngineState(snapshot: body), state.sequence <= head.sequence
        else { return nil }
        return state
    }

    package mutating func keep(_ snapshot: EngineState) throws(StoreError) {
        try requireWhole()
        let body = try snapshot.snapshot()
        try storing("keep a snapshot") { () throws(DatabaseError) in
            try database.run(
                "INSERT OR REPLACE INTO snapshot (only, body) VALUES (1, ?)", [.bytes(body)])
        }
    }

    /// Makes all derived tables anew from the record, in one transaction and bounded memory.
    package mutating func rebuild() throws(StoreError) {
        try requireWhole()
        try storing("begin to rebuild") { () throws(DatabaseError) in
            try database.execute("BEGIN IMMEDIATE")
        }
        do throws(StoreError) {
            try Rebuilding.derive(in: database)
            try storing("end the rebuild") { () throws(DatabaseError) in
                try database.execute("COMMIT")
            }
        } catch {
            try? database.execute("ROLLBACK")
            throw error
        }
    }

    package func backUp(to path: String) throws(StoreError) {
        try storing("back up to '\(path)'") { () throws(DatabaseError) in
            try database.backUp(to: path)
        }
    }

    package consuming func close() throws(StoreError) {
        do {
            try database.close()
        } catch { throw StoreError("close the database", error) }
    }

    private func requireWhole() throws(StoreError) {
        guard isBroken else { return }
        throw StoreError(
            .other, "use the store", problem: "an earlier write failed, so its fate is unknown",
            hint: "open the store again; that reads what is on the disk")
    }

    /// After a write for which there was no room: reads where the record ends, and takes more from
    /// there. Any other failure leaves in doubt what is on the disk, whatever can be read.
    package mutating func recover() throws(StoreError) {
        guard isBroken else { return }
        guard wasFull, database.isIdle else { return try requireWhole() }
        head = try Self.readHead(database)
        checkpointSize = try Checkpoints.last(in: database)?.size ?? 0
        isBroken = false
    }

    private static func readHead(_ database: borrowing Database) throws(StoreError) -> Head {
        try storing("read where the record ends") { () throws(DatabaseError) in
            try database.withStatement(
                "SELECT sequence, hash FROM record ORDER BY sequence DESC LIMIT 1"
            ) { row throws(DatabaseError) in
                try row.step() ? Head(sequence: row.int(0), hash: row.text(1)) : .empty
            }
        }
    }
}
