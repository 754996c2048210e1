import Cloud
import Deployment
import Pipelines

// Where CodeDeploy carries deployments out.
extension Errand {
    func reach(
        _ token: String, _ service: ECSService, by group: CodeDeployRule
    ) throws -> ChargeReport.Word {
        guard let deployment = try deployment(described: token, of: group) else {
            var configuration: String?
            if case .codeDeploy(let name) = manner { configuration = name }
            try cloud.beginCodeDeployment(
                of: group.application, group.group,
                appspec: try appspec(token, service, path: group.appspec),
                configuration: configuration, alarms: rule.alarms, description: token)
            return .underWay("CodeDeploy was told to begin")
        }
        switch deployment.status {
        case "Succeeded":
            try scale(service)
            return .done
        case "Failed", "Stopped":
            return .failed(deployment.cause + (try reasons(of: token, service)))
        default: return .underWay(try words(of: deployment))
        }
    }

    func undo(_ token: String, by group: CodeDeployRule) throws -> ChargeReport.Word {
        guard let deployment = try deployment(described: token, of: group) else { return .done }
        switch deployment.status {
        case "Succeeded": return try revert(deployment, token, by: group)
        case "Failed", "Stopped":
            // Where no task of the new version ever got a request, nothing has to go back.
            guard let id = deployment.rollbackInfo?.rollbackDeploymentId else { return .done }
            return try back(try cloud.codeDeployment(id))
        default:
            try cloud.stopCodeDeployment(deployment.deploymentId)
            return .underWay("CodeDeploy was told to go back")
        }
    }

    private func back(_ way: CodeDeployment) throws -> ChargeReport.Word {
        switch way.status {
        case "Succeeded": .done
        case "Failed", "Stopped": .failed("CodeDeploy could not go back: \(way.cause)")
        default: .underWay("CodeDeploy goes back; \(try words(of: way))")
        }
    }

    private func revert(
        _ deployment: CodeDeployment, _ token: String, by group: CodeDeployRule
    ) throws -> ChargeReport.Word {
        let description = "undo \(token)"
        if let way = try self.deployment(described: description, of: group) {
            return try back(way)
        }
        guard let before = deployment.previousRevision?.appSpecContent?.content else {
            return .failed("CodeDeploy knows of nothing that was there before")
        }
        try cloud.beginCodeDeployment(
            of: group.application, group.group, appspec: before, configuration: nil, alarms: [],
            description: description)
        return .underWay("CodeDeploy was told to put back what was there before")
    }

    private func deployment(
        described words: String, of group: CodeDeployRule
    ) throws -> CodeDeployment? {
        try cloud.codeDeployments(of: group.application, group.group).first {
            $0.description == words
        }
    }

    private func words(of deployment: CodeDeployment) throws -> String {
        let sets = try cloud.taskSets(of: deployment.deploymentId)
        guard let new = sets.first(where: { $0.taskSetLabel == "Green" }) else {
            return deployment.status.lowercased()
        }
        var words = "\(new.runningCount ?? 0) of \(new.desiredCount ?? 0) tasks run"
        if let pending = new.pendingCount, pending > 0 { words += ", \(pending) to come" }
        if let weight = new.trafficWeight { words += "; \(Int(weight)) % of the requests" }
        return words
    }

    private func appspec(
        _ token: String, _ service: ECSService, path: String?
    ) throws -> String {
        let placeholder = "<TASK_DEFINITION>"
        if let path {
            let text = String(decoding: try template(path), as: UTF8.self)
            guard text.contains(placeholder) else {
                throw Hindrance(
                    "'\(path)' has no \(placeholder), so the version that was there stays",
                    hint: "write 'TaskDefinition: \(placeholder)'")
            }
            return text.replacing(placeholder, with: token)
        }
        let balancers = service.loadBalancers ?? []
        let all = balancers + (service.taskSets ?? []).flatMap { $0.loadBalancers ?? [] }
        guard let balancer = all.first, let name = balancer.containerName,
            let port = balancer.containerPort
        else {
            throw Hindrance(
                "service '\(rule.service)' does not say which container takes the requests",
                hint: "name an AppSpec of the templates as 'appspec'")
        }
        return """
            version: 0.0
            Resources:
              - TargetService:
                  Type: AWS::ECS::Service
                  Properties:
                    TaskDefinition: "\(token)"
                    LoadBalancerInfo: { ContainerName: "\(name)", ContainerPort: \(port) }

            """
    }
}

extension CodeDeployment {
    fileprivate var cause: String {
        let told = [
            errorInformation?.message, errorInformation?.code, rollbackInfo?.rollbackMessage,
        ].compactMap(\.self).filter { !$0.isEmpty }
        return told.isEmpty
            ? "CodeDeploy says \(status) and not why" : told.joined(separator: "; ")
    }
}
