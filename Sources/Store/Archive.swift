package import Engine
import SQLite

/// The record and what is derived from it, read over one connection beside whoever writes.
package struct Archive: ~Copyable {
    let database: Database

    /// Opens the record of a house, which has to be there.
    package static func open(_ home: String) throws(StoreError) -> Archive {
        let path = Home.database(in: home)
        guard Files.exists(path) else {
            throw StoreError(
                .notFound, "read the record of '\(home)'", problem: "there is none",
                hint: "run a pipeline first, or name the house's folder: --home DIR")
        }
        return try storing("read the record of '\(home)'") { () throws(DatabaseError) in
            let database = try Database(path: path, .read)
            try database.execute("PRAGMA busy_timeout = 5000")
            return Archive(database: database)
        }
    }
}

// Executions, the newest first.
extension Archive {
    /// Where a list of all executions goes on: behind this one.
    package struct Place: Hashable, Sendable {
        package let createdAt: Int
        package let pipeline: String
        package let number: Int

        package init(createdAt: Int, pipeline: String, number: Int) {
            self.createdAt = createdAt
            self.pipeline = pipeline
            self.number = number
        }

        package init(_ execution: History.Execution) {
            self.init(
                createdAt: execution.createdAt, pipeline: execution.pipeline,
                number: execution.number)
        }
    }

    package func executions(
        after place: Place? = nil, limit: Int
    ) throws(StoreError) -> [History.Execution] {
        try read("list executions") { database throws(DatabaseError) in
            try database.withStatement(
                """
                SELECT pipeline, number, version, cause, stage, status, reason, revisions,
                    created_at, created_by, finished_at
                FROM execution WHERE (created_at, pipeline, number) < (?, ?, ?)
                ORDER BY created_at DESC, pipeline DESC, number DESC LIMIT ?
                """
            ) { row throws(DatabaseError) in
                try row.bind(place?.createdAt ?? .max, at: 1)
                try row.bind(place?.pipeline ?? "", at: 2)
                try row.bind(place?.number ?? 0, at: 3)
                try row.bind(limit, at: 4)
                return try row.executions()
            }
        }
    }

    package func executions(
        of pipeline: String, before number: Int = .max, limit: Int
    ) throws(StoreError) -> [History.Execution] {
        try read("list executions") { database throws(DatabaseError) in
            try database.withStatement(
                """
                SELECT pipeline, number, version, cause, stage, status, reason, revisions,
                    created_at, created_by, finished_at
                FROM execution WHERE pipeline = ? AND number < ? ORDER BY number DESC LIMIT ?
                """
            ) { row throws(DatabaseError) in
                try row.bind(pipeline, at: 1)
                try row.bind(number, at: 2)
                try row.bind(limit, at: 3)
                return try row.executions()
            }
        }
    }

    package func execution(
        _ number: Int, of pipeline: String
    ) throws(StoreError) -> History.Execution? {
        guard number < .max else { return nil }
        let found = try executions(of: pipeline, before: number + 1, limit: 1).first
        return found?.number == number ? found : nil
    }
}

// What belongs to one execution.
extension Archive {
    /// In the order they were begun.
    package func attempts(
        of pipeline: String, _ number: Int, skipping skipped: Int = 0, limit: Int
    ) throws(StoreError) -> [History.Attempt] {
        try read("list attempts") { database throws(DatabaseError) in
            try database.withStatement(
                """
                SELECT stage, visit, job, attempt, status, cause, reason, queued_at, started_at,
                    finished_at
                FROM attempt WHERE pipeline = ? AND number = ?
                ORDER BY queued_at, stage, visit, job, attempt LIMIT ? OFFSET ?
                """
            ) { row throws(DatabaseError) in
                try row.bind(pipeline, at: 1)
                try row.bind(number, at: 2)
                try row.bind(limit, at: 3)
                try row.bind(skipped, at: 4)
                return try row.attempts()
            }
        }
    }

    package func attempt(
        _ id: AttemptID
    ) throws(StoreError) -> History.Attempt? {
        try read("find an attempt") { database throws(DatabaseError) in
            try database.withStatement(
                """
                SELECT stage, visit, job, attempt, status, cause, reason, queued_at, started_at,
                    finished_at
                FROM attempt WHERE pipeline = ? AND number = ? AND stage = ? AND visit = ?
                    AND job = ? AND attempt = ?
                """
            ) { row throws(DatabaseError) in
                try row.bind(id.values)
                return try row.attempts().first
            }
        }
    }

    /// What people were asked, in that order.
    package func approvals(
        of pipeline: String, _ number: Int, limit: Int
    ) throws(StoreError) -> [History.Approval] {
        try read("list approvals") { database throws(DatabaseError) in
            try database.withStatement(
                """
                SELECT name, stage, status, votes, asked_at, settled_at
                FROM approval WHERE pipeline = ? AND number = ? ORDER BY asked_at, name LIMIT ?
                """
            ) { row throws(DatabaseError) in
                try row.bind(pipeline, at: 1)
                try row.bind(number, at: 2)
                try row.bind(limit, at: 3)
                var all: [History.Approval] = []
                while try row.step() {
                    all.append(
                        History.Approval(
                            name: row.text(0), stage: row.text(1), status: row.text(2),
                            votes: row.text(3), askedAt: row.int(4), settledAt: row.optional(5)))
                }
                return all
            }
        }
    }

    func read<Result>(
        _ operation: String, _ body: (borrowing Database) throws(DatabaseError) -> Result
    ) throws(StoreError) -> Result {
        try storing(operation) { () throws(DatabaseError) in try body(database) }
    }
}

extension Statement {
    fileprivate mutating func executions() throws(DatabaseError) -> [History.Execution] {
        var all: [History.Execution] = []
        while try step() {
            all.append(
                History.Execution(
                    pipeline: text(0), number: int(1), version: int(2), cause: text(3),
                    stage: isNull(4) ? nil : text(4), status: text(5), reason: text(6),
                    revisions: text(7), createdAt: int(8), createdBy: text(9),
                    finishedAt: optional(10)))
        }
        return all
    }

    fileprivate mutating func attempts() throws(DatabaseError) -> [History.Attempt] {
        var all: [History.Attempt] = []
        while try step() {
            all.append(
                History.Attempt(
                    stage: text(0), visit: int(1), job: text(2), number: int(3), status: text(4),
                    cause: text(5), reason: text(6), queuedAt: int(7), startedAt: optional(8),
                    finishedAt: optional(9)))
        }
        return all
    }

    fileprivate func optional(_ column: Int32) -> Int? { isNull(column) ? nil : int(column) }
}
