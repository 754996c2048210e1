import Cloud

/// What a deployment of ECS's is at, as its own words have it.
enum ECSProgress: Hashable {
    case underWay
    case succeeded
    /// It goes back, or has.
    case goingBack
    case wentBack
    /// It was stopped where it was.
    case stopped
    /// The way back failed, too.
    case lost

    /// A word that came later than this is something that goes on.
    init(_ deployment: ServiceDeployment) {
        self =
            switch deployment.status {
            case "SUCCESSFUL": .succeeded
            case "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "STOP_REQUESTED": .goingBack
            case "ROLLBACK_SUCCESSFUL": .wentBack
            case "STOPPED": .stopped
            case "ROLLBACK_FAILED": .lost
            default: .underWay
            }
    }
}

extension ServiceDeployment {
    /// How far it is, in a line: `1 of 2 tasks run, 1 comes; 10 % of the requests`.
    var words: String {
        var parts: [String] = []
        if let stage = lifecycleStage { parts.append(Self.sentence(stage)) }
        if let target = targetServiceRevision {
            let wanted = target.requestedTaskCount ?? 0
            var tasks = "\(target.runningTaskCount ?? 0) of \(wanted) tasks run"
            if let pending = target.pendingTaskCount, pending > 0 {
                tasks += ", \(pending) to come"
            }
            parts.append(tasks)
            if let weight = target.requestedProductionTrafficWeight {
                parts.append("\(Self.short(weight)) % of the requests")
            }
        }
        if let breaker = deploymentCircuitBreaker, let count = breaker.failureCount, count > 0 {
            let most = breaker.threshold.map { " of \($0)" } ?? ""
            parts.append("\(count)\(most) failures")
        }
        return parts.isEmpty ? status.lowercased() : parts.joined(separator: "; ")
    }

    /// Why it went wrong, as far as it says itself.
    var cause: String {
        let names = alarms?.triggeredAlarmNames ?? []
        let rang = names.isEmpty ? nil : "alarm \(names.joined(separator: ", ")) rang"
        var told: [String] = []
        for text in [rang, rollback?.reason, statusReason].compactMap(\.self) where !text.isEmpty {
            if !told.contains(text) { told.append(text) }
        }
        return told.isEmpty ? "ECS says \(status) and not why" : told.joined(separator: "; ")
    }

    private static func short(_ number: Double) -> String {
        number == number.rounded() ? "\(Int(number))" : "\(number)"
    }

    private static func sentence(_ stage: String) -> String {
        stage.lowercased().split(separator: "_").joined(separator: " ")
    }
}
