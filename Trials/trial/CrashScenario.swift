import Engine
import FoundationEssentials
import Glibc
import Simulation
import SQLite
import Store

/// The real store on the machine's own disk, to be killed or failed from outside at every system
/// call.
///
/// `write` says on standard output how much was acknowledged; `check` opens what is left and sees
/// that nothing acknowledged is missing, nothing was invented and everything derived fits.
struct CrashScenario {
    let folder: String
    let file: String

    private static let batch = 3

    /// Writes the records that a scenario appends, one on a line.
    static func prepare(_ file: String, count: Int) throws -> Int32 {
        let trial = try Trial.run(seed: 3, length: 400, on: .log())
        let lines = try trial.record.prefix(count).map {
            String(decoding: try $0.encoded(), as: UTF8.self)
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: file))
        return lines.count == count ? 0 : 1
    }

    private func records() throws -> [Record] {
        try Data(contentsOf: URL(filePath: file)).split(separator: UInt8(ascii: "\n")).map {
            try Record(decoding: Array($0))
        }
    }

    /// Exit code 3 says that the store refused, which is its right when the disk fails.
    func write() -> Int32 {
        do {
            let records = try records()
            let home = try Home(holding: folder)
            var store = try home.store(witness: Witness(path: "\(folder)/witness"))
            var start = store.head.sequence
            while start < records.count {
                let end = min(start + Self.batch, records.count)
                try store.append(Array(records[start..<end]))
                guard acknowledge(end) else { return 3 }
                start = end
                if start == 4 * Self.batch { _ = try store.sign(at: 0) }
            }
            try store.close()
            return 0
        } catch {
            say(error)
            return 3
        }
    }

    /// Straight to the descriptor: what is in a buffer when the process is killed was never said.
    private func acknowledge(_ sequence: Int) -> Bool {
        let text = Array("\(sequence)\n".utf8)
        return unsafe Glibc.write(STDOUT_FILENO, text, text.count) == text.count
    }

    private func say(_ error: any Error) {
        let text = Array("\(error)\n".utf8)
        _ = unsafe Glibc.write(STDERR_FILENO, text, text.count)
    }

    func check(acknowledged: Int) throws -> Int32 {
        let records = try records()
        let home = try Home(holding: folder)
        var store = try home.store()
        let found = try store.records(after: 0, limit: .max)
        guard found.count >= acknowledged else {
            return complain("LOST: \(acknowledged) were acknowledged, \(found.count) are there")
        }
        guard found == Array(records.prefix(found.count)) else {
            return complain("INVENTED: what is there is not what was appended")
        }
        guard case .clean = try Audit.verify(home: folder, key: nil, witness: nil) else {
            return complain("TAMPERED: the chain is not whole")
        }
        let before = try DerivedTables.dump(folder)
        try store.rebuild()
        guard try DerivedTables.dump(folder) == before else {
            return complain("DERIVED: the tables do not follow from the record")
        }
        try store.append(Array(records[found.count...]))
        return 0
    }

    private func complain(_ problem: String) -> Int32 {
        print(problem)
        return 1
    }
}

/// Every row of every table that is derived from the record.
enum DerivedTables {
    static func dump(_ folder: String) throws -> [String] {
        let database = try Database(path: Home.database(in: folder), .read)
        return try database.withStatement(
            """
            SELECT 'p ' || name || version || defined_at || defined_by FROM pipeline UNION ALL
            SELECT 'e ' || pipeline || number || status || reason || ifnull(stage, '')
                || ifnull(finished_at, '') FROM execution UNION ALL
            SELECT 'a ' || pipeline || number || stage || visit || job || attempt || status
                || reason FROM attempt UNION ALL
            SELECT 'v ' || name || status || votes FROM approval ORDER BY 1
            """
        ) { row throws(DatabaseError) in
            var rows: [String] = []
            while try row.step() { rows.append(row.text(0)) }
            return rows
        }
    }
}
