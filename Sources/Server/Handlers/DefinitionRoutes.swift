import HTTP
import People
import Pipelines

/// What is wrong with definitions that lie in repositories.
enum DefinitionRoutes {
    static let all: [Route] = [
        Route(
            .get, ["api", "v1", "definitions", "problems"], .somewhere(.look),
            "List files of watched repositories that are not at work as they are written.",
            query: [.limit, .after],
            answers: [.json("Files.", DefinitionNote.view.page)], handle: problems)
    ]

    private static func problems(_ call: Call) throws(Problem) -> Deed {
        let limit = try call.limit()
        let start = try call.cursor { Parameters.counted($0) } ?? 0
        let all = call.house.definitions.notes.filter(call.mayRead)
        let items = all.dropFirst(start).prefix(limit)
        let next = all.count > start + items.count ? "\(start + items.count)" : nil
        return .json(DefinitionNote.view.page, Page(items: Array(items), next: next))
    }
}

extension Call {
    /// A file that has brought no pipeline yet may bring any: it is for those who may see all.
    fileprivate func mayRead(_ note: DefinitionNote) -> Bool {
        guard let caller else { return false }
        return caller.may(.look, on: note.pipeline)
    }
}
