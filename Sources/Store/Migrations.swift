import SQLite

/// The steps from one form of the database to the next. What has once been released is never
/// changed; a new form is a new step at the end.
package enum Migrations {
    /// One step, all of it in one transaction together with the number of the form.
    package struct Step: Sendable {
        let statements: [StaticString]
        /// What the derived tables hold has changed, so they are derived again.
        let derives: Bool
        let mark: StaticString

        package init(statements: [StaticString], derives: Bool, mark: StaticString) {
            self.statements = statements
            self.derives = derives
            self.mark = mark
        }
    }

    package static let steps: [Step] = [
        Step(
            statements: [record, checkpoint, snapshot] + derived, derives: false,
            mark: "PRAGMA user_version = 1"),
        Step(statements: places, derives: true, mark: "PRAGMA user_version = 2"),
    ]

    /// What is on the record; the only tables that hold anything that cannot be made again.
    private static let record: StaticString = """
        CREATE TABLE record (
            sequence INTEGER PRIMARY KEY,
            hash TEXT NOT NULL,
            body BLOB NOT NULL
        ) STRICT
        """
    private static let checkpoint: StaticString = """
        CREATE TABLE checkpoint (
            number INTEGER PRIMARY KEY,
            size INTEGER NOT NULL,
            body TEXT NOT NULL,
            signature TEXT NOT NULL
        ) STRICT
        """

    private static let snapshot: StaticString = """
        CREATE TABLE snapshot (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            body BLOB NOT NULL
        ) STRICT
        """

    static let derived: [StaticString] = [
        """
        CREATE TABLE pipeline (
            name TEXT PRIMARY KEY,
            version INTEGER NOT NULL,
            defined_at INTEGER NOT NULL,
            defined_by TEXT NOT NULL,
            removed_at INTEGER
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE execution (
            pipeline TEXT NOT NULL,
            number INTEGER NOT NULL,
            version INTEGER NOT NULL,
            cause TEXT NOT NULL,
            revisions TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            created_by TEXT NOT NULL,
            stage TEXT,
            status TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            finished_at INTEGER,
            PRIMARY KEY (pipeline, number)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE attempt (
            pipeline TEXT NOT NULL,
            number INTEGER NOT NULL,
            stage TEXT NOT NULL,
            visit INTEGER NOT NULL,
            job TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            status TEXT NOT NULL,
            cause TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            queued_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            PRIMARY KEY (pipeline, number, stage, visit, job, attempt)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE approval (
            name TEXT PRIMARY KEY,
            pipeline TEXT NOT NULL,
            number INTEGER NOT NULL,
            stage TEXT NOT NULL,
            status TEXT NOT NULL,
            votes TEXT NOT NULL DEFAULT '',
            asked_at INTEGER NOT NULL,
            settled_at INTEGER
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX execution_by_status ON execution (status, pipeline, number)",
        "CREATE INDEX approval_by_status ON approval (status, asked_at)",
    ]

    /// Where on the record an execution and a definition begin, and the orders that lists are read
    /// in: a page takes as long after a hundred executions as after a hundred thousand.
    private static let places: [StaticString] = [
        "ALTER TABLE execution ADD COLUMN record INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE definition (
            pipeline TEXT NOT NULL,
            version INTEGER NOT NULL,
            record INTEGER NOT NULL,
            PRIMARY KEY (pipeline, version)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX execution_by_time ON execution (created_at, pipeline, number)",
        "CREATE INDEX approval_by_execution ON approval (pipeline, number, asked_at)",
    ]

    static let forgetDerived: [StaticString] = [
        "DELETE FROM pipeline", "DELETE FROM definition", "DELETE FROM execution",
        "DELETE FROM attempt", "DELETE FROM approval", "DELETE FROM snapshot",
    ]

    /// Brings a database to the newest form, one step after the other.
    static func run(
        _ steps: [Step], on database: borrowing Database
    ) throws(StoreError) -> Bool {
        let form = try version(of: database)
        guard form <= steps.count else {
            throw StoreError(
                .newer, "open the database",
                problem: "it has form \(form), and this version knows up to \(steps.count)",
                hint: "use the version of Slipway that wrote it, or a newer one")
        }
        var mustDerive = false
        for step in steps[form...] {
            try storing("bring the database to its new form") { () throws(DatabaseError) in
                try database.transaction { () throws(DatabaseError) in
                    for statement in step.statements { try database.execute(statement) }
                    try database.execute(step.mark)
                }
            }
            mustDerive = mustDerive || step.derives
        }
        return mustDerive
    }

    static func version(of database: borrowing Database) throws(StoreError) -> Int {
        try storing("read the form of the database") { () throws(DatabaseError) in
            try database.withStatement("PRAGMA user_version") { statement throws(DatabaseError) in
                try statement.step() ? statement.int(0) : 0
            }
        }
    }
}
