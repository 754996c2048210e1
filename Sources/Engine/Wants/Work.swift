import Deployment
package import Pipelines

/// Something that should be under way, as seen from the state alone.
package enum Work: Hashable, Sendable {
    /// `hasStarted` tells what it means if the runner knows nothing of it: not yet begun, or lost.
    case run(AttemptID, hasStarted: Bool)
    case kill(AttemptID)
    case watch(GateID, Window)
}

extension EngineState {
    package var wanted: [Work] {
        var work = runners.underWay.map { entry -> Work in
            entry.isDying
                ? .kill(entry.attempt) : .run(entry.attempt, hasStarted: entry.hasStarted)
        }
        for name in pipelines.keys.sorted() {
            for execution in pipelines[name]?.live.map(\.self) ?? [] {
                work += windows(watchedFor: execution)
            }
        }
        return work
    }

    /// The next time at which something follows by itself; nothing if it takes word from outside.
    /// What was due before has been looked at and waits for something else besides.
    package func nextWake(after now: Steady) -> Steady? {
        let passages = pipelines.values.lazy.flatMap { $0.live }.flatMap(\.dueTimes)
        let sites = environments.values.lazy.compactMap { $0.site.wants(at: now.sinceBirth).wakes }
            .map { Steady(milliseconds: Int64($0.milliseconds)) }
        return (Array(passages) + sites).filter { $0 > now }.min()
    }

    private func windows(watchedFor execution: Execution) -> [Work] {
        guard let passage = execution.passage, !passage.gates.windows.isEmpty,
            let definition = definition(of: execution)
        else { return [] }
        return passage.gates.windows.keys.sorted().compactMap { index in
            let id = GateID(passage.visit, passage.side, index)
            guard case .window(let window)? = definition.gate(id)?.kind.opening else { return nil }
            return .watch(id, window)
        }
    }
}

extension Execution {
    fileprivate var dueTimes: [Steady] {
        guard let passage else { return [] }
        return passage.gates.dueTimes + passage.actions.flatMap(\.dueTimes)
    }
}

extension GateProgress {
    fileprivate var dueTimes: [Steady] {
        switch current {
        case .ahead, .watching: []
        case .asking(let asking): [asking.deadline]
        case .waiting(let end): [end]
        case .checking(let check, let deadline): check.dueTimes + [deadline].compactMap(\.self)
        }
    }
}

extension ActionState {
    fileprivate var dueTimes: [Steady] {
        switch status {
        case .asking(let asking): [asking.deadline]
        case .backingOff(let time): [time]
        default: []
        }
    }
}
