import Pipelines
package import Premises

extension Keeping {
    /// What is removed now. What is still needed is not among `remains`, whatever its age; so the
    /// bytes that it takes are not counted either.
    package func outlived(_ remains: [Remains], at now: Int64) -> [Remains] {
        var seen: [String: Int] = [:]
        var bytes = 0
        var isFull = false
        let newest = remains.sorted { ($0.lastMade, $0.number) > ($1.lastMade, $1.number) }
        return newest.filter { one in
            seen[one.pipeline, default: 0] += 1
            let isMany = seen[one.pipeline, default: 0] > executions
            let isOld = age.map { now - one.lastMade > Int64($0.milliseconds) } ?? false
            if isMany || isOld { return true }
            // Once the room is used up all that is older goes too, so that what stays is a stretch
            // of time without holes.
            isFull = isFull || disk.map { bytes + one.bytes > $0.bytes } ?? false
            if !isFull { bytes += one.bytes }
            return isFull
        }
    }
}
