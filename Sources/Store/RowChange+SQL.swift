import Engine
import Pipelines
import SQLite

extension RowChange {
    /// Makes the change, as part of the transaction that is open.
    func make(in database: borrowing Database) throws(DatabaseError) {
        switch self {
        case .definePipeline, .removePipeline: try makePipeline(in: database)
        case .addExecution, .moveExecution, .endExecution: try makeExecution(in: database)
        case .addAttempt, .moveAttempt, .startAttempt, .endAttempt: try makeAttempt(in: database)
        case .ask, .vote, .void, .settle: try makeApproval(in: database)
        }
    }

    private func makePipeline(in database: borrowing Database) throws(DatabaseError) {
        switch self {
        case .definePipeline(let name, let version, let time, let who, let record):
            try database.run(
                """
                INSERT INTO pipeline (name, version, defined_at, defined_by) VALUES (?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET version = excluded.version,
                    defined_at = excluded.defined_at, defined_by = excluded.defined_by,
                    removed_at = NULL
                """, [.text(name), .int(version), .int(time), .text(who)])
            try database.run(
                "INSERT INTO definition (pipeline, version, record) VALUES (?, ?, ?)",
                [.text(name), .int(version), .int(record)])
        case .removePipeline(let name, let time):
            try database.run(
                "UPDATE pipeline SET removed_at = ? WHERE name = ?", [.int(time), .text(name)])
        default: break
        }
    }

    private func makeExecution(in database: borrowing Database) throws(DatabaseError) {
        switch self {
        case .addExecution(
            let id, let version, let cause, let revisions, let time, let who, let record):
            try database.run(
                """
                INSERT INTO execution (pipeline, number, version, cause, revisions, created_at,
                    created_by, record, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'created')
                """,
                id.values + [
                    .int(version), .text(cause), .text(revisions), .int(time), .text(who),
                    .int(record),
                ])
        case .moveExecution(let id, let stage, let status):
            try database.run(
                """
                UPDATE execution SET stage = CASE ?3 WHEN '' THEN stage ELSE ?3 END, status = ?4,
                    reason = '', finished_at = NULL WHERE pipeline = ?1 AND number = ?2
                """, id.values + [.text(stage), .text(status)])
        case .endExecution(let id, let status, let reason, let time):
            try database.run(
                """
                UPDATE execution SET status = ?3, reason = ?4, finished_at = ?5
                WHERE pipeline = ?1 AND number = ?2
                """, id.values + [.text(status), .text(reason), .int(time)])
        default: break
        }
    }

    private func makeAttempt(in database: borrowing Database) throws(DatabaseError) {
        switch self {
        case .addAttempt(let attempt, let cause, let time):
            try database.run(
                """
                INSERT INTO attempt (pipeline, number, stage, visit, job, attempt, status, cause,
                    queued_at) VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?)
                """, attempt.values + [.text(cause), .int(time)])
        case .moveAttempt(let attempt, let status):
            try database.run(
                """
                UPDATE attempt SET status = ?7 WHERE pipeline = ?1 AND number = ?2 AND stage = ?3
                    AND visit = ?4 AND job = ?5 AND attempt = ?6
                """, attempt.values + [.text(status)])
        case .startAttempt(let attempt, let time):
            try database.run(
                """
                UPDATE attempt SET status = 'running', started_at = ?7 WHERE pipeline = ?1
                    AND number = ?2 AND stage = ?3 AND visit = ?4 AND job = ?5 AND attempt = ?6
                """, attempt.values + [.int(time)])
        case .endAttempt(let attempt, let status, let reason, let time):
            try database.run(
                """
                UPDATE attempt SET status = ?7, reason = ?8, finished_at = ?9 WHERE pipeline = ?1
                    AND number = ?2 AND stage = ?3 AND visit = ?4 AND job = ?5 AND attempt = ?6
                """, attempt.values + [.text(status), .text(reason), .int(time)])
        default: break
        }
    }

    private func makeApproval(in database: borrowing Database) throws(DatabaseError) {
        switch self {
        case .ask(let approval, let time):
            try database.run(
                """
                INSERT INTO approval (name, pipeline, number, stage, status, asked_at)
                VALUES (?, ?, ?, ?, 'asked', ?)
                """,
                [.text(approval.description)] + approval.visit.execution.values + [
                    .text(approval.visit.stage.description), .int(time),
                ])
        case .vote(let approval, let vote):
            try database.run(
                """
                UPDATE approval SET votes = votes || CASE votes WHEN '' THEN '' ELSE ', ' END || ?
                WHERE name = ?
                """, [.text(vote), .text(approval.description)])
        case .void(let approval):
            try database.run(
                "UPDATE approval SET votes = '' WHERE name = ?", [.text(approval.description)])
        case .settle(let approval, let status, let time):
            // A gate that asks nobody has no row, and needs none. What became of the action in
            // whose name a deployment asked is no answer to that.
            try database.run(
                """
                UPDATE approval SET status = ?, settled_at = ?
                WHERE name = ? AND settled_at IS NULL
                """,
                [.text(status), .int(time), .text(approval.description)])
        default: break
        }
    }
}

extension ExecutionID {
    fileprivate var values: [SQLValue] { [.text(pipeline.description), .int(number)] }
}

extension AttemptID {
    var values: [SQLValue] {
        visit.execution.values + [
            .text(visit.stage.description), .int(visit.number), .text(job.word), .int(number),
        ]
    }
}
