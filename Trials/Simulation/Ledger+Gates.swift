import Engine
import Pipelines

extension Ledger {
    mutating func enterGate(_ record: Record) throws(Violation) {
        switch record.event {
        case .gateReached(let gate, _):
            guard case .window? = try kind(of: gate) else { return }
            try change(gate.visit.execution) { entry in entry.windows[gate] = false }
        case .windowChanged(let gate, let isOpen):
            try change(gate.visit.execution) { entry in entry.windows[gate] = isOpen }
        case .gateOpened(let gate, _): try open(gate)
        case .gateRefused(let gate, _):
            if approvals[.gate(gate)] != nil { try consume(.gate(gate), granted: false) }
        case .approvalAsked(let approval, let subject, let deadline):
            guard approvals[approval] == nil else {
                throw Violation(.approvalOnce, "\(approval) was asked twice")
            }
            approvals[approval] = Question(subject: subject, deadline: deadline)
        case .approvalVoted(let approval, let verdict, _, let subject):
            try vote(approval, verdict, subject, record)
        case .approvalVoided(let approval, let subject):
            approvals[approval]?.subject = subject
            approvals[approval]?.names = []
        default: break
        }
    }

    private func kind(of gate: GateID) throws(Violation) -> Opening? {
        try definition(gate.visit.execution).gate(gate)?.kind.opening
    }

    private mutating func open(_ gate: GateID) throws(Violation) {
        try requireLive(gate.visit.execution)
        let entry = try entry(gate.visit.execution)
        guard entry.visit == gate.visit, entry.opened[gate.side, default: 0] == gate.index else {
            throw Violation(.gatesFirst, "\(gate) opened out of turn")
        }
        switch try kind(of: gate) {
        case .approval: try consume(.gate(gate), granted: true)
        case .window where entry.windows[gate] != true:
            throw Violation(.gatesFirst, "\(gate) opened while its window was shut")
        default: break
        }
        try change(gate.visit.execution) { entry in entry.opened[gate.side] = gate.index + 1 }
    }

    private mutating func vote(
        _ approval: ApprovalID, _ verdict: Verdict, _ subject: String, _ record: Record
    ) throws(Violation) {
        guard var question = approvals[approval], case .person(let person) = record.by,
            let rule = try definition(approval.visit.execution).rule(of: approval)
        else { throw Violation(.approvalOnce, "\(approval) was answered but not asked") }
        guard question.subject == subject else {
            throw Violation(.approvalBound, "\(approval) was given for something else")
        }
        let isEntitled =
            rule.by.isEmpty || rule.by.contains(person.name)
            || !Set(rule.by).isDisjoint(with: person.roles)
        guard isEntitled, record.at.steady < question.deadline else {
            throw Violation(.approvalEntitled, "\(person.name) answered \(approval)")
        }
        let entry = try entry(approval.visit.execution)
        if rule.fourEyes {
            let isAuthor = entry.revisions.flatMap(\.authors).contains {
                isPerson(person.name, $0)
            }
            guard !isAuthor, entry.starter.name != person.name else {
                throw Violation(.approvalEntitled, "\(person.name) approved their own work")
            }
        }
        guard !question.names.contains(person.name) else {
            throw Violation(.approvalOnce, "\(person.name) answered \(approval) twice")
        }
        if verdict == .approve { question.names.append(person.name) }
        approvals[approval] = question
    }

    /// A question is settled once, and well only if enough people said yes.
    mutating func consume(_ approval: ApprovalID, granted: Bool) throws(Violation) {
        guard let question = approvals.removeValue(forKey: approval) else {
            throw Violation(.approvalOnce, "\(approval) was settled twice")
        }
        let needed = try definition(approval.visit.execution).rule(of: approval)?.needed ?? 1
        if granted, question.names.count < needed {
            throw Violation(.approvalEntitled, "\(approval) opened with too few voices")
        }
    }
}
