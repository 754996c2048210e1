import Cloud
import Deployment
import Pipelines

// Where ECS itself carries deployments out.
extension Errand {
    func reach(_ token: String, _ service: ECSService) throws -> ChargeReport.Word {
        guard let deployment = try deployment(of: token) else {
            // AWS has heard it, and has not made a deployment of it yet.
            if service.taskDefinition == token { return .underWay("ECS is about to begin") }
            try cloud.update(
                rule.service, in: rule.cluster, to: token,
                configuration: manner.configuration(of: service, alarms: rule.alarms))
            return .underWay("ECS was told to begin")
        }
        return switch ECSProgress(deployment) {
        case .underWay: .underWay(deployment.words)
        case .succeeded: try scaled(service)
        case .goingBack, .wentBack, .stopped, .lost:
            .failed(deployment.cause + (try reasons(of: token, service)))
        }
    }

    private func scaled(_ service: ECSService) throws -> ChargeReport.Word {
        try scale(service)
        return .done
    }

    func undo(_ token: String, _ service: ECSService) throws -> ChargeReport.Word {
        guard let deployment = try deployment(of: token) else {
            return service.taskDefinition == token
                ? .underWay("ECS is about to begin what is not wanted any more") : .done
        }
        switch ECSProgress(deployment) {
        case .underWay, .succeeded:
            if try isFirst(deployment) {
                // There is nothing to go back to.
                try cloud.empty(rule.service, in: rule.cluster)
                return .done
            }
            if case .succeeded = ECSProgress(deployment) { return try revert(deployment, service) }
            try cloud.rollBack(deployment.serviceDeploymentArn)
            return .underWay("ECS was told to go back")
        case .goingBack: return .underWay("ECS goes back; \(deployment.words)")
        case .wentBack: return .done
        case .stopped where service.taskDefinition != token: return .done
        case .stopped: return try revert(deployment, service)
        case .lost:
            return .failed("ECS could not go back: \(deployment.cause)")
        }
    }

    /// Whether the service was made with it. Nothing is ended on the word of one answer alone.
    private func isFirst(_ deployment: ServiceDeployment) throws -> Bool {
        guard rule.create != nil, deployment.sourceServiceRevisions?.isEmpty != false else {
            return false
        }
        return try cloud.deployments(of: rule.service, in: rule.cluster).count == 1
    }

    /// Deploys what was there before, when a deployment has come to its end.
    private func revert(
        _ deployment: ServiceDeployment, _ service: ECSService
    ) throws -> ChargeReport.Word {
        let source = deployment.sourceServiceRevisions?.first?.arn
        let before = try source.flatMap { try cloud.taskDefinitions(of: [$0])[$0] }
        guard let before else { return .failed("ECS knows of nothing that was there before") }
        // By AWS's own clock, which is the only one that both were timed by.
        let later = try cloud.deployments(of: rule.service, in: rule.cluster).first {
            $0.createdAt > deployment.createdAt ?? 0 && $0.taskDefinition == before
        }
        guard let later, let way = try cloud.deployment(later.arn) else {
            if service.taskDefinition == before { return .underWay("ECS is about to go back") }
            try cloud.update(rule.service, in: rule.cluster, to: before, configuration: nil)
            return .underWay("ECS was told to put back what was there before")
        }
        return switch ECSProgress(way) {
        case .underWay, .goingBack: .underWay("ECS goes back; \(way.words)")
        case .succeeded: .done
        case .wentBack, .stopped, .lost: .failed("ECS could not go back: \(way.cause)")
        }
    }

    private func deployment(of token: String) throws -> ServiceDeployment? {
        let found = try cloud.deployments(of: rule.service, in: rule.cluster).first {
            $0.taskDefinition == token
        }
        return try found.flatMap { try cloud.deployment($0.arn) }
    }
}
