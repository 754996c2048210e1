import Pipelines

/// A strategy as steps: the same few for every target, so that each behaves alike everywhere.
package struct Plan: Hashable, Sendable, Codable {
    package let steps: [Step]
    /// How long the old version stays for an instant way back, after the last step.
    package let keep: Duration

    /// What moves traffic and machines, besides what its instances take themselves.
    private static let margin: Duration = .seconds(60)

    /// The way from one release to another, or to the first of all.
    package init(_ order: RolloutOrder, from: Release?) {
        let way = Way(order, from: from)
        var steps: [Step] = []
        func run(_ hook: Hook) { if order.hooks.contains(hook) { steps.append(.run(hook)) } }
        run(.beforeInstall)
        if let handover = order.release.handover {
            steps.append(.entrust(within: handover.ecs.patience(for: order.strategy)))
            run(.afterTraffic)
            keep = .zero
        } else if case .rolling = order.strategy, from != nil {
            steps.append(way.exchange)
            run(.afterInstall)
            steps += way.workers
            run(.afterTraffic)
            keep = .zero
        } else {
            steps.append(way.launch)
            for hook in [.afterInstall, .testTraffic] as [Hook] { run(hook) }
            if let time = order.asks { steps.append(.ask(within: time)) }
            run(.beforeTraffic)
            steps += way.shifts + way.workers
            run(.afterTraffic)
            if way.bake > .zero { steps.append(.hold(way.bake)) }
            keep = from == nil ? .zero : way.keep
            // What was watched has to be there still, before it is taken for good.
            if from != nil { steps.append(keep == .zero ? way.retire : way.prove) }
        }
        self.steps = steps
    }

    /// The way back from wherever the other has come to.
    package static func back(_ order: RolloutOrder, to from: Release?) -> Plan {
        let way = Way(order, from: from)
        var steps =
            order.release.handover.map { [.entrust(within: $0.ecs.within)] } ?? way.back
        if order.hooks.contains(.afterRollback) { steps.append(.run(.afterRollback)) }
        return Plan(steps: steps, keep: .zero)
    }

    private init(steps: [Step], keep: Duration) {
        self.steps = steps
        self.keep = keep
    }

    /// Between two releases.
    private struct Way {
        let order: RolloutOrder
        let from: Release?
        let new: ReleaseID
        let old: ReleaseID?

        init(_ order: RolloutOrder, from: Release?) {
            self.order = order
            self.from = from
            new = order.release.id
            old = from?.id
        }

        private var both: Set<ReleaseID> { Set([new, old].compactMap(\.self)) }

        private var pace: Pace {
            guard case .rolling(let batch, let minimum, let maximum) = order.strategy else {
                return .beside
            }
            if let batch { return .batch(batch) }
            return .percents(minimum: minimum ?? 100, maximum: maximum ?? 200)
        }

        /// All of the new beside all of the old, which goes on alone.
        var launch: Step {
            let split: Aim.Split =
                old.map { .shares(100, of: $0, rest: nil) } ?? .shares(0, of: new, rest: nil)
            return reach(
                Aim(for: old ?? new, complete: both, workers: old ?? new, split: split), .launch)
        }

        /// Some after the other.
        var exchange: Step {
            reach(
                Aim(for: new, complete: [new], workers: old, split: .byCount, pace: pace),
                .exchange)
        }

        /// Parts of the traffic, each for a time, and then all of it.
        var shifts: [Step] {
            guard old != nil else { return [shift(to: 100)] }
            let parts: [(percent: Int, time: Duration)] =
                switch order.strategy {
                case .canary(let steps, _): steps.map { ($0.percent, $0.time) }
                case .linear(let percent, let every, _):
                    stride(from: percent, to: 100, by: percent).map { ($0, every) }
                case .allAtOnce, .blueGreen, .rolling: []
                }
            return parts.flatMap { [shift(to: $0.percent), .hold($0.time)] } + [shift(to: 100)]
        }

        private func shift(to percent: Int) -> Step {
            reach(
                Aim(
                    for: new, complete: both, workers: old ?? new,
                    split: .shares(percent, of: new, rest: old)),
                .shift(percent))
        }

        /// Who works through queues begins when who answers is healthy.
        var workers: [Step] {
            guard let from,
                (from.roles + order.release.roles).contains(where: { !$0.takesTraffic })
            else { return [] }
            return [reach(takenOver, .takeOver)]
        }

        /// All is with the new version; the old one, if it was not exchanged, stands beside it.
        private var takenOver: Aim {
            let isExchanged = if case .rolling = order.strategy { true } else { false }
            return Aim(
                for: new, complete: isExchanged ? [new] : both, workers: new,
                split: .shares(100, of: new, rest: nil))
        }

        var prove: Step { reach(takenOver, .prove) }

        var retire: Step { reach(.only(new), .retire) }

        /// First the traffic, then the rest.
        var back: [Step] {
            guard let old else { return [reach(.only(nil), .turnBack)] }
            if case .rolling = order.strategy {
                let aim = Aim(
                    for: old, complete: [old], workers: old, split: .byCount, pace: pace)
                return [reach(aim, .turnBack)]
            }
            let traffic = Aim(
                for: old, complete: [old], spared: [new], workers: old,
                split: .shares(100, of: old, rest: nil))
            return [reach(traffic, .turnBack), reach(.only(old), .retire)]
        }

        var bake: Duration {
            switch order.strategy {
            case .allAtOnce, .rolling: .zero
            case .blueGreen(let bake, _), .canary(_, let bake), .linear(_, _, let bake): bake
            }
        }

        var keep: Duration {
            if case .blueGreen(_, let keep) = order.strategy { keep } else { .zero }
        }

        /// What its slowest instances may take, as often as some are exchanged.
        private func reach(_ aim: Aim, _ passing: Step.Passing) -> Step {
            let roles = order.release.roles + (from?.roles ?? [])
            let turns = roles.map { aim.pace.turns(of: $0.most) ?? 1 }.max() ?? 1
            let patience = roles.map(\.patience).max() ?? .zero
            let drain = roles.map(\.drain).max() ?? .zero
            return .reach(
                aim, passing, within: (patience + drain) * max(1, turns) + Plan.margin)
        }
    }
}
