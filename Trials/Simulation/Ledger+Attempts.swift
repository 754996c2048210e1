package import Engine
import Pipelines

extension Ledger {
    mutating func enterAttempt(_ record: Record) throws(Violation) {
        switch record.event {
        case .attemptQueued(let attempt, let cause): try queue(attempt, cause)
        case .attemptAdmitted(let attempt): try admit(attempt)
        case .attemptStarted(let attempt):
            guard attempts[attempt] == .admitted else {
                throw Violation(.notTwice, "'\(attempt)' started without being admitted, or again")
            }
            attempts[attempt] = .started
        case .attemptFinished(let attempt, let result): try finish(attempt, result)
        default: break
        }
    }

    private mutating func queue(_ attempt: AttemptID, _ cause: AttemptCause) throws(Violation) {
        try requireLive(attempt.visit.execution)
        let stage = try stage(attempt.visit)
        try count(attempt)
        if case .action(let name) = attempt.job {
            let entry = try entry(attempt.visit.execution)
            guard entry.isInside, entry.visit == attempt.visit else {
                throw Violation(.gatesFirst, "'\(attempt)' was queued outside its stage")
            }
            guard !entry.done.contains(name) else {
                throw Violation(.retryScope, "'\(attempt)' repeats what had succeeded")
            }
            let before = stage.actions.first { $0.name == name }?.after ?? []
            guard before.allSatisfy(entry.done.contains) else {
                throw Violation(.afterFirst, "'\(attempt)' did not wait for \(before)")
            }
            if attempt.number > 1, cause == .first {
                throw Violation(.notTwice, "'\(attempt)' does not say why it repeats")
            }
        }
        attempts[attempt] = .queued
        queue.append(attempt)
    }

    /// Numbers count the attempts at a job, so a number given twice is an attempt made twice.
    private mutating func count(_ attempt: AttemptID) throws(Violation) {
        var visit = 0
        if case .check = attempt.job { visit = attempt.visit.number }
        let place = Place(stage: attempt.visit.stage, job: attempt.job, visit: visit)
        try change(attempt.visit.execution) { entry throws(Violation) in
            guard attempt.number == entry.lastNumbers[place, default: 0] + 1 else {
                throw Violation(.notTwice, "'\(attempt)' is out of count")
            }
            entry.lastNumbers[place] = attempt.number
        }
    }

    private mutating func admit(_ attempt: AttemptID) throws(Violation) {
        try requireLive(attempt.visit.execution)
        guard attempts[attempt] == .queued, let place = queue.firstIndex(of: attempt),
            let (runner, environment) = try needs(attempt)
        else { throw Violation(.notTwice, "'\(attempt)' was admitted but did not wait") }
        let twin = underWay.first {
            $0.visit.execution == attempt.visit.execution && $0.visit.stage == attempt.visit.stage
                && $0.job == attempt.job
        }
        if let twin { throw Violation(.notAtOnce, "'\(attempt)' runs beside '\(twin)'") }
        var used = 0
        for other in underWay {
            guard let (theirs, changed) = try needs(other) else { continue }
            used += theirs == runner ? 1 : 0
            if let environment, changed == environment {
                throw Violation(.environmentAlone, "'\(attempt)' and '\(other)'")
            }
        }
        guard used < places[runner] ?? RunnerStates.standardPlaces else {
            throw Violation(.placesKept, "'\(attempt)' is one too many on '\(runner)'")
        }
        try requireTurn(of: attempt, at: place, on: runner)
        queue.remove(at: place)
        underWay.insert(attempt)
        attempts[attempt] = .admitted
    }

    /// Between actions of one pipeline and definition, who came first goes first.
    private func requireTurn(
        of attempt: AttemptID, at place: Int, on runner: RunnerName
    ) throws(Violation) {
        let version = try entry(attempt.visit.execution).version
        for earlier in queue[..<place]
        where earlier.visit.execution.pipeline == attempt.visit.execution.pipeline {
            guard let (theirs, environment) = try needs(earlier), theirs == runner,
                environment == nil, try entry(earlier.visit.execution).version == version,
                !underWay.contains(where: {
                    $0.visit.execution == earlier.visit.execution
                        && $0.visit.stage == earlier.visit.stage && $0.job == earlier.job
                })
            else { continue }
            throw Violation(.queueOrder, "'\(attempt)' went before '\(earlier)'")
        }
    }

    func needs(_ attempt: AttemptID) throws(Violation) -> (RunnerName, EnvironmentName?)? {
        let definition = try definition(attempt.visit.execution)
        guard
            case .runner(let runner, let environment)? = definition.action(of: attempt)?.work.needs
        else { return nil }
        return (runner, environment)
    }

    private mutating func finish(
        _ attempt: AttemptID, _ result: AttemptResult
    ) throws(Violation) {
        let isApproval = approvals[.attempt(attempt)] != nil
        guard isApproval || attempts[attempt] == .admitted || attempts[attempt] == .started else {
            throw Violation(.notTwice, "'\(attempt)' ended without having begun, or twice")
        }
        attempts[attempt] = .finished
        underWay.remove(attempt)
        if isApproval { try consume(.attempt(attempt), granted: result.end == .succeeded) }
        let entry = try entry(attempt.visit.execution)
        // What was abandoned or belongs to an earlier visit no longer speaks for its action.
        guard result.end == .succeeded, entry.visit == attempt.visit, entry.isInside,
            entry.stopping != .abandon, case .action(let name) = attempt.job
        else { return }
        try change(attempt.visit.execution) { entry in entry.done.insert(name) }
    }

    /// What the record says is under way.
    package var attemptsUnderWay: Set<AttemptID> { underWay }

    package func wasAdmitted(_ attempt: AttemptID) -> Bool {
        switch attempts[attempt] {
        case .admitted, .started, .finished: true
        case .queued, nil: false
        }
    }
}
