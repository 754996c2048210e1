import Deployment
import Pipelines

// What a deployment asks people before requests go to the new version.
extension Decision {
    /// Asks, where a deployment has come to that and has not asked yet. What would ship is fixed by
    /// then, so nothing of it can change while they think.
    mutating func settleQuestion(of name: EnvironmentName) throws(Refusal) {
        guard let environment = state.environments[name], environment.asking == nil,
            let attempt = environment.asker,
            let execution = state.execution(attempt.visit.execution),
            let definition = state.definition(of: execution),
            let rule = definition.rule(of: .attempt(attempt))
        else { return }
        try emit(
            .approvalAsked(
                approval: .attempt(attempt),
                subject: execution.subject(at: attempt.visit, under: definition),
                deadline: now.steady + rule.within))
    }
}
