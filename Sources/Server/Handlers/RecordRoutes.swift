import Engine
import Glibc
import HTTP
import JSON
import People
import Store

/// The record itself, for those who have to answer for it.
enum RecordRoutes {
    static let all: [Route] = [
        Route(
            .get, ["api", "v1", "audit"], .house(.administer),
            "List what is on the record, from the beginning.", query: [.limit, .after],
            answers: [.json("Records.", recordView.page)], handle: list),
        Route(
            .get, ["api", "v1", "audit", "verification"], .house(.administer),
            "Read the whole record, and tell whether it was altered.",
            answers: [.json("The verdict.", verdictView)], handle: verify),
        Route(
            .get, ["api", "v1", "backup"], .house(.administer),
            "Copy the record's database, verified.",
            answers: [.bytes("The database.", "application/vnd.sqlite3")], handle: backUp),
    ]

    private static func list(_ call: Call) throws(Problem) -> Deed {
        let limit = try call.limit()
        let after = try call.cursor(Parameters.counted) ?? 0
        return .look { archive in
            let records = try archive.records(after: after, limit: limit + 1)
            let items = Array(records.prefix(limit))
            let next = records.count > limit ? items.last.map { "\($0.sequence)" } : nil
            return .json(recordView.page, Page(items: items, next: next))
        }
    }

    private static func verify(_ call: Call) -> Deed {
        let home = call.house.home
        return .labour {
            let verdict = try Audit.verify(home: home, key: nil, witness: nil)
            return .json(verdictView, verdict)
        }
    }

    private static func backUp(_ call: Call) -> Deed {
        let home = call.house.home
        return .labour {
            let path = "\(home)/backup-\(getpid()).part"
            // One that a crash has left.
            _ = unsafe unlink(path)
            defer { _ = unsafe unlink(path) }
            _ = try Backups.make(of: home, at: path)
            // Gone from the folder at once: it lasts as long as somebody reads it.
            guard let stream = FileBytes(path) else {
                throw Problem.defect("the copy could not be read")
            }
            let headers: Headers = [
                "Content-Type": "application/vnd.sqlite3",
                "Content-Disposition": "attachment; filename=\"slipway.db\"",
            ]
            return .answer(Response(200, headers, stream: stream))
        }
    }
}

private let recordView = View<Record>(
    "Record", "Something that has happened, as it is told outside.",
    [
        .count("sequence", "Its place on the record.") { $0.sequence },
        .time("at", "When.") { Int($0.at.wall) },
        .text("by", "Who did it.") { $0.by.name },
        .text("event", "What, in the words of `/api/v1/events`.") {
            PublicEvent($0)?.name.rawValue ?? "other"
        },
        .object("details", "All that is told of it.") { PublicEvent($0)?.json ?? [:] },
    ])

private let verdictView = View<Audit.Verdict>(
    "Verdict", "Whether the record is whole.",
    [
        .truth("clean", "Whether nothing was altered.") { $0.fault == nil },
        .optionalText("fault", "The first that is wrong.") { $0.fault.map { "\($0)" } },
        .optionalCount("records", "How many records there are.") { $0.report?.records },
        .optionalText("hash", "The last one's hash.") { $0.report?.hash },
        .optionalCount("signed", "How many of them a checkpoint covers.") { $0.report?.signed },
    ])

extension Audit.Verdict {
    fileprivate var fault: AuditFault? {
        if case .tampered(let fault) = self { fault } else { nil }
    }
    fileprivate var report: AuditReport? {
        if case .clean(let report) = self { report } else { nil }
    }
}
