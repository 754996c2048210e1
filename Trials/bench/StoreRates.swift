import Engine
import FoundationEssentials
import Glibc
import SQLite
import Simulation
import Store

/// Records a second through the whole store, against the bare commit of the same bytes on the same
/// disk.
enum StoreRates {
    static func run(in folder: String) throws {
        let base = "\(folder)/bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: base) }
        for batch in [1, 10, 100, 1_000] {
            try compare(batch: batch, commits: batch == 1_000 ? 20 : 200, in: base)
        }
    }

    private static func compare(batch: Int, commits: Int, in base: String) throws {
        let records = try Many.records(batch * commits)
        let bodies = try records.map { try $0.encoded() }
        let size = bodies.reduce(0) { $0 + $1.count } / bodies.count
        var table = Table(
            "\(batch) records a commit, \(size) bytes each, \(commits) commits", unit: "µs a commit"
        )
        table.add("append and fdatasync", try bareFile(bodies, batch, base) / Double(commits))
        table.add(
            "SQLite, one row of the same bytes",
            try bareSQLite(bodies, batch, base) / Double(commits))
        let key = try AuditKey.random()
        var store = try SQLiteStore.open("\(base)/store-\(batch)", key: key)
        let time = try Measure.once {
            for start in stride(from: 0, to: records.count, by: batch) {
                try store.append(Array(records[start..<start + batch]))
            }
        }
        table.add("the store: chained, signed, tables derived", time / Double(commits))
        table.show()
        print("\n\(Int(Double(records.count) / time * 1e6)) records a second")
    }

    private static func bareFile(_ bodies: [[UInt8]], _ batch: Int, _ base: String) throws -> Double
    {
        let descriptor = unsafe open("\(base)/file-\(batch)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        return Measure.once {
            for start in stride(from: 0, to: bodies.count, by: batch) {
                let bytes = Array(bodies[start..<start + batch].joined())
                _ = unsafe write(descriptor, bytes, bytes.count)
                fdatasync(descriptor)
            }
        }
    }

    private static func bareSQLite(_ bodies: [[UInt8]], _ batch: Int, _ base: String) throws
        -> Double
    {
        let database = try Database(path: "\(base)/bare-\(batch)", .create)
        try database.execute("PRAGMA journal_mode = WAL")
        try database.execute("PRAGMA synchronous = FULL")
        try database.execute("CREATE TABLE row (body BLOB)")
        return try Measure.once {
            for start in stride(from: 0, to: bodies.count, by: batch) {
                let bytes = Array(bodies[start..<start + batch].joined())
                try database.run("INSERT INTO row (body) VALUES (?)", [.bytes(bytes)])
            }
        }
    }
}

/// As many records as wanted: those of a simulated house, told again under new execution numbers.
enum Many {
    static func records(_ count: Int) throws -> [Record] {
        let trial = try Trial.run(seed: 7, length: 600, on: .log())
        let events = trial.record.filter { record in
            if case .sourceSeen = record.event { true } else { false }
        }
        return (0..<count).map { index in
            let record = events[index % events.count]
            return Record(
                sequence: index + 1, at: record.at, by: record.by, event: record.event)
        }
    }
}
