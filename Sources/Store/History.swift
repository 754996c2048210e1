import SQLite

/// What has been, for people to look at: read from the derived tables, beside whoever writes them.
package enum History {
    package struct Execution: Hashable, Sendable {
        package let pipeline: String
        package let number: Int
        package let status: String
        package let reason: String
        /// `source=commit`, of each source.
        package let revisions: String
        package let createdAt: Int
        package let finishedAt: Int?
    }

    package struct Attempt: Hashable, Sendable {
        package let stage: String
        package let visit: Int
        package let job: String
        package let number: Int
        package let status: String
        package let reason: String
        package let queuedAt: Int
        package let finishedAt: Int?
    }

    /// The newest first.
    package static func executions(
        in home: String, of pipeline: String?, limit: Int
    ) throws(StoreError) -> [Execution] {
        try reading(home) { database throws(DatabaseError) in
            try database.withStatement(
                """
                SELECT pipeline, number, status, reason, created_at, finished_at, revisions
                FROM execution
                WHERE ?1 IS NULL OR pipeline = ?1
                ORDER BY created_at DESC, pipeline, number DESC LIMIT ?2
                """
            ) { row throws(DatabaseError) in
                try row.bind(pipeline, at: 1)
                try row.bind(limit, at: 2)
                var all: [Execution] = []
                while try row.step() {
                    all.append(
                        Execution(
                            pipeline: row.text(0), number: row.int(1), status: row.text(2),
                            reason: row.text(3), revisions: row.text(6), createdAt: row.int(4),
                            finishedAt: row.isNull(5) ? nil : row.int(5)))
                }
                return all
            }
        }
    }

    /// In the order they were begun.
    package static func attempts(
        of pipeline: String, _ number: Int, in home: String
    ) throws(StoreError) -> [Attempt] {
        try reading(home) { database throws(DatabaseError) in
            try database.withStatement(
                """
                SELECT stage, visit, job, attempt, status, reason, queued_at, finished_at
                FROM attempt WHERE pipeline = ?1 AND number = ?2
                ORDER BY queued_at, stage, visit, job, attempt
                """
            ) { row throws(DatabaseError) in
                try row.bind(pipeline, at: 1)
                try row.bind(number, at: 2)
                var all: [Attempt] = []
                while try row.step() {
                    all.append(
                        Attempt(
                            stage: row.text(0), visit: row.int(1), job: row.text(2),
                            number: row.int(3), status: row.text(4), reason: row.text(5),
                            queuedAt: row.int(6), finishedAt: row.isNull(7) ? nil : row.int(7)))
                }
                return all
            }
        }
    }

    private static func reading<Result>(
        _ home: String, _ body: (borrowing Database) throws(DatabaseError) -> Result
    ) throws(StoreError) -> Result {
        let path = Home.database(in: home)
        guard Files.exists(path) else {
            throw StoreError(
                .notFound, "read the record of '\(home)'", problem: "there is none",
                hint: "run a pipeline first, or name the house's folder: --home DIR")
        }
        return try storing("read the record of '\(home)'") { () throws(DatabaseError) in
            let database = try Database(path: path, .read)
            try database.execute("PRAGMA busy_timeout = 5000")
            return try body(database)
        }
    }
}
