import Pipelines

// When deployments may begin. Somebody with a calendar looks, and says.
extension Site {
    package enum Hours: Hashable, Sendable, Codable {
        case open
        case frozen(String, since: HouseTime)
    }

    /// Why what waits may not begin, if that is so.
    package var frozen: (reason: String, since: HouseTime)? {
        guard case .frozen(let reason, let since)? = hours else { return nil }
        return (reason, since)
    }

    /// Whether it may not begin now. What is older than what is there is a way back, and never is
    /// kept from it; where nobody has looked at a calendar yet, it waits for that.
    package func isFrozen(_ order: RolloutOrder) -> Bool {
        let release = order.release.id
        guard order.heedsHours, hours != .open, !letThrough.contains(release) else { return false }
        return current.map { release > $0 } ?? true
    }
}
