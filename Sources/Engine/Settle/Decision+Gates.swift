import Pipelines

// One gate after the other, before a stage and on the way out of it.
extension Decision {
    mutating func advanceGate(
        _ execution: Execution, _ passage: Passage, _ gate: Gate
    ) throws(Refusal) {
        let id = GateID(passage.visit, passage.side, passage.gates.index)
        switch passage.gates.current {
        case .ahead: try reach(id, gate, execution)
        case .asking(let asking): try advanceAsking(asking, execution)
        case .waiting(let end):
            if end <= now.steady { try emit(.gateOpened(gate: id, reason: "the wait is over")) }
        case .watching:
            if passage.gates.windows[id.index] == true {
                try emit(.gateOpened(gate: id, reason: "its window is open"))
            }
        case .checking(let check, let deadline):
            try advanceCheck(id, check, deadline, execution)
        }
    }

    private mutating func reach(
        _ id: GateID, _ gate: Gate, _ execution: Execution
    ) throws(Refusal) {
        switch gate.kind.opening {
        case .approval(let rule): try ask(.gate(id), under: rule, execution)
        case .wait(let duration):
            try emit(.gateReached(gate: id, deadline: now.steady + duration))
        case .window: try emit(.gateReached(gate: id, deadline: nil))
        case .check(_, let within):
            try emit(.gateReached(gate: id, deadline: within.map { now.steady + $0 }))
        case .comparison(let comparison):
            let value = comparison.value.filled { name, namespace in
                state.value(of: name, in: namespace, for: execution) ?? ""
            }
            if comparison.holds(for: value) {
                try emit(.gateOpened(gate: id, reason: comparison.sentence(for: value)))
            } else {
                try refuse(id, .mismatch(comparison.sentence(for: value)))
            }
        }
    }

    mutating func ask(
        _ approval: ApprovalID, under rule: ApprovalRule, _ execution: Execution
    ) throws(Refusal) {
        guard let definition = state.definition(of: execution) else { return }
        try emit(
            .approvalAsked(
                approval: approval,
                subject: execution.subject(at: approval.visit, under: definition),
                deadline: now.steady + rule.within))
    }

    /// Time is over, or what was asked about is no longer what it was.
    mutating func advanceAsking(_ asking: Asking, _ execution: Execution) throws(Refusal) {
        guard let definition = state.definition(of: execution) else { return }
        if asking.deadline <= now.steady { return try refuse(asking.id, .timedOut) }
        let subject = execution.subject(at: asking.id.visit, under: definition)
        if subject != asking.subject {
            try emit(.approvalVoided(approval: asking.id, subject: subject))
        }
    }

    private mutating func advanceCheck(
        _ id: GateID, _ check: ActionState, _ deadline: Steady?, _ execution: Execution
    ) throws(Refusal) {
        let isLate = deadline.map { $0 <= now.steady } ?? false
        switch check.status {
        case .succeeded: try emit(.gateOpened(gate: id, reason: "its check succeeded"))
        case .failed(_, let reason): try refuse(id, .checkFailed(reason))
        case .stopped: try refuse(id, .checkFailed("it was stopped"))
        case .backingOff where isLate, .waiting where isLate:
            try refuse(id, .checkFailed("it did not succeed in time"))
        case .waiting: try queue(.check(id.side, id.index), check, id.visit)
        case .backingOff(let time) where time <= now.steady:
            try queue(.check(id.side, id.index), check, id.visit)
        case .queued, .admitted, .running, .asking, .backingOff: break
        }
    }

    /// What the definition says follows when a gate does not open.
    mutating func refuse(_ id: GateID, _ failure: GateFailure) throws(Refusal) {
        guard let execution = state.execution(id.visit.execution),
            let definition = state.definition(of: execution), let gate = definition.gate(id)
        else { return }
        try emit(.gateRefused(gate: id, failure: failure))
        if id.side == .before, gate.otherwise == .skip {
            return try emit(.stageSkipped(visit: id.visit, reason: failure.sentence))
        }
        if id.side == .after { try emit(.stageLeft(visit: id.visit, succeeded: false)) }
        try end(execution.id, .failed, "stage '\(id.visit.stage)': \(failure.sentence)")
        if gate.otherwise == .rollBack { try rollBack(after: execution, at: id.visit.stage) }
    }
}

extension Comparison {
    func holds(for value: String) -> Bool {
        switch relation {
        case .equals: value == other
        case .differs: value != other
        case .contains: value.contains(other)
        case .matches: (try? Glob(parsing: other))?.matches(value) ?? false
        }
    }

    func sentence(for value: String) -> String {
        let verb =
            switch relation {
            case .equals: "equal"
            case .differs: "differ from"
            case .contains: "contain"
            case .matches: "match"
            }
        return "'\(value)' \(holds(for: value) ? "does" : "does not") \(verb) '\(other)'"
    }
}
