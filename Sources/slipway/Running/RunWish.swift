import Conductor
import Engine
import Pipelines

/// What whoever runs a pipeline wants of it, besides that it runs.
struct RunWish {
    let person: Who
    /// An execution that is gone on with; nothing if a new one is started.
    let resumed: ExecutionID?
    let approved: Set<String>
    /// Stages that are passed by.
    let skipped: Set<StageName>

    /// What is said to something that happened, without asking anybody.
    func answers(
        to event: Event, of execution: ExecutionID, in state: EngineState
    ) -> [Message] {
        switch event {
        case .stageReached(let visit)
        where visit.execution == execution && skipped.contains(visit.stage):
            return [Message(.skip(execution, visit.stage, reason: "not asked for"), by: person)]
        case .approvalAsked(let approval, let subject, _)
        where approval.visit.execution == execution:
            guard approved.contains("\(approval.visit.stage)") else {
                let reason =
                    "stage '\(approval.visit.stage)' waits for an approval; "
                    + "run it with '--approve \(approval.visit.stage)'"
                return [Message(.stop(execution, .wait, reason: reason), by: person)]
            }
            let rule = state.execution(execution).flatMap(state.definition(of:))?.rule(of: approval)
            return (1...max(1, rule?.needed ?? 1)).map { number in
                let voice = Person(
                    number == 1 ? person.name : "\(person.name) (\(number))",
                    roles: rule?.by ?? [])
                let answer = Answer(
                    approval, .approve, comment: "slipway run --approve", subject: subject)
                return Message(.answer(answer), by: .person(voice))
            }
        default: return []
        }
    }
}
