import Balancer
import Deployment
import Pipelines

/// Reads the figures of each release of each role, for people: nothing is decided by them.
struct FigureBoard {
    private var watches: [DoorPlan.Post: [ReleaseID: TrafficWatch]] = [:]

    mutating func note(
        _ servers: [ServerReading], of post: DoorPlan.Post, _ site: Site, at now: Duration
    ) {
        var own: [ReleaseID: TrafficWatch] = [:]
        let instances = site.instances.values.filter { $0.role == post.role }
        for (release, instances) in Dictionary(grouping: instances, by: \.release) {
            let names = Set(instances.map { "\($0.id)" })
            let readings = servers.filter { names.contains($0.id.name.description) }
            guard !readings.isEmpty else { continue }
            var watch = watches[post]?[release] ?? TrafficWatch()
            watch.note(.init(readings), at: now)
            own[release] = watch
        }
        watches[post] = own
    }

    func figures(of post: DoorPlan.Post) -> [ReleaseID: TrafficFigures] {
        watches[post]?.compactMapValues(\.figures) ?? [:]
    }
}
