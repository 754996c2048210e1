import SQLite

/// Checkpoints in the database, in the order they were signed.
enum Checkpoints {
    static func last(in database: borrowing Database) throws(StoreError) -> Checkpoint? {
        try storing("read the last checkpoint") { () throws(DatabaseError) in
            try database.withStatement(
                "SELECT size, body, signature FROM checkpoint ORDER BY number DESC LIMIT 1"
            ) { row throws(DatabaseError) in
                try row.step() ? Checkpoint(row) : nil
            }
        }
    }

    static func all(in database: borrowing Database) throws(StoreError) -> [Checkpoint] {
        try storing("read the checkpoints") { () throws(DatabaseError) in
            try database.withStatement(
                "SELECT size, body, signature FROM checkpoint ORDER BY number"
            ) { row throws(DatabaseError) in
                var all: [Checkpoint] = []
                while try row.step() { all.append(Checkpoint(row)) }
                return all
            }
        }
    }

    static func insert(
        _ checkpoint: Checkpoint, into database: borrowing Database
    ) throws(DatabaseError) {
        try database.run(
            "INSERT INTO checkpoint (size, body, signature) VALUES (?, ?, ?)",
            [.int(checkpoint.size), .text(checkpoint.body), .text(checkpoint.signature)])
    }
}

extension Checkpoint {
    fileprivate init(_ row: borrowing Statement) {
        self.init(size: row.int(0), body: row.text(1), signature: row.text(2))
    }
}
