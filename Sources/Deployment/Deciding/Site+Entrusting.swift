import Pipelines

extension Site {
    /// Whether another party runs what is deployed here.
    package var isEntrusted: Bool { releases.values.contains { $0.handover != nil } }

    /// Why an order cannot be carried out where it is to be.
    func objection(to order: RolloutOrder) -> SiteRefusal? {
        let isThere = [current, rollout?.to].compactMap(\.self).compactMap { releases[$0] }
        if isThere.contains(where: { ($0.handover == nil) != (order.release.handover == nil) }) {
            return SiteRefusal(
                "what is there runs \(isEntrusted ? "at AWS" : "on this machine")",
                hint: "clear the environment before it is moved, or give it another name")
        }
        guard let handover = order.release.handover else { return nil }
        do throws(Mistake) {
            _ = try ECSManner(order.strategy, by: handover.ecs)
        } catch {
            return SiteRefusal(error.problem, hint: error.hint)
        }
        let amidst = order.hooks.first { hook in
            ![.beforeInstall, .afterTraffic, .afterRollback].contains(hook)
        }
        guard
            let what = amidst.map({ "hook '\($0.rawValue)'" })
                ?? order.asks.map({ _ in "an approval" })
        else { return nil }
        return SiteRefusal(
            "\(what) cannot come in the middle of what AWS carries out",
            hint: "use 'before-install' or 'after-traffic', or an approval before the deployment")
    }
}

extension Rollout {
    /// What is to be brought about at the step that begins, and what came before it.
    func charge(numbered serial: Int) -> Charge? {
        guard case .entrust = step else { return nil }
        if !isGoingBack { return Charge(serial: serial, aim: .reach(to)) }
        return charge?.token.map { Charge(serial: serial, aim: .undo($0)) }
    }
}
