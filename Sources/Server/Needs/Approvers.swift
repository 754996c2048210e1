import Engine
import People
import Pipelines
import YAML

/// Whether there is anybody whose word would open the approvals of a definition: people whose token
/// is valid now, and who may release where the approval stands.
struct Approvers {
    let state: EngineState
    let now: Moment
    let definition: Definition

    func needs(_ mentions: [Mention]) -> [Need] {
        let written = mentions.filter { $0.kind == .approver }
        return definition.stages.flatMap { stage in
            stage.approvals.flatMap { rule, place in needs(of: rule, at: place, in: stage, written)
            }
        }
    }

    private func needs(
        of rule: ApprovalRule, at place: Place, in stage: Stage, _ written: [Mention]
    ) -> [Need] {
        let releasing = releasing(into: stage)
        let words = rule.by.map { word -> Need in
            let place = self.place(of: word, in: stage, written) ?? place
            guard releasing.contains(where: { $0.answers(to: word) }) else {
                return .missing(
                    .approver, word, at: place, "\(problem(with: word)) in stage '\(stage.name)'",
                    hint: hint(for: word))
            }
            return .here(.approver, word, at: place)
        }
        let entitled = releasing.filter { caller in
            rule.by.isEmpty || rule.by.contains { caller.answers(to: $0) }
        }
        let people = Set(entitled.map(\.name)).count
        // Of words that nobody answers to it is said already that there are too few.
        guard people < rule.needed, !words.contains(where: { $0.standing == .missing }) else {
            return words
        }
        let few = people == 0 ? "nobody" : people == 1 ? "only 1 person" : "only \(people) people"
        return words + [
            Need.missing(
                .approver, rule.by.isEmpty ? "anybody" : rule.by.joined(separator: " or "),
                at: words.first?.place ?? place,
                "\(rule.needed) have to approve in stage '\(stage.name)', and \(few) can",
                hint: "slipway tokens create NAME --role release-manager")
        ]
    }

    /// A role that nobody holds, or a person who may not.
    private func problem(with word: String) -> String {
        if Role(named: word) != nil { return "nobody who holds '\(word)' may release" }
        let isKnown = state.people.tokens.values.contains {
            $0.owner.description == word && $0.status(at: now.instant) == .valid
        }
        return isKnown ? "'\(word)' may not release" : "nobody here is called '\(word)'"
    }

    private func hint(for word: String) -> String {
        guard Role(named: word) == nil else {
            return "slipway tokens create NAME --role release-manager"
        }
        let known = Set(state.people.tokens.values.map(\.owner.description))
            .union(Role.allCases.flatMap(\.words))
        let guess = Nearest.word(to: word, among: known.subtracting([word]).sorted())
            .map { "did you mean '\($0)'? else: " }
        return (guess ?? "") + "slipway tokens create \(word) --role release-manager"
    }

    private func releasing(into stage: Stage) -> [Holder] {
        let name = definition.name
        let reached = Set(stage.environments)
            .union(state.environments(of: stage.name, in: name)).sorted()
        return state.people.tokens.values.filter { $0.status(at: now.instant) == .valid }
            .map(\.caller).filter { $0.may(.release, on: name, reaching: reached) }
            .map {
                Holder(name: "\($0.name)", roles: $0.roles(on: name, reaching: reached))
            }
    }

    /// Where a word stands that a rule of this stage has.
    private func place(of word: String, in stage: Stage, _ written: [Mention]) -> Place? {
        let all = written.filter { $0.name == word }.map(\.place)
        return all.first { $0 >= stage.written.place } ?? all.last
    }
}

/// Somebody, as an approval may name them.
private struct Holder {
    let name: String
    let roles: [String]

    func answers(to word: String) -> Bool { name == word || roles.contains(word) }
}

extension Role {
    fileprivate init?(named word: String) {
        guard let role = Role.allCases.first(where: { $0.words.contains(word) }) else { return nil }
        self = role
    }
}

extension Stage {
    /// What is asked of people before it, in it and on the way out.
    fileprivate var approvals: [(rule: ApprovalRule, place: Place)] {
        let gates = (before + onSuccess).compactMap { gate -> (ApprovalRule, Place)? in
            guard case .approval(let rule) = gate.kind.opening else { return nil }
            return (rule, written.place)
        }
        return gates
            + actions.compactMap { action in
                guard case .people(let rule) = action.work.needs else { return nil }
                return (rule, action.place)
            }
    }
}
