import Cryptography
import Deployment
import People
package import Pipelines

// The word of people.
extension Decision {
    mutating func answer(_ answer: Answer) throws(Refusal) {
        guard case .person(let person) = by else {
            throw Refusal(.forbidden, "only people approve", hint: "sign in as a person")
        }
        let execution = try execution(answer.approval.visit.execution)
        guard
            let asking = state.questions(of: execution).first(where: { $0.id == answer.approval }),
            let rule = state.definition(of: execution)?.rule(of: answer.approval)
        else {
            throw Refusal(
                .conflict, "nobody is asked about \(answer.approval) any more",
                hint: "look at where '\(execution.id)' is now")
        }
        try require(person, mayAnswer: asking, under: rule, for: execution)
        guard answer.subject == asking.subject else {
            throw Refusal(
                .conflict, "what would be approved has changed since it was shown",
                hint: "look at it again and decide anew")
        }
        if rule.reasonRequired { try requireReason(answer.comment, to: "answer") }
        try emit(
            .approvalVoted(
                approval: answer.approval, verdict: answer.verdict, comment: answer.comment,
                subject: answer.subject), by: by)
        switch answer.verdict {
        case .reject:
            try refuse(answer.approval, .rejected(by: person.name, reason: answer.comment))
        case .approve where asking.votes.count + 1 >= rule.needed:
            try grant(answer.approval, reason: "approved by \(names(asking, and: person))")
        case .approve: break
        }
        try settle(execution.id.pipeline)
    }

    private func require(
        _ person: Person, mayAnswer asking: Asking, under rule: ApprovalRule,
        for execution: Execution
    ) throws(Refusal) {
        guard now.steady < asking.deadline else {
            throw Refusal(
                .conflict, "the time to answer is over", hint: "retry the stage to be asked again")
        }
        let isEntitled =
            rule.by.isEmpty || rule.by.contains(person.name)
            || person.roles.contains(where: rule.by.contains)
        guard isEntitled else {
            throw Refusal(
                .forbidden, "\(person.name) may not answer this",
                hint: "it is asked of \(rule.by.joined(separator: ", "))")
        }
        guard !asking.votes.contains(where: { $0.person.name == person.name }) else {
            throw Refusal(
                .conflict, "\(person.name) has already approved",
                hint: "\(rule.needed) different people have to")
        }
        guard !rule.fourEyes || !state.people.isPerson(person.name, among: execution.authors) else {
            throw Refusal(
                .forbidden, "\(person.name) had a hand in what is to be approved",
                hint: "four eyes are asked for: somebody else has to answer")
        }
    }

    private func names(_ asking: Asking, and last: Person) -> String {
        (asking.votes.map(\.person.name) + [last.name]).joined(separator: ", ")
    }

    mutating func grant(_ approval: ApprovalID, reason: String) throws(Refusal) {
        switch approval {
        case .gate(let gate): try emit(.gateOpened(gate: gate, reason: reason))
        case .attempt(let attempt):
            if let name = state.environment(asking: approval) {
                return try change(name, .approve(by: by.name))
            }
            try emit(.attemptFinished(attempt: attempt, result: .init(end: .succeeded)))
        }
    }

    mutating func refuse(_ approval: ApprovalID, _ failure: GateFailure) throws(Refusal) {
        switch approval {
        case .gate(let gate): try refuse(gate, failure)
        case .attempt(let attempt):
            if let name = state.environment(asking: approval) {
                // That nobody answers is seen by the deployment itself.
                guard case .rejected(let person, let reason) = failure else { return }
                return try change(name, .reject(by: person, reason: reason))
            }
            let cause: RetryCause = failure == .timedOut ? .timedOut : .failed
            try emit(
                .attemptFinished(
                    attempt: attempt, result: .init(end: .failed(cause, failure.sentence))))
        }
    }
}

extension Execution {
    /// Everybody whose work or wish this is.
    package var authors: Set<String> {
        var names = Set(revisions.flatMap(\.authors))
        if case .person(let person) = startedBy { names.insert(person.name) }
        return names
    }

    /// A digest of all that an approval is given for: this visit, this definition, these revisions,
    /// variables and artifacts. If one of them changes, so does the digest, and the approval is
    /// void.
    package func subject(at visit: Visit, under definition: Definition) -> String {
        var parts = [visit.description, definition.text]
        parts += revisions.map { "\($0.source) \($0.id)" }
        parts += variables.keys.sorted().map { "\($0)=\(variables[$0] ?? "")" }
        parts += artifacts.sorted { $0.name < $1.name }.map { "\($0.name) \($0.digest)" }
        for namespace in outputs.keys.sorted() {
            for (name, value) in (outputs[namespace] ?? [:]).sorted(by: { $0.key < $1.key }) {
                parts.append("\(namespace).\(name)=\(value)")
            }
        }
        var digest = SHA256()
        for part in parts {
            // With its length, so that no two lists of parts run together to the same bytes.
            digest.update("\(part.utf8.count):")
            digest.update(part)
        }
        return digest.hex()
    }
}

extension Definition {
    package func rule(of approval: ApprovalID) -> ApprovalRule? {
        switch approval {
        case .gate(let gate):
            guard case .approval(let rule)? = self.gate(gate)?.kind.opening else { return nil }
            return rule
        case .attempt(let attempt):
            let work = action(of: attempt)?.work
            if case .people(let rule)? = work?.needs { return rule }
            return (work as? Deploy)?.pause?.rule
        }
    }
}

extension GateFailure {
    package var sentence: String {
        switch self {
        case .rejected(let name, let reason):
            reason.isEmpty ? "rejected by \(name)" : "rejected by \(name): \(reason)"
        case .timedOut: "nobody answered in time"
        case .checkFailed(let reason): "its check failed: \(reason)"
        case .mismatch(let problem): problem
        }
    }
}
