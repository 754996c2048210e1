package import Pipelines

extension Site {
    /// Where requests come in, for each role: also for the version that is on its way, so that its
    /// place is taken before anybody is led there.
    package var doors: [RoleName: [Listen]] {
        let present = Set(instances.values.map(\.release))
            .union([current, rollout?.to, rollout?.from].compactMap(\.self))
        var doors: [RoleName: Set<Listen>] = [:]
        for role in present.compactMap({ releases[$0] }).flatMap(\.roles) {
            if let listen = role.work?.listen { doors[role.name, default: []].insert(listen) }
        }
        return doors.mapValues { listens in
            listens.sorted { ($0.port, $0.address) < ($1.port, $1.address) }
        }
    }
}
