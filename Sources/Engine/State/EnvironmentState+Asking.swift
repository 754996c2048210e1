import Deployment
import Pipelines

// A deployment may ask people before anybody's requests go to the new version. It asks in the name
// of the action that deploys, so that whoever answers need not know which kind of question it is.
extension EnvironmentState {
    /// The action in whose name it asks now, whether anybody was asked yet or not.
    var asker: AttemptID? {
        guard let rollout = site.rollout, case .ask? = rollout.step, !rollout.isAnswered else {
            return nil
        }
        return history.last { $0.release == rollout.to && $0.end == nil }?.attempt
    }
}

extension EngineState {
    /// The environment that asks, or is about to.
    func environment(asking approval: ApprovalID) -> EnvironmentName? {
        guard case .attempt(let attempt) = approval else { return nil }
        return environments.first { $0.value.asker == attempt }?.key
    }

    /// What an execution asks people now: at a gate, by an action, or by a deployment.
    package func questions(of execution: Execution) -> [Asking] {
        guard !execution.isFinished, let passage = execution.passage else { return [] }
        var questions = passage.actions.compactMap { action -> Asking? in
            if case .asking(let asking) = action.status { asking } else { nil }
        }
        if case .asking(let asking) = passage.gates.current { questions.append(asking) }
        let deploying = environments.sorted { $0.key < $1.key }.compactMap(\.value.asking)
        return questions + deploying.filter { $0.id.visit.execution == execution.id }
    }
}

extension Event {
    /// What became of a question that a deployment asked.
    package var settledQuestion: (approval: ApprovalID, isApproved: Bool)? {
        guard case .environment(_, _, let event, let attempt?) = self else { return nil }
        return switch event {
        case .approved: (.attempt(attempt), true)
        case .turnedBack: (.attempt(attempt), false)
        default: nil
        }
    }
}
