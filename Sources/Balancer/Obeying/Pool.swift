/// What the servers of one backend are to be, and who of them takes which part of the requests.
package struct Pool: Hashable, Sendable {
    package struct Lane: Hashable, Sendable {
        package let percent: Int
        package let members: [Member]

        package init(percent: Int, members: [Member]) {
            self.percent = percent
            self.members = members
        }
    }

    package let backend: BalancerName
    package let check: HealthCheck?
    /// Who is to be there, with a weight; nought for those who take no new requests.
    let weights: [Member: Int]

    /// `resting` are there without a part: they are to take one later, or have lost theirs and
    /// finish what they have. Whoever is in neither is removed as soon as it is idle.
    package init(
        _ backend: BalancerName, check: HealthCheck?, lanes: [Lane], resting: [Member] = []
    ) throws(BalancerProblem) {
        let members = lanes.flatMap(\.members) + resting
        var known: Set<BalancerName> = []
        for member in members where !known.insert(member.name).inserted {
            throw .twice(what: "servers of '\(backend)'", name: "\(member.name)")
        }
        for lane in lanes where !(0...100).contains(lane.percent) {
            throw .badNumber(
                what: "a part of '\(backend)' in hundredths", number: lane.percent,
                allowed: 0...100)
        }
        let shares = Shares.weights(of: lanes.map { ($0.percent, $0.members.count) })
        var weights = Dictionary(uniqueKeysWithValues: resting.map { ($0, 0) })
        for (lane, share) in zip(lanes, shares) {
            for (member, weight) in zip(lane.members, share) { weights[member] = weight }
        }
        self.backend = backend
        self.check = check
        self.weights = weights
    }
}
