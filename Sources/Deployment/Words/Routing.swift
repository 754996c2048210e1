/// Who gets how much of a role's traffic. Hundredths are given to a release, and its instances
/// share them equally: so they always add up, however many instances there are.
package struct Routing: Hashable, Sendable, Codable {
    package struct Lane: Hashable, Sendable, Codable {
        package let release: ReleaseID
        package let percent: Int
        package let instances: [InstanceID]
    }

    package let lanes: [Lane]

    /// Nobody can take any.
    package static let none = Routing(lanes: [])

    private init(lanes: [Lane]) { self.lanes = lanes }

    /// Hands out a hundred hundredths in proportion to `parts`, of which those without an instance
    /// get none. The largest remainders are rounded up.
    init(_ parts: [(release: ReleaseID, part: Int, instances: [InstanceID])]) {
        let takers = parts.filter { $0.part > 0 && !$0.instances.isEmpty }
        let whole = takers.reduce(0) { $0 + $1.part }
        guard whole > 0 else {
            self = .none
            return
        }
        var percents = takers.map { 100 * $0.part / whole }
        let byRemainder = takers.indices.sorted { left, right in
            let (first, second) = (
                100 * takers[left].part % whole, 100 * takers[right].part % whole
            )
            return (second, left) < (first, right)
        }
        for index in byRemainder.prefix(100 - percents.reduce(0, +)) { percents[index] += 1 }
        lanes = zip(takers, percents).filter { $0.1 > 0 }.map { taker, percent in
            Lane(
                release: taker.release, percent: percent, instances: taker.instances.sorted())
        }
    }

    package func percent(of release: ReleaseID) -> Int {
        lanes.first { $0.release == release }?.percent ?? 0
    }

    package var instances: [InstanceID] { lanes.flatMap(\.instances) }
}

/// What was decided of a role's traffic.
package struct Traffic: Hashable, Sendable, Codable {
    package let routing: Routing
    /// Decisions are counted, so that an old answer is not taken for a new one.
    package let serial: Int
    /// Whether the target has said that it does so.
    package internal(set) var isHeld = false
}
