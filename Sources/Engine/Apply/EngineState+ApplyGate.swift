package import Pipelines

extension EngineState {
    mutating func takeGate(_ record: Record) throws(Misfit) {
        switch record.event {
        case .gateReached(let gate, let deadline): try reach(gate, deadline)
        case .windowChanged(let gate, let isOpen):
            try change(gate.visit) { passage in passage.gates.windows[gate.index] = isOpen }
        case .gateOpened(let gate, _):
            try change(gate.visit) { passage throws(Misfit) in
                try passage.require(gate)
                passage.gates.index += 1
                passage.gates.current = .ahead
            }
        case .gateRefused(let gate, _):
            try change(gate.visit) { passage throws(Misfit) in
                try passage.require(gate)
                passage.gates.current = .ahead
            }
        case .approvalAsked(let approval, let subject, let deadline):
            try ask(Asking(id: approval, subject: subject, deadline: deadline))
        case .approvalVoted(let approval, let verdict, let comment, _):
            guard case .person(let person) = record.by else { throw Misfit("only people vote") }
            try change(approval) { asking in
                if verdict == .approve {
                    asking.votes.append(.init(person: person, comment: comment))
                }
            }
        case .approvalVoided(let approval, let subject):
            try change(approval) { asking in
                asking.subject = subject
                asking.votes = []
            }
        default: throw Misfit("it is no event of a gate")
        }
    }

    private mutating func reach(_ gate: GateID, _ deadline: Steady?) throws(Misfit) {
        guard let execution = execution(gate.visit.execution),
            let opening = definition(of: execution)?.gate(gate)?.kind.opening
        else { throw Misfit("its definition has no \(gate)") }
        try change(gate.visit) { passage throws(Misfit) in
            try passage.require(gate)
            switch opening {
            case .wait:
                guard let deadline else { throw Misfit("a wait has to say when it ends") }
                passage.gates.current = .waiting(until: deadline)
            case .window:
                passage.gates.current = .watching
                passage.gates.windows[gate.index] = false
            case .check: passage.gates.current = .checking(ActionState(), deadline: deadline)
            case .approval, .comparison: break
            }
        }
    }

    private mutating func ask(_ asking: Asking) throws(Misfit) {
        if let name = environment(asking: asking.id) {
            environments[name]?.asking = asking
            return
        }
        switch asking.id {
        case .gate(let gate):
            try change(gate.visit) { passage throws(Misfit) in
                try passage.require(gate)
                passage.gates.current = .asking(asking)
            }
        case .attempt(let attempt):
            try change(attempt) { action in
                action.status = .asking(asking)
                action.attempts = attempt.number
            }
        }
    }

    private mutating func change(
        _ approval: ApprovalID, _ body: (inout Asking) -> Void
    ) throws(Misfit) {
        if let name = environment(asking: approval), var asking = environments[name]?.asking {
            body(&asking)
            environments[name]?.asking = asking
            return
        }
        switch approval {
        case .gate(let gate):
            try change(gate.visit) { passage throws(Misfit) in
                guard case .asking(var asking) = passage.gates.current, asking.id == approval else {
                    throw Misfit("nobody is asked about \(approval)")
                }
                body(&asking)
                passage.gates.current = .asking(asking)
            }
        case .attempt(let attempt):
            try change(attempt) { action throws(Misfit) in
                guard case .asking(var asking) = action.status, asking.id == approval else {
                    throw Misfit("nobody is asked about \(approval)")
                }
                body(&asking)
                action.status = .asking(asking)
            }
        }
    }
}

extension Definition {
    package func gate(_ gate: GateID) -> Gate? {
        guard let stage = stages.first(where: { $0.name == gate.visit.stage }) else { return nil }
        let gates = gate.side == .before ? stage.before : stage.onSuccess
        return gates.indices.contains(gate.index) ? gates[gate.index] : nil
    }
}

extension Passage {
    /// The side of the stage whose gates are looked at now.
    package var side: GateID.Side { phase == .judging ? .after : .before }

    fileprivate func require(_ gate: GateID) throws(Misfit) {
        guard gate.side == side, gate.index == gates.index else {
            throw Misfit("\(gate) is not the one that is looked at")
        }
    }
}
