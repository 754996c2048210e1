import AWS
import Cloud
import Deployment
import Pipelines

extension Errand {
    /// So much of what a task printed is told with why it ended.
    private static let linesTold = 5

    /// What is known of the tasks that failed; nothing if none did, or none is known any more.
    func reasons(of token: String, _ service: ECSService) throws -> String {
        try tasks(of: token) + targets(of: service)
    }

    /// What the balancer says of those that it sends nothing to.
    private func targets(of service: ECSService) -> String {
        let groups = Set((service.loadBalancers ?? []).compactMap(\.targetGroupArn))
        return groups.sorted().map { group in
            do throws(AWSProblem) {
                let ill = try cloud.targets(of: group).filter { $0.state == "unhealthy" }
                guard let first = ill.first else { return "" }
                return "\n\(ill.count) unhealthy behind the balancer: "
                    + (first.why ?? "it does not say why")
            } catch {
                return error.cause == .stopped
                    ? "" : "\nwhat the balancer says is not to be had: \(error)"
            }
        }.joined()
    }

    private func tasks(of token: String) throws -> String {
        do throws(AWSProblem) {
            let stopped = try cloud.stoppedTasks(of: rule.service, in: rule.cluster)
                .filter { $0.taskDefinitionArn == token }
            guard let task = stopped.first(where: \.hasFailed) ?? stopped.first else { return "" }
            return "; task \(task.id) ended: \(task.words)\(try lines(of: task, token))"
        } catch {
            // That nobody may look does not change what went wrong.
            return error.cause == .stopped ? "" : "; why tasks ended is not to be had: \(error)"
        }
    }

    private func lines(of task: StoppedTask, _ token: String) throws(AWSProblem) -> String {
        guard
            let definition = try? TaskDefinition(
                try cloud.taskDefinition(token), from: "'\(token)'")
        else { return "" }
        let failed = task.containers?.first { $0.exitCode ?? 0 != 0 }?.name
        let container =
            definition.containers.first { $0.name == failed }
            ?? definition.containers.first
        guard let container, let log = container.log else { return "" }
        let lines = try cloud.lastLines(
            of: "\(log.prefix)/\(container.name)/\(task.id)", in: log.group, atMost: Self.linesTold)
        return lines.map { "\n\($0)" }.joined()
    }
}

extension StoppedTask {
    /// Whether it ended by itself, and not because another took its place.
    fileprivate var hasFailed: Bool {
        (containers ?? []).contains { $0.exitCode ?? 0 != 0 || $0.reason != nil }
    }

    fileprivate var words: String {
        var parts = [stoppedReason].compactMap(\.self)
        for container in containers ?? [] {
            let code = container.exitCode.map { "exited with code \($0)" }
            let all = [code, container.reason].compactMap(\.self)
            guard !all.isEmpty else { continue }
            parts.append("container '\(container.name ?? "?")' \(all.joined(separator: ", "))")
        }
        return parts.isEmpty ? "ECS does not say why" : parts.joined(separator: "; ")
    }
}
