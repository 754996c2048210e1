import Pipelines

/// What something waits for, in a sentence, and what would end the wait.
package struct Reason: Hashable, Sendable {
    package let subject: String
    package let waitsFor: String
    package let endsWhen: String
    /// Since when it waits, as far as that is known.
    package private(set) var since: Steady?
    /// When the wait ends by itself.
    package private(set) var deadline: Steady?

    package init(_ subject: String, waitsFor: String, endsWhen: String) {
        self.subject = subject
        self.waitsFor = waitsFor
        self.endsWhen = endsWhen
    }

    func dated(since: Steady?, until deadline: Steady? = nil) -> Reason {
        var dated = self
        dated.since = since
        dated.deadline = deadline
        return dated
    }
}

extension EngineState {
    /// Why an execution is where it is; one reason for each thing of it that waits, none once it
    /// ended. `trouble` is why nothing new is begun in this house, if that is so.
    package func why(_ id: ExecutionID, trouble: String? = nil) -> [Reason] {
        guard let execution = execution(id), !execution.isFinished,
            let definition = definition(of: execution), let passage = execution.passage,
            let pipeline = pipelines[id.pipeline]
        else { return [] }
        let jobs = WaitingJobs(
            state: self, execution: execution, definition: definition, passage: passage,
            trouble: trouble)
        switch passage.phase {
        case .waiting:
            return [outside(pipeline, execution, definition, passage) ?? jobs.atGate]
        case .inside: return jobs.inside
        case .judging: return [jobs.atGate]
        case .left: return []
        }
    }

    /// What keeps it out of the stage besides the stage's gates.
    private func outside(
        _ pipeline: PipelineState, _ execution: Execution, _ definition: Definition,
        _ passage: Passage
    ) -> Reason? {
        let stage = passage.visit.stage
        let subject = "\(execution.id)"
        switch pipeline.obstacle(before: execution, under: definition) {
        case .closed(let closing):
            let reason = closing.reason.isEmpty ? "" : ": \(closing.reason)"
            return Reason(
                subject,
                waitsFor: "the way into stage '\(stage)' is closed by \(closing.by)\(reason)",
                endsWhen: "somebody opens it"
            ).dated(since: [closing.at, passage.since].compactMap(\.self).max())
        case .order(let earlier):
            let isRollback = self.execution(earlier)?.isRollback == true
            return Reason(
                subject,
                waitsFor: isRollback
                    ? "\(earlier) puts an earlier version back in stage '\(stage)' first"
                    : "\(earlier) comes first at stage '\(stage)'",
                endsWhen: "\(earlier) has entered the stage or ended"
            ).dated(since: passage.since)
        case .held(let holder) where execution.isRollback || gatesAreOpen(passage, definition):
            return Reason(
                subject, waitsFor: "\(holder) is in stage '\(stage)'",
                endsWhen: "\(holder) leaves the stage"
            ).dated(since: passage.since)
        case .held, nil: return nil
        }
    }

    private func gatesAreOpen(_ passage: Passage, _ definition: Definition) -> Bool {
        passage.gates.index >= definition.stages[passage.stageIndex].before.count
            && passage.gates.closedWindow == nil
    }
}
