package import Cryptography
import Glibc
import SQLite

/// Verifies and exports a record, in a home folder or as an export.
package enum Audit {
    package enum Verdict: Sendable {
        case clean(AuditReport)
        case tampered(AuditFault)
    }

    /// Verifies the database of a home folder while a server may be writing to it.
    package static func verify(
        home: String, key: VerifyingKey?, witness: String?
    ) throws(StoreError) -> Verdict {
        let key = try known(key, in: home)
        let witnesses = try Witness.checkpoints(at: witness)
        return try verify(database: Home.database(in: home), key: key, witnesses: witnesses)
    }

    /// Verifies a database file by itself.
    static func verify(
        database path: String, key: VerifyingKey? = nil, witnesses: [Checkpoint] = []
    ) throws(StoreError) -> Verdict {
        let database = try open(path)
        // One moment of the database, however long it takes to read.
        try storing("begin to read") { () throws(DatabaseError) in try database.execute("BEGIN") }
        let checkpoints = try Checkpoints.all(in: database)
        return try verdict { () throws(Trouble) in
            var verifier = try faulty { () throws(AuditFault) in
                try AuditVerifier(checkpoints: checkpoints, witnesses: witnesses, key: key)
            }
            var sequence = Int.min
            while true {
                let rows = try reading { () throws(StoreError) in
                    try RecordReader.rows(in: database, after: sequence)
                }
                guard let last = rows.last else { break }
                try faulty { () throws(AuditFault) in
                    for row in rows {
                        try verifier.take(sequence: row.sequence, hash: row.hash, body: row.body)
                    }
                }
                sequence = last.sequence
            }
            return try faulty { () throws(AuditFault) in try verifier.finish() }
        }
    }

    /// Verifies an export, which needs nothing but its own files.
    package static func verify(
        export folder: String, key: VerifyingKey?, witness: String?
    ) throws(StoreError) -> Verdict {
        let key = try known(key, in: folder)
        let witnesses = try Witness.checkpoints(at: witness)
        let checkpoints = try Witness.checkpoints(in: "\(folder)/checkpoints.log")
        var lines = try LineReader("\(folder)/records.log")
        return try verdict { () throws(Trouble) in
            var verifier = try faulty { () throws(AuditFault) in
                try AuditVerifier(checkpoints: checkpoints, witnesses: witnesses, key: key)
            }
            while let line = try reading({ () throws(StoreError) in try lines.next() }) {
                try faulty { () throws(AuditFault) in try verifier.take(line) }
            }
            return try faulty { () throws(AuditFault) in try verifier.finish() }
        }
    }

    /// Writes `records.log`, `checkpoints.log` and `audit.pub` into a new folder.
    package static func export(home: String, to folder: String) throws(StoreError) -> Int {
        let database = try open(Home.database(in: home))
        guard unsafe mkdir(folder, 0o755) == 0 else {
            throw Files.failure("make folder '\(folder)'")
        }
        try storing("begin to read") { () throws(DatabaseError) in try database.execute("BEGIN") }
        var output = try LineWriter("\(folder)/records.log")
        var sequence = Int.min
        var count = 0
        while true {
            let rows = try RecordReader.rows(in: database, after: sequence)
            guard let last = rows.last else { break }
            for row in rows {
                try output.write(Array("\(row.sequence) \(row.hash) ".utf8) + row.body)
            }
            count += rows.count
            sequence = last.sequence
        }
        try output.finish()
        let checkpoints = try Checkpoints.all(in: database).map { $0.line + "\n" }.joined()
        try Files.write("\(folder)/checkpoints.log", checkpoints, mode: 0o644)
        if let key = try Files.text(of: "\(home)/audit.pub") {
            try Files.write("\(folder)/audit.pub", key, mode: 0o644)
        }
        return count
    }

    /// The public key in a file of its own, as hex.
    package static func publicKey(at path: String) throws(StoreError) -> VerifyingKey? {
        guard let text = try Files.text(of: path) else { return nil }
        guard let bytes = Hex.bytes(of: text.trimmed), let key = VerifyingKey(bytes: bytes) else {
            throw StoreError(
                .corrupt, "read '\(path)'", problem: "it is no public key",
                hint: "it has 64 hexadecimal digits; compare it with another copy")
        }
        return key
    }

    /// The key from outside, or else the one that lies with what is verified.
    private static func known(
        _ key: VerifyingKey?, in folder: String
    ) throws(StoreError) -> VerifyingKey? {
        if let key { key } else { try publicKey(at: "\(folder)/audit.pub") }
    }

    private static func open(_ path: String) throws(StoreError) -> Database {
        try storing("open '\(path)'") { () throws(DatabaseError) in
            let database = try Database(path: path, .read)
            try database.execute("PRAGMA busy_timeout = 5000")
            try database.execute("PRAGMA mmap_size = 0")
            return database
        }
    }

    // A fault is what was looked for; trouble with reading is something else.
    private enum Trouble: Error {
        case fault(AuditFault)
        case store(StoreError)
    }

    private static func verdict(
        _ body: () throws(Trouble) -> AuditReport
    ) throws(StoreError) -> Verdict {
        do throws(Trouble) {
            return .clean(try body())
        } catch {
            switch error {
            case .fault(let fault): return .tampered(fault)
            case .store(let error): throw error
            }
        }
    }

    private static func faulty<Result>(
        _ body: () throws(AuditFault) -> Result
    ) throws(Trouble) -> Result {
        do { return try body() } catch { throw .fault(error) }
    }

    private static func reading<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(Trouble) -> Result {
        do { return try body() } catch { throw .store(error) }
    }
}

extension AuditVerifier {
    /// A line of an export: sequence, hash and the record's own bytes.
    mutating func take(_ line: [UInt8]) throws(AuditFault) {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard parts.count == 3, let sequence = Int(String(decoding: parts[0], as: UTF8.self)) else {
            throw unreadable()
        }
        try take(
            sequence: sequence, hash: String(decoding: parts[1], as: UTF8.self),
            body: Array(parts[2]))
    }

    private func unreadable() -> AuditFault {
        AuditFault(kind: .altered, sequence: next, detail: "its line is not written as a record is")
    }
}
