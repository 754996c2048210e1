import Conductor
import Engine
import HTTP
import People
import Pipelines
import Store

/// What people are asked.
enum ApprovalRoutes {
    static let all: [Route] = [
        Route(
            .get, ["api", "v1", "approvals"], .somewhere(.look),
            "List what people are asked now, the most urgent first.",
            query: [.limit, .after], answers: [.json("Approvals.", ShownApproval.view.page)],
            handle: list),
        Route(
            .get, ["api", "v1", "approvals", .parameter(.approval)], .pipeline(.look),
            "Show what people are asked, and what would ship.",
            answers: [.json("The approval.", ShownApproval.view)], handle: show),
        Route(
            .post, ["api", "v1", "approvals", .parameter(.approval)], .pipeline(.release),
            "Approve or reject; the gate says whose word counts.", body: Word.shape.form,
            answers: [.json("It is on the record.", Done.view)], handle: answer),
    ]

    private static func list(_ call: Call) throws(Problem) -> Deed {
        let limit = try call.limit()
        let after = try call.cursor(Place.init(cursor:))
        let all = call.state.pipelines.values.filter { call.mayLook(at: $0.name) }
            .flatMap { pipeline in pipeline.live.flatMap { questions(to: $0, call) } }
            .map { (place: Place($0), shown: $0) }.sorted { $0.place < $1.place }
            .filter { entry in after.map { $0 < entry.place } ?? true }
        let next = all.count > limit ? all[limit - 1].place.cursor : nil
        let items = all.prefix(limit).map(\.shown)
        let shipping = call.house.shipping
        return .wait {
            .json(
                ShownApproval.view.page,
                Page(items: items.map { $0.shipping(by: shipping) }, next: next))
        }
    }

    private static func show(_ call: Call) throws(Problem) -> Deed {
        let id = try call.path(\.approval)
        guard let execution = call.state.execution(id.visit.execution),
            let shown = questions(to: execution, call).first(where: { $0.asking.id == id })
        else {
            throw .missing("question '\(id.address)'", hint: "it was answered, or its time is over")
        }
        let shipping = call.house.shipping
        return .wait { .json(ShownApproval.view, shown.shipping(by: shipping)) }
    }

    private static func answer(_ call: Call) throws(Problem) -> Deed {
        let id = try call.path(\.approval)
        let word = try call.body(Word.shape)
        let answer = Answer(id, word.verdict, comment: word.comment, subject: word.subject)
        return .submit(
            Message(.answer(answer), by: call.person(at: id.visit.stage)),
            then: Done.done(id.visit.execution))
    }

    private static func questions(to execution: Execution, _ call: Call) -> [ShownApproval] {
        guard let definition = call.state.definition(of: execution) else { return [] }
        return call.state.questions(of: execution).map { asking in
            ShownApproval(asking, to: execution, under: definition, for: call)
        }
    }

    /// Where an approval is in the list.
    private struct Place: Comparable {
        let deadline: Int64
        let address: String

        init(_ shown: ShownApproval) {
            deadline = shown.asking.deadline.milliseconds
            address = shown.asking.id.address
        }

        init?(cursor text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let deadline = Int64(parts[0]) else { return nil }
            self.deadline = deadline
            address = String(parts[1])
        }

        var cursor: String { "\(deadline)/\(address)" }

        static func < (left: Self, right: Self) -> Bool {
            (left.deadline, left.address) < (right.deadline, right.address)
        }
    }

    private struct Word {
        let verdict: Verdict
        let comment: String
        let subject: String

        static let shape = BodyShape<Word>("Answer", "What you say.") { members in
            let verdict: Verdict? = members.word("verdict", "What you say.")
            let comment = members.text("comment", "Why.", orElse: "")
            let subject = members.text(
                "subject", "The `subject` that you were shown: if it has changed, nothing happens.",
                atMost: 200)
            guard let verdict, let comment, let subject else { return nil }
            return Word(verdict: verdict, comment: comment, subject: subject)
        }
    }
}
