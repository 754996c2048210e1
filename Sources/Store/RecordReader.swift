import SQLite

/// Reads records in pages, so that a log of any length takes the memory of one page.
enum RecordReader {
    static let pageSize = 1_000

    struct Row {
        let sequence: Int
        let hash: String
        let body: [UInt8]
    }

    static func rows(
        in database: borrowing Database, after sequence: Int, limit: Int = pageSize
    ) throws(StoreError) -> [Row] {
        try storing("read the record") { () throws(DatabaseError) in
            try database.withStatement(
                """
                SELECT sequence, hash, body FROM record WHERE sequence > ?
                ORDER BY sequence LIMIT ?
                """
            ) { statement throws(DatabaseError) in
                try statement.bind(sequence, at: 1)
                try statement.bind(limit, at: 2)
                var rows: [Row] = []
                while try statement.step() {
                    rows.append(
                        Row(
                            sequence: statement.int(0), hash: statement.text(1),
                            body: statement.bytes(2)))
                }
                return rows
            }
        }
    }

    static func bodies(
        in database: borrowing Database, after sequence: Int, limit: Int
    ) throws(StoreError) -> [[UInt8]] {
        try rows(in: database, after: sequence, limit: limit).map(\.body)
    }
}
