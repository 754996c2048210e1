import Pipelines

/// What the gates and actions of one execution wait for, where it is now.
struct WaitingJobs {
    let state: EngineState
    let execution: Execution
    let definition: Definition
    let passage: Passage
    /// Why nothing new is begun in this house.
    let trouble: String?

    private var stage: Stage { definition.stages[passage.stageIndex] }
    private var subject: String { "\(execution.id)" }

    // MARK: - At a gate

    var atGate: Reason {
        let doing = passage.side == .before ? "entering" : "leaving"
        let place = "before \(doing) stage '\(passage.visit.stage)'"
        switch passage.gates.current {
        case .asking(let asking): return why(asking, subject, place)
        case .waiting(let end):
            let time = gate(at: passage.gates.index).map { " (\($0.kind.summary))" } ?? ""
            return Reason(
                subject, waitsFor: "it waits for a set time\(time) \(place)",
                endsWhen: "the time is over"
            ).dated(since: passage.since, until: end)
        case .checking(let check, let deadline):
            let job = Job.check(passage.side, passage.gates.index)
            let attempt = AttemptID(passage.visit, job, check.attempts)
            return why(attempt, check, subject: "the check \(place)", deadline: deadline)
                ?? Reason(subject, waitsFor: "a check is made \(place)", endsWhen: "it ends")
                .dated(since: passage.since, until: deadline)
        case .ahead, .watching:
            let index = passage.gates.closedWindow ?? passage.gates.index
            let times = gate(at: index).map { ", which is \($0.kind.summary)," } ?? ""
            return Reason(
                subject, waitsFor: "its window\(times) is closed \(place)",
                endsWhen: "the window opens"
            ).dated(since: passage.since)
        }
    }

    private func gate(at index: Int) -> Gate? {
        let gates = passage.side == .before ? stage.before : stage.onSuccess
        return gates.indices.contains(index) ? gates[index] : nil
    }

    private func why(_ asking: Asking, _ subject: String, _ place: String) -> Reason {
        let rule = definition.rule(of: asking.id) ?? ApprovalRule()
        let missing = max(rule.needed - asking.votes.count, 1)
        let many =
            switch (missing, asking.votes.isEmpty) {
            case (1, true): "an approval"
            case (1, false): "one more approval"
            case (_, true): "\(missing) approvals"
            case (_, false): "\(missing) more approvals"
            }
        var whom = rule.by.isEmpty ? "somebody who may approve" : rule.by.joined(separator: " or ")
        if rule.fourEyes { whom += ", not by who wrote or started it," }
        let votes = asking.votes.map(\.person.name).joined(separator: " and ")
        let said = votes.isEmpty ? "" : "; \(votes) approved"
        return Reason(
            subject, waitsFor: "it needs \(many) by \(whom) \(place)\(said)",
            endsWhen: "they approve or reject, or the time for it is over"
        ).dated(
            since: asking.deadline + (.zero - rule.within), until: asking.deadline)
    }

    // MARK: - In the stage

    var inside: [Reason] {
        zip(stage.actions, passage.actions).compactMap { action, state in why(action, state) }
    }

    private func why(_ action: Action, _ state: ActionState) -> Reason? {
        let subject = "action '\(action.name)'"
        switch state.status {
        case .waiting: return whyNotBegun(action, subject)
        case .asking(let asking): return why(asking, subject, "in stage '\(stage.name)'")
        case .succeeded, .failed, .stopped: return nil
        case .queued, .admitted, .running, .backingOff:
            let attempt = AttemptID(passage.visit, .action(action.name), state.attempts)
            return why(attempt, state, subject: subject, deadline: nil)
        }
    }

    /// It comes after others; where one of these has failed, or all is being stopped, it will not
    /// be begun.
    private func whyNotBegun(_ action: Action, _ subject: String) -> Reason {
        if let stopping = execution.stopping {
            let reason = stopping.reason.isEmpty ? "" : ": \(stopping.reason)"
            return Reason(
                subject,
                waitsFor: "it is not begun any more, since \(execution.id) was stopped\(reason)",
                endsWhen: "what runs has ended"
            ).dated(since: passage.since)
        }
        let open = action.after.filter { status(of: $0) != .succeeded }
        let lost = open.filter { status(of: $0).map { !$0.isOpen && $0 != .waiting } ?? false }
        guard lost.isEmpty else {
            return Reason(
                subject, waitsFor: "it is not begun any more, since \(names(lost)) did not succeed",
                endsWhen: "the others of stage '\(stage.name)' have ended"
            ).dated(since: passage.since)
        }
        return Reason(
            subject, waitsFor: "it comes after \(names(open))", endsWhen: "\(names(open)) succeeded"
        ).dated(since: passage.since)
    }

    private func status(of name: ActionName) -> ActionStatus? {
        stage.actions.firstIndex { $0.name == name }.map { passage.actions[$0].status }
    }

    private func names(_ actions: [ActionName]) -> String {
        actions.map { "'\($0)'" }.joined(separator: " and ")
    }

    // MARK: - On a runner

    private func why(
        _ attempt: AttemptID, _ job: ActionState, subject: String, deadline: Steady?
    ) -> Reason? {
        let subject = attempt.number > 1 ? "\(subject), attempt \(attempt.number)" : subject
        if job.status.isUnderWay, let reason = deployment(by: attempt, subject) { return reason }
        switch job.status {
        case .queued: return whyQueued(attempt, subject)?.dated(since: job.since, until: deadline)
        case .admitted:
            let reason =
                trouble.map {
                    Reason(
                        subject, waitsFor: "nothing new is begun here: \($0)",
                        endsWhen: "that is mended")
                }
                ?? Reason(
                    subject, waitsFor: "its runner is starting it",
                    endsWhen: "the runner has begun")
            return reason.dated(since: job.since, until: deadline)
        case .running:
            let stopping = execution.stopping == nil ? "" : ", and \(execution.id) stops then"
            return Reason(subject, waitsFor: "it is running\(stopping)", endsWhen: "it ends")
                .dated(since: job.since, until: deadline)
        case .backingOff(let end):
            return Reason(
                subject, waitsFor: "it failed and is tried again after a pause",
                endsWhen: "the pause is over"
            ).dated(since: job.since, until: end)
        default: return nil
        }
    }

    /// Nothing where it is no deployment, or one that its environment has not heard of.
    private func deployment(by attempt: AttemptID, _ subject: String) -> Reason? {
        guard let deploy = definition.action(of: attempt)?.work as? Deploy,
            let environment = state.environments[deploy.environment],
            let deployment = environment.deployment(by: attempt)
        else { return nil }
        if let asking = environment.asking, asking.id == .attempt(attempt) {
            let place = "before \(deployment.release) gets requests in '\(deploy.environment)'"
            return why(asking, subject, place)
        }
        if let hook = environment.hook, hook == environment.wantedHook,
            let reason = whyQueued(hook.attempt, "hook '\(hook.hook.rawValue)'")
        {
            return reason
        }
        return WaitingDeployment(
            subject: subject, name: deploy.environment, environment: environment,
            deployment: deployment
        ).reason
    }

    private func whyQueued(_ attempt: AttemptID, _ subject: String) -> Reason? {
        let runners = state.runners
        guard let place = runners.queue.firstIndex(where: { $0.attempt == attempt }) else {
            return nil
        }
        let ticket = runners.queue[place]
        if let earlier = runners.predecessor(of: attempt) {
            return Reason(
                subject, waitsFor: "\(earlier) is not known to have ended",
                endsWhen: "its runner confirms the end")
        }
        if let environment = ticket.environment, let holder = runners.holder(of: environment) {
            return Reason(
                subject,
                waitsFor: "\(holder.visit.execution) changes environment '\(environment)' in stage "
                    + "'\(holder.visit.stage)'",
                endsWhen: "that has ended")
        }
        let runner = ticket.runner
        let places = runners.places(of: runner)
        guard places > 0 else {
            return Reason(
                subject, waitsFor: "runner '\(runner)' has no places",
                endsWhen: "an administrator gives it some "
                    + "(slipway runners set \(runner) --places N)")
        }
        let ahead = runners.queue[..<place].count { $0.runner == runner }
        let line = ahead == 0 ? "it is next" : ahead == 1 ? "1 waits ahead" : "\(ahead) wait ahead"
        let taken =
            places == 1
            ? "runner '\(runner)' has its only place taken"
            : "runner '\(runner)' has all \(places) places taken"
        return Reason(subject, waitsFor: "\(taken); \(line)", endsWhen: "a place is free")
    }
}
