import Pipelines

/// What something waits for, in a sentence, and what would end the wait.
package struct Reason: Hashable, Sendable {
    package let subject: String
    package let waitsFor: String
    package let endsWhen: String

    package init(_ subject: String, waitsFor: String, endsWhen: String) {
        self.subject = subject
        self.waitsFor = waitsFor
        self.endsWhen = endsWhen
    }
}

extension EngineState {
    /// Why an execution is where it is; one reason for each thing of it that waits, none once it
    /// ended.
    package func why(_ id: ExecutionID) -> [Reason] {
        guard let execution = execution(id), !execution.isFinished,
            let definition = definition(of: execution), let passage = execution.passage,
            let pipeline = pipelines[id.pipeline]
        else { return [] }
        switch passage.phase {
        case .waiting: return [why(execution, waitsBefore: passage, definition, pipeline)]
        case .inside:
            let stage = definition.stages[passage.stageIndex]
            return zip(stage.actions, passage.actions).compactMap { action, state in
                why(action, state, stage, passage)
            }
        case .judging: return [whyGate(passage, definition, subject: "\(id)")]
        case .left: return []
        }
    }

    private func why(
        _ execution: Execution, waitsBefore passage: Passage, _ definition: Definition,
        _ pipeline: PipelineState
    ) -> Reason {
        let stage = passage.visit.stage
        let subject = "\(execution.id)"
        switch pipeline.obstacle(before: execution, under: definition) {
        case .closed(let closing):
            return Reason(
                subject,
                waitsFor:
                    "the way into stage '\(stage)' is closed by \(closing.by): \(closing.reason)",
                endsWhen: "somebody opens it")
        case .order(let earlier):
            return Reason(
                subject, waitsFor: "\(earlier) comes first at stage '\(stage)'",
                endsWhen: "\(earlier) has entered the stage or ended")
        case .held(let holder) where execution.isRollback || gatesAreOpen(passage, definition):
            return Reason(
                subject, waitsFor: "\(holder) is in stage '\(stage)'",
                endsWhen: "\(holder) leaves the stage")
        case .held, nil:
            return whyGate(passage, definition, subject: subject)
        }
    }

    private func gatesAreOpen(_ passage: Passage, _ definition: Definition) -> Bool {
        passage.gates.index >= definition.stages[passage.stageIndex].before.count
            && passage.gates.closedWindow == nil
    }

    private func whyGate(
        _ passage: Passage, _ definition: Definition, subject: String
    ) -> Reason {
        let doing = passage.side == .before ? "entering" : "leaving"
        let place = "before \(doing) stage '\(passage.visit.stage)'"
        switch passage.gates.current {
        case .asking(let asking):
            return why(asking, definition, subject: subject, place: place)
        case .waiting:
            return Reason(
                subject, waitsFor: "it waits for a set time \(place)", endsWhen: "the time is over")
        case .checking(let check, _):
            let job = Job.check(passage.side, passage.gates.index)
            let attempt = AttemptID(passage.visit, job, check.attempts)
            return why(attempt, check.status)
                ?? Reason(subject, waitsFor: "a check is made \(place)", endsWhen: "it ends")
        case .ahead, .watching:
            return Reason(
                subject, waitsFor: "its window is closed \(place)", endsWhen: "the window opens")
        }
    }

    private func why(
        _ asking: Asking, _ definition: Definition, subject: String, place: String
    ) -> Reason {
        let rule = definition.rule(of: asking.id) ?? ApprovalRule()
        let missing = max(rule.needed - asking.votes.count, 1)
        let whom = rule.by.isEmpty ? "somebody who may approve" : rule.by.joined(separator: " or ")
        let many = missing == 1 ? "an approval" : "\(missing) approvals"
        return Reason(
            subject, waitsFor: "it needs \(many) by \(whom) \(place)",
            endsWhen: "they approve or reject, or the time for it is over")
    }

    private func why(
        _ action: Action, _ state: ActionState, _ stage: Stage, _ passage: Passage
    ) -> Reason? {
        let attempt = AttemptID(passage.visit, .action(action.name), state.attempts)
        switch state.status {
        case .waiting:
            let open = action.after.filter { name in
                stage.actions.firstIndex { $0.name == name }
                    .map { passage.actions[$0].status != .succeeded } ?? true
            }
            let names = open.map { "'\($0)'" }.joined(separator: " and ")
            return Reason(
                "action '\(action.name)'", waitsFor: "it comes after \(names)",
                endsWhen: "\(names) succeeded")
        case .asking(let asking):
            guard let definition = execution(passage.visit.execution).flatMap(definition(of:))
            else { return nil }
            return why(
                asking, definition, subject: "action '\(action.name)'",
                place: "in stage '\(stage.name)'")
        case .succeeded, .failed, .stopped: return nil
        case .queued, .admitted, .running, .backingOff: return why(attempt, state.status)
        }
    }

    private func why(_ attempt: AttemptID, _ status: ActionStatus) -> Reason? {
        let subject = "\(attempt)"
        switch status {
        case .queued: return whyQueued(attempt)
        case .admitted:
            return Reason(
                subject, waitsFor: "its runner is starting it", endsWhen: "the runner has begun")
        case .running: return Reason(subject, waitsFor: "it is running", endsWhen: "it ends")
        case .backingOff:
            return Reason(
                subject, waitsFor: "it failed and is tried again after a pause",
                endsWhen: "the pause is over")
        default: return nil
        }
    }

    private func whyQueued(_ attempt: AttemptID) -> Reason? {
        guard let place = runners.queue.firstIndex(where: { $0.attempt == attempt }) else {
            return nil
        }
        let ticket = runners.queue[place]
        let subject = "\(attempt)"
        if let earlier = runners.predecessor(of: attempt) {
            return Reason(
                subject, waitsFor: "\(earlier) is not known to have ended",
                endsWhen: "its runner confirms the end")
        }
        if let environment = ticket.environment, let holder = runners.holder(of: environment) {
            return Reason(
                subject, waitsFor: "\(holder) changes environment '\(environment)'",
                endsWhen: "that attempt ends")
        }
        let ahead = runners.queue[..<place].count { $0.runner == ticket.runner }
        let places = runners.places(of: ticket.runner)
        return Reason(
            subject,
            waitsFor:
                "runner '\(ticket.runner)' has all \(places) places taken; \(ahead) wait ahead",
            endsWhen: "a place is free")
    }
}
