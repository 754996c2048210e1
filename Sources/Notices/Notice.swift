package import Engine
package import JSON
package import Pipelines
import Zones

/// Something that somebody is to be told.
package struct Notice: Hashable, Sendable {
    package let occasion: Occasion
    /// The number of the record that it tells of.
    package let sequence: Int
    /// The same whenever it is sent again, so that whoever gets it twice can know.
    package let id: String
    package let execution: ExecutionID
    package let at: Moment
    package let body: JSON
}

/// Makes notices of records, in their order.
package struct NoticeMaker: Hashable, Sendable {
    package let rule: NoticeRule
    /// Pipelines whose last execution failed.
    package private(set) var failing: Set<PipelineName>
    /// Where people reach the server, for links.
    private let address: String?

    package init(_ rule: NoticeRule, failing: Set<PipelineName>, address: String? = nil) {
        self.rule = rule
        self.failing = failing
        self.address = address
    }

    /// The same for a rule that is new: what is known of the past is what the state still holds.
    package init(_ rule: NoticeRule, startingAt state: EngineState, address: String? = nil) {
        let failing = state.pipelines.values.filter { pipeline in
            let ends = pipeline.executions.compactMap { $0.end?.outcome }
            return ends.last { $0 == .failed || $0 == .succeeded } == .failed
        }
        self.init(rule, failing: Set(failing.map(\.name)), address: address)
    }

    /// What is to be told of a record. `state` is that after it, or a later one, which knows less
    /// of what has ended.
    package mutating func take(_ record: Record, in state: EngineState) -> Notice? {
        switch record.event {
        case .executionFinished(let id, let outcome, let reason):
            guard let occasion = occasion(of: id.pipeline, outcome) else { return nil }
            let details: [JSON.Member] = [
                .init("outcome", .string(outcome.rawValue)), .init("reason", .string(reason)),
            ]
            return notice(occasion, record, id, details, state)
        case .approvalAsked(let approval, let subject, _):
            guard rule.occasions.contains(.approval) else { return nil }
            let visit = approval.visit
            let asked = state.execution(visit.execution).flatMap { state.definition(of: $0) }?
                .rule(of: approval)
            var details: [JSON.Member] = [
                .init("stage", .string("\(visit.stage)")),
                .init("approval", .string("\(approval)")), .init("subject", .string(subject)),
            ]
            if let asked { details.append(.init("by", .array(asked.by.map { .string($0) }))) }
            return notice(.approval, record, visit.execution, details, state)
        case .pipelineRemoved(let name):
            failing.remove(name)
            return nil
        default: return nil
        }
    }

    private mutating func occasion(of pipeline: PipelineName, _ outcome: Outcome) -> Occasion? {
        switch outcome {
        case .failed:
            failing.insert(pipeline)
            return rule.occasions.contains(.failed) ? .failed : nil
        case .succeeded:
            let hadFailed = failing.remove(pipeline) != nil
            if hadFailed, rule.occasions.contains(.recovered) { return .recovered }
            return rule.occasions.contains(.succeeded) ? .succeeded : nil
        case .stopped, .superseded, .cancelled: return nil
        }
    }

    private func notice(
        _ occasion: Occasion, _ record: Record, _ id: ExecutionID, _ details: [JSON.Member],
        _ state: EngineState
    ) -> Notice? {
        guard rule.pipelines.admit(id.pipeline.description) else { return nil }
        var members: [JSON.Member] = [
            .init("event", .string(occasion.rawValue)),
            .init("at", .string(Timestamp.text(milliseconds: record.at.wall))),
            .init("pipeline", .string("\(id.pipeline)")), .init("number", .int(id.number)),
        ]
        members += details.map { .init($0.key, $0.value.bounded) }
        if let execution = state.execution(id) { members += execution.told }
        if let address {
            let path = "/api/v1/pipelines/\(id.pipeline)/executions/\(id.number)"
            members.append(.init("url", .string(address + path)))
        }
        return Notice(
            occasion: occasion, sequence: record.sequence,
            id: "\(rule.name)-\(record.sequence)", execution: id, at: record.at,
            body: .object(members))
    }
}

extension Execution {
    /// As many revisions as anybody reads.
    private static var mostRevisions: Int { 10 }
    private static var mostAuthors: Int { 5 }

    fileprivate var told: [JSON.Member] {
        let revisions = revisions.prefix(Self.mostRevisions).map { revision in
            let authors = revision.authors.prefix(Self.mostAuthors)
            let members: [JSON.Member] = [
                .init("source", .string("\(revision.source)")),
                .init("ref", .string(revision.ref)),
                revision.image.map { .init("image", .string("\($0)")) }
                    ?? .init("commit", .string(revision.id)),
                .init("message", .string(revision.message.firstLine)),
                .init("authors", .array(authors.map { .string($0) })),
            ]
            return JSON.object(members.map { JSON.Member($0.key, $0.value.bounded) })
        }
        return [
            .init("started-by", JSON.string(startedBy.name).bounded),
            .init("revisions", .array(Array(revisions))),
        ]
    }
}

extension String {
    fileprivate var firstLine: String { String(prefix { !$0.isNewline }) }
}

extension JSON {
    /// Texts of strangers are cut, so that a body always fits where it has to.
    private static var longest: Int { 300 }

    fileprivate var bounded: JSON {
        switch self {
        case .string(let text) where text.unicodeScalars.count > Self.longest:
            .string(String(text.unicodeScalars.prefix(Self.longest)) + "…")
        case .array(let elements): .array(elements.map(\.bounded))
        default: self
        }
    }
}
