import Cryptography
import Engine
import SQLite
import Store
import Support
import Testing

/// Every way of tampering is tried on a record of 2,500, and has to be found and called by its
/// name.
@Suite("Verifying the record") struct TamperingTests {
    /// A home with a record, two checkpoints and a witness.
    struct Victim {
        let folder: Folder
        let key: VerifyingKey

        init(_ count: Int = 2_500) throws {
            folder = try Folder()
            let home = try Home(holding: folder.path)
            var store = try home.store(witness: Witness(path: folder.file("witness")))
            let records = try Samples.records(count)
            for start in stride(from: 0, to: records.count, by: 100) {
                try store.append(Array(records[start..<min(start + 100, records.count)]))
            }
            key = try #require(try Audit.publicKey(at: folder.file("audit.pub")))
        }

        func change(_ sql: StaticString) throws {
            let database = try Database(path: folder.file("slipway.db"), .write)
            try database.execute(sql)
        }

        func verdict(witness: Bool = false) throws -> Audit.Verdict {
            try Audit.verify(
                home: folder.path, key: key, witness: witness ? folder.file("witness") : nil)
        }

        func fault(witness: Bool = false) throws -> AuditFault? {
            if case .tampered(let fault) = try verdict(witness: witness) { fault } else { nil }
        }

        /// Writes the hashes anew from a record on, as somebody would who knows how they are made.
        func rewriteHashes(from sequence: Int) throws {
            let database = try Database(path: folder.file("slipway.db"), .write)
            var previous = Head.empty.hash
            try database.withStatement("SELECT hash FROM record WHERE sequence = ?") {
                row throws(DatabaseError) in
                try row.bind(sequence - 1, at: 1)
                if try row.step() { previous = row.text(0) }
            }
            var rows: [(Int, [UInt8])] = []
            try database.withStatement("SELECT sequence, body FROM record WHERE sequence >= ?") {
                row throws(DatabaseError) in
                try row.bind(sequence, at: 1)
                while try row.step() { rows.append((row.int(0), row.bytes(1))) }
            }
            try database.transaction { () throws(DatabaseError) in
                for (number, body) in rows {
                    previous = Chain.hash(after: previous, body)
                    try database.run(
                        "UPDATE record SET hash = ? WHERE sequence = ?",
                        [.text(previous), .int(number)])
                }
            }
        }
    }

    @Test func `a record that nobody touched is clean, and says how far it is signed`() throws {
        let victim = try Victim()
        guard case .clean(let report) = try victim.verdict(witness: true) else {
            Issue.record("found tampering")
            return
        }
        #expect(report.records == 2_500)
        #expect(report.checkpoints == 2)
        #expect(report.signed == 2_000)
    }

    @Test(
        "a changed byte is found in its record", arguments: [1, 2, 999, 1_000, 1_001, 2_499, 2_500])
    func altered(sequence: Int) throws {
        let victim = try Victim()
        let database = try Database(path: victim.folder.file("slipway.db"), .write)
        try database.run(
            """
            UPDATE record SET body = CAST(replace(CAST(body AS TEXT), 'wall', 'walk') AS BLOB)
            WHERE sequence = ?
            """,
            [.int(sequence)])
        #expect(try victim.fault()?.kind == .altered)
        #expect(try victim.fault()?.sequence == sequence)
    }

    @Test func `a changed hash is found`() throws {
        let victim = try Victim()
        try victim.change("UPDATE record SET hash = replace(hash, 'a', 'b') WHERE sequence = 1234")
        #expect(try victim.fault()?.kind == .altered)
        #expect(try victim.fault()?.sequence == 1_234)
    }

    @Test("a record that was taken out is a gap", arguments: [1, 700, 2_499])
    func gap(sequence: Int) throws {
        let victim = try Victim()
        let database = try Database(path: victim.folder.file("slipway.db"), .write)
        try database.run("DELETE FROM record WHERE sequence = ?", [.int(sequence)])
        #expect(
            try victim.fault()
                == AuditFault(
                    kind: .gap, sequence: sequence,
                    detail: "the next one there is record \(sequence + 1)"))
    }

    @Test func `a record that was put in does not fit`() throws {
        let victim = try Victim()
        try victim.change("DELETE FROM record WHERE sequence = 2500")
        try victim.change(
            "INSERT INTO record SELECT 2500, hash, body FROM record WHERE sequence = 100")
        #expect(try victim.fault()?.kind == .swapped)
    }

    @Test func `two records that changed places are found`() throws {
        let victim = try Victim()
        try victim.change("UPDATE record SET sequence = 99999 WHERE sequence = 10")
        try victim.change("UPDATE record SET sequence = 10 WHERE sequence = 11")
        try victim.change("UPDATE record SET sequence = 11 WHERE sequence = 99999")
        #expect(try victim.fault()?.kind == .swapped)
        #expect(try victim.fault()?.sequence == 10)
    }

    @Test func `a log that was cut off before a checkpoint is found`() throws {
        let victim = try Victim()
        try victim.change("DELETE FROM record WHERE sequence > 1500")
        #expect(try victim.fault()?.kind == .cutOff)
        #expect(try victim.fault()?.sequence == 1_501)
    }

    @Test func `one that was cut off with its checkpoints is found by the witness`() throws {
        let victim = try Victim()
        try victim.change("DELETE FROM record WHERE sequence > 1500")
        try victim.change("DELETE FROM checkpoint WHERE size > 1500")
        #expect(try victim.fault() == nil)
        #expect(try victim.fault(witness: true)?.kind == .cutOff)
    }

    @Test func `a history that was written anew with good hashes is not the one that was signed`()
        throws
    {
        let victim = try Victim()
        try victim.change(
            """
            UPDATE record SET body = CAST(replace(CAST(body AS TEXT), 'ada', 'bob') AS BLOB)
            WHERE sequence >= 500
            """
        )
        try victim.rewriteHashes(from: 500)
        #expect(try victim.fault()?.kind == .forked)
        #expect(try victim.fault()?.sequence == 1_000)
    }

    @Test func `new checkpoints by another key are forged`() throws {
        let victim = try Victim()
        let other = try AuditKey.random()
        try victim.change("DELETE FROM checkpoint")
        var store = try SQLiteStore.open(victim.folder.file("slipway.db"), key: other)
        _ = try store.sign(at: 0)
        #expect(try victim.fault()?.kind == .forged)
    }

    @Test("a changed byte of a checkpoint is found", arguments: ["size", "signature", "body"])
    func changedCheckpoint(column: String) throws {
        let victim = try Victim()
        switch column {
        case "size": try victim.change("UPDATE checkpoint SET size = size + 1 WHERE number = 1")
        case "signature":
            try victim.change(
                "UPDATE checkpoint SET signature = replace(signature, '1', '2') WHERE number = 1")
        default:
            try victim.change(
                "UPDATE checkpoint SET body = replace(body, '0', '1') WHERE number = 1")
        }
        #expect(try victim.fault()?.kind == .forged)
    }

    @Test func `a checkpoint taken out of their row is found`() throws {
        let victim = try Victim()
        try victim.change("DELETE FROM checkpoint WHERE number = 1")
        #expect(try victim.fault()?.kind == .forged)
    }

    @Test func `a witness that was told another story shows the fork`() throws {
        let victim = try Victim()
        let database = try Database(path: victim.folder.file("slipway.db"), .write)
        try database.execute("DELETE FROM checkpoint")
        try database.execute(
            "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), 'ada', 'bob') AS BLOB)")
        try victim.rewriteHashes(from: 1)
        #expect(try victim.fault() == nil)
        #expect(try victim.fault(witness: true)?.kind == .forked)
    }

    @Test func `an export is verified by itself, and tampering with it is found`() throws {
        let victim = try Victim()
        let target = victim.folder.file("export")
        #expect(try Audit.export(home: victim.folder.path, to: target) == 2_500)
        guard case .clean(let report) = try Audit.verify(export: target, key: nil, witness: nil)
        else {
            Issue.record("the export is not clean")
            return
        }
        #expect(report.records == 2_500)
        let text = try victim.folder.text(of: "export/records.log")
        try victim.folder.write(text.replacing("ada", with: "bob"), to: "export/records.log")
        guard case .tampered(let fault) = try Audit.verify(export: target, key: nil, witness: nil)
        else {
            Issue.record("found nothing")
            return
        }
        #expect(fault.kind == .altered)
    }
}
