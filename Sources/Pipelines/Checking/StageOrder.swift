/// What comes before what in a stage.
package struct StageOrder {
    private let names: [ActionName]
    private let after: [ActionName: [ActionName]]

    package init(_ stage: Stage) {
        names = stage.actions.map(\.name)
        after = Dictionary(stage.actions.map { ($0.name, $0.after) }) { first, _ in first }
    }

    /// The actions of a circle in `after`, the first one again at the end; nothing if there is
    /// none.
    var circle: [ActionName]? {
        var done = Set<ActionName>()
        for name in names where !done.contains(name) {
            var path = [name]
            // A stack of its own: a stage may have more actions than the machine's has room for.
            var open: [(name: ActionName, next: Int)] = [(name, 0)]
            while let (name, next) = open.last {
                let before = after[name] ?? []
                guard next < before.count else {
                    done.insert(name)
                    open.removeLast()
                    path.removeLast()
                    continue
                }
                open[open.count - 1].next += 1
                let following = before[next]
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
    func predecessors(of name: ActionName) -> Set<ActionName> {
        var all = Set<ActionName>()
        var open = after[name] ?? []
        while let name = open.popLast() {
            guard all.insert(name).inserted else { continue }
            open += after[name] ?? []
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
