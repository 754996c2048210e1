/// What comes before what in a stage.
package enum StageOrder {
    /// The actions of a circle in `after`, the first one again at the end; nothing if there is
    /// none.
    static func circle(in stage: Stage) -> [ActionName]? {
        var done = Set<ActionName>()
        for action in stage.actions where !done.contains(action.name) {
            var path: [ActionName] = []
            // A stack of its own: a stage may have more actions than the machine's has room for.
            var open: [(name: ActionName, next: Int)] = [(action.name, 0)]
            path.append(action.name)
            while let (name, next) = open.last {
                let after = stage.actions.first { $0.name == name }?.after ?? []
                guard next < after.count else {
                    done.insert(name)
                    open.removeLast()
                    path.removeLast()
                    continue
                }
                open[open.count - 1].next += 1
                let following = after[next]
                if let start = path.firstIndex(of: following) {
                    return path[start...] + [following]
                }
                guard !done.contains(following) else { continue }
                open.append((following, 0))
                path.append(following)
            }
        }
        return nil
    }

    /// Every action that has succeeded when one starts, by way of `after`.
    static func predecessors(of action: Action, in stage: Stage) -> Set<ActionName> {
        var all = Set<ActionName>()
        var open = action.after
        while let name = open.popLast() {
            guard all.insert(name).inserted else { continue }
            open += stage.actions.first { $0.name == name }?.after ?? []
        }
        return all
    }

    /// The actions in the order they start: each wave when those it needs are done.
    package static func waves(of stage: Stage) -> [[Action]] {
        var waves: [[Action]] = []
        var done = Set<ActionName>()
        var left = stage.actions
        while !left.isEmpty {
            let ready = left.filter { $0.after.allSatisfy(done.contains) }
            guard !ready.isEmpty else { break }
            waves.append(ready)
            done.formUnion(ready.map(\.name))
            left.removeAll { done.contains($0.name) }
        }
        return waves
    }
}
