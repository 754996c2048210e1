/// What is still to be done, and to be waited for, until HAProxy does what a pool says.
///
/// Nobody takes requests before a health check has said that it is well, and nobody loses its
/// part before all who are to take are ready: so there is always somebody.
package struct Obeying: Hashable, Sendable {
    package private(set) var commands: [RuntimeCommand] = []
    /// Why requests do not yet go as they should; empty when they do.
    package private(set) var pending: [String] = []

    /// Whether nothing of what goes to whom is left to be done or waited for.
    package var isObeyed: Bool { pending.isEmpty && !commands.contains(where: \.movesTraffic) }

    private let pool: Pool
    private let there: [BalancerName: ServerReading]

    package init(_ pool: Pool, from readings: [ServerReading]) {
        self.pool = pool
        let own = readings.filter { $0.id.backend == pool.backend }
        there = Dictionary(own.map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first })
        let wanted = pool.weights.sorted { $0.key.name < $1.key.name }
        for (member, weight) in wanted { bring(member, to: weight) }
        let mayLower = pending.isEmpty
        for (member, weight) in wanted {
            if let reading = reading(of: member), weight < reading.weight {
                lower(reading, to: weight, when: mayLower)
            }
        }
        let names = Dictionary(
            uniqueKeysWithValues: pool.weights.keys.map { ($0.name, $0.endpoint) })
        for reading in own.sorted(by: { $0.id.name < $1.id.name })
        where names[reading.id.name] != reading.endpoint {
            // Who has the name of somebody who waits for it is in the way.
            dismiss(reading, when: mayLower || names[reading.id.name] != nil)
        }
    }

    /// Nothing if another server has the name.
    private func reading(of member: Member) -> ServerReading? {
        there[member.name].flatMap { $0.endpoint == member.endpoint ? $0 : nil }
    }

    private mutating func bring(_ member: Member, to weight: Int) {
        let id = ServerID(pool.backend, member.name)
        guard let reading = reading(of: member) else {
            if let other = there[member.name] {
                if weight > 0 { pending.append("'\(id)' is still \(other.endpoint)") }
                return
            }
            commands.append(.add(id, member.endpoint, pool.check))
            wake(id)
            if weight > 0 { pending.append("'\(id)' is new") }
            return
        }
        if reading.isResting { wake(id) }
        guard weight > 0 else { return }
        if !reading.isWell(checked: pool.check != nil) {
            pending.append("'\(id)' is not known to be well: \(reading.condition)")
        } else if weight > reading.weight {
            commands.append(.weigh(id, weight))
        }
    }

    private mutating func wake(_ id: ServerID) {
        if pool.check != nil { commands.append(.startChecks(id)) }
        commands.append(.enable(id))
    }

    /// One that is ill has nothing to lose.
    private mutating func lower(_ reading: ServerReading, to weight: Int, when mayLower: Bool) {
        guard mayLower || reading.isDown else {
            pending.append("'\(reading.id)' goes on until the others are ready")
            return
        }
        commands.append(.weigh(reading.id, weight))
    }

    private mutating func dismiss(_ reading: ServerReading, when mayLower: Bool) {
        if reading.weight > 0 { return lower(reading, to: 0, when: mayLower) }
        guard reading.isIdle else { return }
        if !reading.isResting { commands.append(.rest(reading.id)) }
        commands.append(.remove(reading.id))
    }
}
