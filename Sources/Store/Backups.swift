import SQLite

/// Copies of the record in one file.
package enum Backups {
    /// Copies the database of a home folder, then verifies the copy: one that cannot be restored is
    /// none.
    package static func make(of home: String, at path: String) throws(StoreError) -> AuditReport {
        guard !Files.exists(path) else {
            throw StoreError(
                .busy, "back up to '\(path)'", problem: "there is a file already",
                hint: "name another file, or move that one away")
        }
        try storing("back up to '\(path)'") { () throws(DatabaseError) in
            let source = try Database(path: Home.database(in: home), .read)
            try source.execute("PRAGMA busy_timeout = 5000")
            try source.backUp(to: path)
        }
        try Files.sync(folder: Files.folder(of: path))
        switch try Audit.verify(database: path) {
        case .clean(let report): return report
        case .tampered(let fault):
            throw StoreError(
                .corrupt, "back up '\(home)'", problem: "\(fault)",
                hint: "the record itself is not whole: `slipway audit verify --home \(home)`")
        }
    }
}
