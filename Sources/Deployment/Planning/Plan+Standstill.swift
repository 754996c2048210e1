import Pipelines

extension Plan {
    /// A role of which, at this pace, none could ever be exchanged.
    static func standstill(_ order: RolloutOrder) -> Role? {
        guard case .rolling(let batch, let minimum, let maximum) = order.strategy else {
            return nil
        }
        guard batch == nil else { return nil }
        let pace = Pace.percents(minimum: minimum ?? 100, maximum: maximum ?? 200)
        return order.release.roles.first { $0.takesTraffic && pace.turns(of: $0.count) == nil }
    }
}
