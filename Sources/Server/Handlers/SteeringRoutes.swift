import Conductor
import Engine
import HTTP
import JSON
import People
import Pipelines

/// What people do with executions.
enum SteeringRoutes {
    private static let executions: [Route.Segment] = [
        "api", "v1", "pipelines", .pipeline, "executions",
    ]
    private static let stages: [Route.Segment] = [
        "api", "v1", "pipelines", .pipeline, "stages", .stage,
    ]

    static let all: [Route] = [
        Route(
            .post, executions, .pipeline(.run),
            "Start an execution, with the newest revisions or the ones chosen.",
            body: Wish.shape.form, answers: [.json("It has begun.", Done.view, status: 201)],
            handle: start),
        Route(
            .post, executions + [.number, "stop"], .pipeline(.run), "Stop an execution.",
            body: Stop.shape.form, answers: [.json("It is stopping.", Done.view)], handle: stop),
        Route(
            .post, executions + [.number, "stages", .stage, "retry"], .pipeline(.run),
            "Repeat a stage that failed.", body: retryShape.form,
            answers: [.json("It goes on.", Done.view)], handle: retry),
        Route(
            .post, executions + [.number, "stages", .stage, "skip"], .pipeline(.release),
            "Go on without a stage that was not entered yet.", body: reasonShape.form,
            answers: [.json("It goes on.", Done.view)], handle: skip),
        Route(
            .put, stages + ["transition"], .pipeline(.release),
            "Open or close the transition into a stage.", body: Transition.shape.form,
            answers: [.json("It is so now.", Done.view)], handle: turn),
        Route(
            .post, stages + ["rollback"], .pipeline(.release),
            "Put back into a stage what had succeeded there.", body: rollbackShape.form,
            answers: [.json("It has begun.", Done.view, status: 201)], handle: rollBack),
    ]

    private static func start(_ call: Call) throws(Problem) -> Deed {
        let wish = try call.body(Wish.shape)
        let pipeline = try call.pipeline()
        let key = try IdempotencyKey(of: call)
        let by = call.person()
        let shipping = call.house.shipping
        let begin = { @Sendable (revisions: [Revision]) -> Deed in
            let start = Start(
                pipeline.name, revisions: revisions, variables: wish.variables,
                request: key?.request)
            return .submit(Message(.start(start), by: by), then: Done.created)
        }
        guard !wish.revisions.isEmpty else { return begin([]) }
        return .wait {
            var revisions: [Revision] = []
            for (name, chosen) in wish.revisions.sorted(by: { $0.key < $1.key }) {
                let sources = pipeline.current?.definition.sources ?? []
                guard let source = sources.first(where: { $0.name == name }) else {
                    throw Problem(
                        422, "invalid", "pipeline '\(pipeline.name)' has no source '\(name)'",
                        hint: "its definition names those it has")
                }
                revisions.append(
                    try shipping.revision(chosen.commit, at: chosen.ref, of: source, in: pipeline))
            }
            return begin(revisions)
        }
    }

    private static func stop(_ call: Call) throws(Problem) -> Deed {
        let wish = try call.body(Stop.shape)
        let id = try call.executionID()
        return .submit(
            Message(.stop(id, wish.mode, reason: wish.reason), by: call.person()),
            then: Done.done(id))
    }

    private static func retry(_ call: Call) throws(Problem) -> Deed {
        let scope = try call.body(retryShape)
        let id = try call.executionID()
        let stage = try call.path(\.stage)
        return .submit(
            Message(.retry(id, stage, scope), by: call.person(at: stage)), then: Done.done(id))
    }

    private static func skip(_ call: Call) throws(Problem) -> Deed {
        let reason = try call.body(reasonShape)
        let id = try call.executionID()
        let stage = try call.path(\.stage)
        return .submit(
            Message(.skip(id, stage, reason: reason), by: call.person(at: stage)),
            then: Done.done(id))
    }

    private static func turn(_ call: Call) throws(Problem) -> Deed {
        let wish = try call.body(Transition.shape)
        let pipeline = try call.path(\.pipeline)
        let stage = try call.path(\.stage)
        let command: Command =
            wish.isOpen
            ? .open(pipeline, stage, reason: wish.reason)
            : .close(pipeline, stage, reason: wish.reason)
        return .submit(Message(command, by: call.person(at: stage)), then: Done.done(nil))
    }

    private static func rollBack(_ call: Call) throws(Problem) -> Deed {
        let number = try call.body(rollbackShape).number
        let pipeline = try call.path(\.pipeline)
        let stage = try call.path(\.stage)
        let target = number.map { ExecutionID(pipeline, $0) }
        return .submit(
            Message(.rollBack(pipeline, stage, to: target), by: call.person(at: stage)),
            then: Done.created)
    }
}

// What they send.
extension SteeringRoutes {
    private struct Wish {
        struct Chosen {
            let ref: String?
            let commit: String
        }

        let revisions: [SourceName: Chosen]
        let variables: [VariableName: String]

        private static let revisionShape = JSONShape([
            "type": "object",
            "properties": [
                "commit": JSONShape.text(atMost: 200, atLeast: 1).json,
                "ref": JSONShape.text(atMost: 400, atLeast: 1).json,
            ],
            "required": ["commit"], "additionalProperties": false,
        ])

        static let shape = BodyShape<Wish>(
            "Start", "What to start with.", isRequired: false
        ) { members in
            let revisions: [SourceName: Chosen]? = members.dictionary(
                "revisions", "The commit, or an image's digest, of each source; else the newest.",
                of: revisionShape, "'commit', a text, and perhaps 'ref'", atMost: 50, chosen)
            let variables: [VariableName: String]? = members.dictionary(
                "variables", "Values of the pipeline's variables.", of: .text(atMost: 10_000),
                "texts of at most 10000 letters", atMost: 200
            ) { value in
                guard case .string(let text) = value, text.unicodeScalars.count <= 10_000 else {
                    return nil
                }
                return text
            }
            guard let revisions, let variables else { return nil }
            return Wish(revisions: revisions, variables: variables)
        }

        private static func chosen(_ json: JSON) -> Chosen? {
            guard case .object(let given) = json else { return nil }
            var members = Members(given)
            let commit = members.text("commit", "", atMost: 200)
            let ref = members.text("ref", "", atMost: 400, orElse: "")
            members.refuseUnknown()
            guard let commit, let ref, !commit.isEmpty, members.mistakes.isEmpty else {
                return nil
            }
            return Chosen(ref: ref.isEmpty ? nil : ref, commit: commit)
        }
    }

    private struct Stop {
        let mode: StopMode
        let reason: String

        static let shape = BodyShape<Stop>("Stop", "How to stop.", isRequired: false) { members in
            let mode = members.word(
                "mode", "`wait` lets running actions end; `abandon` kills them.",
                orElse: StopMode.wait)
            let reason = members.text("reason", "Why.", orElse: "")
            guard let mode, let reason else { return nil }
            return Stop(mode: mode, reason: reason)
        }
    }

    private static let retryShape = BodyShape<RetryScope>(
        "Retry", "What to repeat.", isRequired: false
    ) { members in
        members.word(
            "scope", "Only what failed, or all actions of the stage.", orElse: RetryScope.failed)
    }

    private static let reasonShape = BodyShape<String>("Reasoned", "Why.") { members in
        members.text("reason", "Why, for those who will read it later.")
    }

    private struct Transition {
        let isOpen: Bool
        let reason: String

        static let shape = BodyShape<Transition>("Door", "How it should be.") { members in
            let isOpen = members.truth("open", "Whether executions are let in.")
            let reason = members.text(
                "reason", "Why; needed to close it.", orElse: "")
            guard let isOpen, let reason else { return nil }
            return Transition(isOpen: isOpen, reason: reason)
        }
    }

    private struct Target { let number: Int? }

    private static let rollbackShape = BodyShape<Target>(
        "Rollback", "What to put back.", isRequired: false
    ) { members in
        members.optionalWhole(
            "to", "The number of an execution; the last but one that succeeded if left out.",
            1...Int(Int32.max)
        ).map(Target.init)
    }
}

/// What came of a wish.
struct Done {
    let execution: ExecutionID?
    let sequence: Int

    static let view = View<Done>(
        "Done", "What was asked for has happened, and is on the record.",
        [
            .optionalText("execution", "The execution it is about.") {
                $0.execution.map { "\($0)" }
            },
            .optionalCount("number", "Its number.") { $0.execution?.number },
            .count("sequence", "How far the record goes by now; an event's id.") { $0.sequence },
        ])

    static func done(
        _ id: ExecutionID?
    ) -> @Sendable (Reply.Done) throws(Problem) -> Response {
        { done in .json(view, Done(execution: id, sequence: done.sequence)) }
    }

    static let created: @Sendable (Reply.Done) throws(Problem) -> Response = {
        done throws(Problem) in
        guard let id = done.execution else { throw .defect("nothing was started") }
        return .json(
            view, Done(execution: id, sequence: done.sequence), status: 201,
            ["Location": "/api/v1/pipelines/\(id.pipeline)/executions/\(id.number)"])
    }
}
