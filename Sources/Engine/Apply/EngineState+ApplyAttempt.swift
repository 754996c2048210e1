import Deployment
package import Pipelines

extension EngineState {
    mutating func takeAttempt(_ record: Record) throws(Misfit) {
        switch record.event {
        case .attemptQueued(let attempt, _) where attempt.job.isHook: try queue(hook: attempt)
        case .attemptQueued(let attempt, let cause): try queue(attempt, cause)
        case .attemptAdmitted(let attempt): try admit(attempt)
        case .attemptStarted(let attempt): try start(attempt)
        case .attemptFinished(let attempt, let result): try finish(attempt, result)
        case .retryScheduled(let attempt, let time):
            try change(attempt) { action throws(Misfit) in
                guard case .failed(let cause, _) = action.status else {
                    throw Misfit("'\(attempt)' has not failed")
                }
                action.status = .backingOff(until: time)
                action.retries += 1
                action.cause = .retry(after: cause)
            }
        default: throw Misfit("it is no event of an attempt")
        }
    }

    /// Changes the state of the action or check that an attempt is at.
    mutating func change(
        _ attempt: AttemptID, _ body: (inout ActionState) throws(Misfit) -> Void
    ) throws(Misfit) {
        switch attempt.job {
        case .action(let name):
            guard let execution = execution(attempt.visit.execution),
                let index = definition(of: execution)?.index(of: name, in: attempt.visit.stage)
            else { throw Misfit("its definition has no action '\(name)'") }
            try change(attempt.visit) { passage throws(Misfit) in
                try body(&passage.actions[index])
            }
        case .check(let side, let index):
            try change(attempt.visit) { passage throws(Misfit) in
                guard side == passage.side, index == passage.gates.index,
                    case .checking(var check, let deadline) = passage.gates.current
                else { throw Misfit("'\(attempt)' is not the check that is looked at") }
                try body(&check)
                passage.gates.current = .checking(check, deadline: deadline)
            }
        // What there is to know of it, its environment knows.
        case .hook: break
        }
    }

    private mutating func queue(hook attempt: AttemptID) throws(Misfit) {
        guard let (name, environment) = environment(at: attempt),
            let (_, work) = environment.work(of: attempt), environment.hook == nil
        else { throw Misfit("no deployment is at '\(attempt)'") }
        environments[name]?.hook = environment.wantedHook
        // Before any build: while it waits, half a version is there.
        runners.enqueue(attempt, runner: work.runner, environment: nil, priority: .urgent)
    }

    private mutating func queue(_ attempt: AttemptID, _ cause: AttemptCause) throws(Misfit) {
        guard let execution = execution(attempt.visit.execution),
            let definition = definition(of: execution),
            let action = definition.action(of: attempt),
            case .runner(let runner, let environment) = action.work.needs
        else { throw Misfit("'\(attempt)' needs no runner") }
        try change(attempt) { state throws(Misfit) in
            guard attempt.number == state.attempts + 1 else {
                throw Misfit("the next attempt is number \(state.attempts + 1)")
            }
            state.status = .queued
            state.attempts = attempt.number
            state.cause = cause
        }
        runners.enqueue(
            attempt, runner: runner, environment: environment, priority: definition.priority)
    }

    private mutating func admit(_ attempt: AttemptID) throws(Misfit) {
        guard let index = runners.queue.firstIndex(where: { $0.attempt == attempt }) else {
            throw Misfit("'\(attempt)' is not in the queue")
        }
        runners.admit(at: index)
        try change(attempt) { state in state.status = .admitted }
    }

    private mutating func start(_ attempt: AttemptID) throws(Misfit) {
        guard let index = runners.underWay.firstIndex(where: { $0.attempt == attempt }) else {
            throw Misfit("'\(attempt)' was not admitted")
        }
        runners.underWay[index].hasStarted = true
        if !runners.underWay[index].isDying {
            try change(attempt) { state in state.status = .running }
        }
    }

    private mutating func finish(_ attempt: AttemptID, _ result: AttemptResult) throws(Misfit) {
        for name in environments.keys where environments[name]?.hook?.attempt == attempt {
            environments[name]?.hook = nil
        }
        if let index = runners.underWay.firstIndex(where: { $0.attempt == attempt }) {
            // What is dying was given up before: its end frees its place and says nothing else.
            if runners.underWay.remove(at: index).isDying { return }
        }
        try change(attempt) { state in
            switch result.end {
            case .succeeded: state.status = .succeeded
            case .failed(let cause, let reason): state.status = .failed(cause, reason)
            case .stopped: state.status = .stopped
            }
        }
        guard result.end == .succeeded, case .action(let name) = attempt.job else { return }
        try bringHome(result, from: name, of: attempt.visit)
    }

    private mutating func bringHome(
        _ result: AttemptResult, from name: ActionName, of visit: Visit
    ) throws(Misfit) {
        let namespace = execution(visit.execution).flatMap { execution in
            definition(of: execution)?.action(name, in: visit.stage)?.namespace
        }
        try change(visit.execution) { execution in
            for artifact in result.artifacts {
                execution.artifacts.removeAll { $0.name == artifact.name }
                execution.artifacts.append(artifact)
            }
            if let namespace, !result.variables.isEmpty {
                execution.outputs[namespace] = result.variables
            }
        }
    }
}

extension Definition {
    package func stage(_ name: StageName) -> Stage? { stages.first { $0.name == name } }

    package func action(_ name: ActionName, in stage: StageName) -> Action? {
        self.stage(stage)?.actions.first { $0.name == name }
    }

    package func index(of name: ActionName, in stage: StageName) -> Int? {
        self.stage(stage)?.actions.firstIndex { $0.name == name }
    }

    /// The action that an attempt runs: one of the stage's, or the one that a gate checks with.
    package func action(of attempt: AttemptID) -> Action? {
        switch attempt.job {
        case .action(let name): return action(name, in: attempt.visit.stage)
        case .check(let side, let index):
            guard
                case .check(let action, _)? = gate(GateID(attempt.visit, side, index))?.kind.opening
            else { return nil }
            return action
        case .hook: return nil
        }
    }
}
