import Deployment
import Pipelines
import Support
import Targets
import Testing

/// A target whose instances are what a test says; nothing is really run.
private final class PlayedTarget: Target {
    var there: [EnvironmentName: [InstanceID: Sight]] = [:]
    var deeds: [String] = []
    var refuses = false

    struct Full: Error, CustomStringConvertible {
        let description = "the machine is full"
    }

    func look() -> [EnvironmentName: [InstanceID: Sight]] { there }

    func launch(
        _ instance: Instance, of release: Release, in environment: EnvironmentName
    ) throws {
        if refuses { throw Full() }
        deeds.append("launch \(instance.id)")
        there[environment, default: [:]][instance.id] = Sight(.starting(nil))
    }

    func stop(_ instance: InstanceID, in environment: EnvironmentName) {
        deeds.append("stop \(instance)")
    }

    func letGo(of instance: InstanceID, in environment: EnvironmentName) {
        deeds.append("let go of \(instance)")
        there[environment]?[instance] = nil
    }

    var descriptors: [Int32] { [] }
}

@Suite("A patrol over what is deployed") struct PatrolTests {
    private let target = PlayedTarget()
    private let patrol: Patrol
    private let folder: Folder
    private let prod: EnvironmentName

    init() throws {
        folder = try Folder()
        prod = try #require(EnvironmentName("prod"))
        patrol = Patrol(target, try Gatehouse(in: folder.path, program: "/nowhere/haproxy"))
    }

    @Test func `begins what is ordered, and once`() throws {
        let site = try site()
        _ = patrol.go([prod: site])
        let found = patrol.go([prod: site])
        #expect(target.deeds == ["launch i1", "launch i2", "launch i3"])
        #expect(found.facts[prod]?.instances[InstanceID(1)] == .starting(nil))
    }

    @Test func `ends what is nobody's, and lets go of it when it has ended`() throws {
        target.there[prod] = [InstanceID(9): Sight(.healthy)]
        _ = patrol.go([:])
        #expect(target.deeds == ["stop i9"])
        target.there[prod] = [InstanceID(9): Sight(.gone("stopped"))]
        _ = patrol.go([:])
        #expect(target.deeds == ["stop i9", "let go of i9"])
        #expect(target.there[prod] == [:])
    }

    @Test func `tells of one that ended by itself until its environment has heard`() throws {
        var site = try site()
        _ = patrol.go([prod: site])
        target.there[prod]?[InstanceID(1)] = Sight(.gone("exited with code 3"))
        var found = patrol.go([prod: site])
        #expect(found.facts[prod]?.instances[InstanceID(1)] == .gone("exited with code 3"))
        #expect(!target.deeds.contains("let go of i1"))
        for sighting in site.news(of: try #require(found.facts[prod])) {
            _ = try site.decide(.see(sighting), at: .seconds(1))
        }
        found = patrol.go([prod: site])
        #expect(target.deeds.contains("let go of i1"))
    }

    @Test func `what cannot be begun is gone, with the reason, and is not tried for ever`() throws {
        target.refuses = true
        let site = try site()
        _ = patrol.go([prod: site])
        target.refuses = false
        let found = patrol.go([prod: site])
        #expect(found.facts[prod]?.instances[InstanceID(1)] == .gone("the machine is full"))
        #expect(target.deeds.isEmpty)
    }

    @Test func `says why nobody is let in`() throws {
        let found = patrol.go([prod: try site()])
        #expect(found.trouble == "'/nowhere/haproxy' is not here: apt-get install haproxy")
        #expect(found.facts[prod]?.routed.isEmpty == true)
        // It may come back: a deployment is not turned back for a moment.
        #expect(found.facts[prod]?.alarms.isEmpty == true)
    }
}
