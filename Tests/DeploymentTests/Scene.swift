import Deployment
import Pipelines
import Testing

/// An environment with a target that does at once what it is told, and whose time passes as a test
/// says.
struct Scene {
    let web: RoleName
    private(set) var site = Site()
    private(set) var now = HouseTime.zero
    private(set) var events: [SiteEvent] = []
    /// Releases whose instances never become healthy.
    var sick: Set<ReleaseID> = []
    /// How the number of instances of coming releases changes.
    var scaling: ScalingRule?

    init() throws { web = try #require(RoleName("web")) }

    func release(_ number: Int, count: Int = 2) -> Release {
        let role = Role(
            web, count: count, takesTraffic: true, patience: .seconds(30), drain: .seconds(10),
            scaling: scaling)
        return Release(ReleaseID(number), version: "sha256:\(number)", roles: [role])
    }

    mutating func tell(_ command: SiteCommand) throws {
        events += try site.decide(command, at: now)
        while try obey() {}
    }

    mutating func pass(_ time: Duration) throws {
        let end = now + time
        while let wake = site.wants(at: now).wakes, wake <= end {
            now = wake
            try tell(.look)
        }
        now = end
        try tell(.look)
    }

    /// Puts a version there that serves.
    mutating func settle(_ number: Int, count: Int = 2) throws {
        try tell(
            .deploy(RolloutOrder(release(number, count: count), by: .allAtOnce, person: "ada")))
        try pass(.seconds(60))
        #expect(site.current == ReleaseID(number))
    }

    private mutating func obey() throws -> Bool {
        let wants = site.wants(at: now)
        if let instance = wants.launches.first {
            events += try site.decide(.see(.started(instance.id)), at: now)
            guard !sick.contains(instance.release) else { return true }
            events += try site.decide(.see(.healthy(instance.id)), at: now)
        } else if let (role, traffic) = wants.traffic.min(by: { $0.key < $1.key }) {
            events += try site.decide(.see(.routed(role, traffic.serial)), at: now)
        } else if let id = wants.stops.first {
            events += try site.decide(.see(.gone(id, "")), at: now)
        } else if let hook = wants.hook {
            events += try site.decide(.see(.hookEnded(hook, problem: nil)), at: now)
        } else {
            return false
        }
        return true
    }

    /// The same, with nothing remembered of how it came about.
    var forgettingEvents: Scene {
        var scene = self
        scene.events = []
        return scene
    }

    func share(of number: Int) -> Int {
        site.routing(of: web).percent(of: ReleaseID(number))
    }

    func count(of number: Int) -> Int {
        site.instances(of: ReleaseID(number), web).count
    }
}
