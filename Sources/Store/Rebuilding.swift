import Engine
import SQLite

/// Derives the tables that screens and lists read, from the record alone.
enum Rebuilding {
    /// Part of the transaction that is open.
    static func derive(in database: borrowing Database) throws(StoreError) {
        try storing("empty the derived tables") { () throws(DatabaseError) in
            for statement in Migrations.forgetDerived { try database.execute(statement) }
        }
        var sequence = 0
        while true {
            let rows = try RecordReader.rows(in: database, after: sequence)
            guard let last = rows.last else { return }
            for row in rows {
                let record = try Record(decoding: row.body)
                try storing("derive record \(record.sequence)") { () throws(DatabaseError) in
                    for change in record.rowChanges { try change.make(in: database) }
                }
            }
            sequence = last.sequence
        }
    }
}
