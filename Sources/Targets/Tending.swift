import Deployment
import Pipelines

/// The difference between the instances that an environment wants and those that there are.
struct Tending: Hashable {
    private(set) var launches: [Instance] = []
    private(set) var stops: [InstanceID] = []
    /// They have ended, and nobody waits for word of them.
    private(set) var forgotten: [InstanceID] = []

    /// An environment that nobody knows of wants none.
    init(_ site: Site?, there: [InstanceID: Sight]) {
        let wants = site?.wants(at: .zero)
        launches = (wants?.launches ?? []).filter { there[$0.id] == nil }
        let stopping = Set(wants?.stops ?? [])
        for (id, sight) in there.sorted(by: { $0.key < $1.key }) {
            let isWanted = wants?.instances.contains(id) == true
            if sight.isGone {
                if !isWanted { forgotten.append(id) }
            } else if !isWanted || stopping.contains(id) {
                stops.append(id)
            }
        }
    }
}
