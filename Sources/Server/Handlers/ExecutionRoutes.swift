import Conductor
import Engine
import HTTP
import People
import Pipelines
import Store

/// Executions: what has been and what is.
enum ExecutionRoutes {
    /// An execution with more of either is shown without the rest; the list of attempts has all.
    private static let mostAttempts = 2_000
    private static let mostApprovals = 500
    /// How many rows are looked at for one page, however few of them may be shown.
    private static let mostLookedAt = 2_000

    private static let root: [Route.Segment] = ["api", "v1", "pipelines", .pipeline, "executions"]

    static let all: [Route] = [
        Route(
            .get, ["api", "v1", "executions"], .somewhere(.look),
            "List the executions of all pipelines, the newest first.",
            query: [.limit, .after], answers: [.json("Executions.", executionSummary.page)],
            handle: listAll),
        Route(
            .get, root, .pipeline(.look), "List a pipeline's executions, the newest first.",
            query: [.limit, .after], answers: [.json("Executions.", executionSummary.page)],
            handle: list),
        Route(
            .get, root + [.number], .pipeline(.look), "Show an execution.",
            answers: [.json("The execution.", ShownExecution.view)], handle: show),
        Route(
            .get, root + [.number, "attempts"], .pipeline(.look),
            "List every attempt of an execution, in the order they were begun.",
            query: [.limit, .after], answers: [.json("Attempts.", ShownAttempt.view.page)],
            handle: attempts),
    ]

    private static func list(_ call: Call) throws(Problem) -> Deed {
        let limit = try call.limit()
        let before = try call.cursor(Parameters.counted)
        let pipeline = try call.pipeline().name.description
        return .look { archive in
            let rows = try archive.executions(
                of: pipeline, before: before ?? .max, limit: limit + 1)
            let items = Array(rows.prefix(limit))
            let next = rows.count > limit ? items.last.map { "\($0.number)" } : nil
            return .json(executionSummary.page, Page(items: items, next: next))
        }
    }

    private static func listAll(_ call: Call) throws(Problem) -> Deed {
        let limit = try call.limit()
        let after = try call.cursor(Archive.Place.init(cursor:))
        return .look { archive in
            var items: [History.Execution] = []
            var place = after
            var lookedAt = 0
            while lookedAt < mostLookedAt {
                let rows = try archive.executions(after: place, limit: limit + 1)
                for (index, row) in rows.enumerated() {
                    if items.count == limit {
                        return .json(executionSummary.page, Page(items: items, next: place?.cursor))
                    }
                    place = Archive.Place(row)
                    lookedAt += 1
                    if call.mayLook(at: PipelineName(row.pipeline)) { items.append(row) }
                    if index == rows.count - 1, rows.count <= limit {
                        return .json(executionSummary.page, Page(items: items, next: nil))
                    }
                }
                if rows.isEmpty { break }
            }
            let next = lookedAt < mostLookedAt ? nil : place?.cursor
            return .json(executionSummary.page, Page(items: items, next: next))
        }
    }

    private static func show(_ call: Call) throws(Problem) -> Deed {
        let id = try call.executionID()
        let state = call.state
        return .look { archive in
            let pipeline = id.pipeline.description
            guard let row = try archive.execution(id.number, of: pipeline) else {
                throw Problem.missing("execution '\(id)'")
            }
            let held = state.pipelines[id.pipeline]?.definition(row.version)
            let definition = try held ?? archive.definition(row.version, of: pipeline)
            let shown = ShownExecution(
                row, beginning: try archive.beginning(of: id.number, in: pipeline),
                definition: definition,
                attempts: try archive.attempts(of: pipeline, id.number, limit: mostAttempts),
                approvals: try archive.approvals(of: pipeline, id.number, limit: mostApprovals),
                id: id, for: call)
            return .json(ShownExecution.view, shown)
        }
    }

    private static func attempts(_ call: Call) throws(Problem) -> Deed {
        let id = try call.executionID()
        let limit = try call.limit()
        let skipped = try call.cursor(Parameters.counted) ?? 0
        return .look { archive in
            let pipeline = id.pipeline.description
            guard try archive.execution(id.number, of: pipeline) != nil else {
                throw Problem.missing("execution '\(id)'")
            }
            let rows = try archive.attempts(
                of: pipeline, id.number, skipping: skipped, limit: limit + 1)
            let items = rows.prefix(limit).map { ShownAttempt(execution: id, row: $0) }
            let next = rows.count > limit ? "\(skipped + limit)" : nil
            return .json(ShownAttempt.view.page, Page(items: items, next: next))
        }
    }
}

extension Archive.Place {
    /// Such as `1800000000000/shop/42`: names have no slash.
    init?(cursor text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let time = Int(parts[0]), PipelineName(parts[1]) != nil,
            let number = Parameters.counted(parts[2])
        else { return nil }
        self.init(createdAt: time, pipeline: parts[1], number: number)
    }

    var cursor: String { "\(createdAt)/\(pipeline)/\(number)" }
}
