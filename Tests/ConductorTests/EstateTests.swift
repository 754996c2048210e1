import Assignments
import Conductor
import Deployment
import Engine
import Pipelines
import Store
import Support
import Testing

/// An estate where all is well at once, but for what a test says.
private final class ObedientEstate: Estate {
    var facts: [EnvironmentName: SiteFacts] = [:]
    /// Versions whose instances never become healthy.
    var sick: Set<String> = []

    func keep(_ sites: [EnvironmentName: Site]) {
        for (name, site) in sites {
            var seen = SiteFacts()
            for (id, instance) in site.instances {
                let version = site.releases[instance.release]?.version
                seen.instances[id] =
                    switch instance.condition {
                    case .stopping: .gone("it was stopped")
                    case _ where version.map(sick.contains) == true: .gone("exited with code 3")
                    default: .healthy
                    }
                if instance.condition == .leaving { seen.drained.insert(id) }
            }
            seen.routed = site.traffic.mapValues(\.serial)
            facts[name] = seen
        }
    }
}

/// Hands whose actions end at once, and bring home what a test says.
private final class QuickHands: Hands {
    var observed: [AttemptID: Observed] = [:]
    var artifacts: [Artifact] = []

    func start(_ assignment: Assignment) {
        let result = AttemptResult(end: .succeeded, artifacts: artifacts)
        observed[assignment.attempt] = .finished(result)
    }

    func refuse(_ attempt: AttemptID, because reason: String) {
        observed[attempt] = .finished(AttemptResult(end: .failed(.couldNotStart, reason)))
    }

    func kill(_ attempt: AttemptID) {
        observed[attempt] = .finished(AttemptResult(end: .stopped))
    }

    func collect(_ attempt: AttemptID) { observed[attempt] = nil }
}

@Suite("What an action deploys") struct EstateTests {
    private struct Scene {
        let folder: Folder
        let hands = QuickHands()
        let estate = ObedientEstate()
        let prod: EnvironmentName
        var time: Int64 = 0

        init() throws {
            folder = try Folder()
            prod = try #require(EnvironmentName("prod"))
        }

        var now: Moment { Moment(wall: time, steady: Steady(milliseconds: time)) }

        func house() throws -> House<SQLiteStore, QuickHands> {
            let store = try SQLiteStore.open(folder.file("db"))
            let conductor = try Conductor.recovering(store)
            return House(conductor, hands: hands, estate: estate) { _, _ in
                WindowView(isOpen: true, lasts: .seconds(60))
            }
        }

        mutating func pass(
            _ seconds: Int64, _ house: inout House<SQLiteStore, QuickHands>
        ) throws {
            let end = time + 1_000 * seconds
            while let pause = house.pause(at: now.steady), time + Int64(pause.milliseconds) <= end {
                time += max(1, Int64(pause.milliseconds))
                try house.turn([], at: now)
            }
            time = end
            try house.turn([], at: now)
        }
    }

    private static let person = Who.person(Person("ada"))

    private static func definition(
        _ name: String = "shop", strategy: String = "all-at-once"
    ) throws -> Definition {
        let text = """
            name: \(name)
            mode: queued
            sources: { app: { git: . } }
            environments:
              prod:
                services:
                  web:
                    run: exec ./shop
                    count: 2
                    listen: 8080
                    environment: { COMMIT: "#{app.commit}" }
            stages:
              - name: build
                actions: { make: { run: make, outputs: { binary: out } } }
              - name: ship
                actions:
                  go: { deploy: { environment: prod, artifact: binary, strategy: \(strategy) } }
            """
        let reading = Definition.read(Array(text.utf8))
        return try #require(reading.definition, "\(reading.diagnostics)")
    }

    private static func start(_ definition: Definition, at commit: String) throws -> Message {
        let revision = Revision(
            source: try #require(SourceName("app")), ref: "refs/heads/main", commit: commit,
            authors: ["bob"])
        return Message(
            .start(
                Start(definition.name, cause: .revision(revision.source), revisions: [revision])),
            by: person)
    }

    /// Builds and deploys one version.
    private static func ship(
        _ digest: String, _ definition: Definition, _ scene: inout Scene,
        _ house: inout House<SQLiteStore, QuickHands>
    ) throws {
        let binary = try #require(ArtifactName("binary"))
        scene.hands.artifacts = [Artifact(name: binary, digest: digest)]
        try house.turn(
            [Message(.define(definition), by: person), start(definition, at: "c-\(digest)")],
            at: scene.now)
        try scene.pass(1, &house)
    }

    private static func ends(_ records: [Record]) -> [AttemptEnd] {
        records.compactMap { record in
            guard case .attemptFinished(let attempt, let result) = record.event,
                attempt.visit.stage.description == "ship"
            else { return nil }
            return result.end
        }
    }

    @Test func `goes through its environment, and the action ends when all is there`() throws {
        var scene = try Scene()
        var house = try scene.house()
        try Self.ship("v1", try Self.definition(), &scene, &house)
        let environment = try #require(house.state.environments[scene.prod])
        #expect(Self.ends(house.news()) == [.succeeded])
        #expect(environment.site.current == ReleaseID(1))
        #expect(environment.site.instances.count == 2)
        let release = try #require(environment.site.releases[ReleaseID(1)])
        #expect(release.version == "v1")
        #expect(release.roles.first?.work?.environment == ["COMMIT": "c-v1"])
        #expect(environment.history.first?.end == .outcome(.succeeded))
        #expect(environment.history.first?.attempt?.visit.execution.number == 1)
    }

    @Test func `is turned back if it never becomes healthy, and the action says why`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let definition = try Self.definition(strategy: "blue-green")
        try Self.ship("v1", definition, &scene, &house)
        scene.estate.sick = ["v2"]
        try Self.ship("v2", definition, &scene, &house)
        try scene.pass(600, &house)
        let environment = try #require(house.state.environments[scene.prod])
        #expect(environment.site.current == ReleaseID(1))
        #expect(environment.site.instances.values.allSatisfy { $0.release == ReleaseID(1) })
        let end = try #require(Self.ends(house.news()).last)
        guard case .failed(.failed, let reason) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(reason.hasPrefix("turned back: 3 instances failed"))
        #expect(reason.contains("exited with code 3"))
    }

    @Test func `that is there already is no second deployment, and succeeds`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let definition = try Self.definition()
        try Self.ship("v1", definition, &scene, &house)
        try house.turn([try Self.start(definition, at: "c-v1")], at: scene.now)
        try scene.pass(1, &house)
        let environment = try #require(house.state.environments[scene.prod])
        #expect(environment.history.map(\.release) == [ReleaseID(1), ReleaseID(1)])
        #expect(environment.history.last?.begun == nil)
        #expect(Self.ends(house.news()) == [.succeeded, .succeeded])
    }

    @Test func `goes back when its execution is stopped`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let strategy = "{ canary: { steps: [{ percent: 10, time: 1h }] } }"
        let definition = try Self.definition(strategy: strategy)
        try Self.ship("v1", definition, &scene, &house)
        try Self.ship("v2", definition, &scene, &house)
        let web = try #require(RoleName("web"))
        var site = try #require(house.state.environments[scene.prod]).site
        #expect(site.routing(of: web).percent(of: ReleaseID(2)) == 10)
        let execution = ExecutionID(definition.name, 2)
        try house.turn(
            [Message(.stop(execution, .abandon, reason: "wrong colours"), by: Self.person)],
            at: scene.now)
        try scene.pass(1, &house)
        site = try #require(house.state.environments[scene.prod]).site
        #expect(site.routing(of: web).percent(of: ReleaseID(1)) == 100)
        #expect(site.rollout == nil)
        #expect(site.instances.values.allSatisfy { $0.release == ReleaseID(1) })
    }

    @Test func `is refused where another pipeline deploys`() throws {
        var scene = try Scene()
        var house = try scene.house()
        try Self.ship("v1", try Self.definition(), &scene, &house)
        _ = house.news()
        try Self.ship("v1", try Self.definition("other"), &scene, &house)
        let reason =
            "environment 'prod' is that of pipeline 'shop'; deploy to another one, or from that "
            + "pipeline"
        #expect(Self.ends(house.news()) == [.failed(.failed, reason)])
        let shop = try #require(PipelineName("shop"))
        try house.turn([Message(.remove(shop), by: Self.person)], at: scene.now)
        let other = try Self.definition("other")
        try house.turn([try Self.start(other, at: "c-v2")], at: scene.now)
        try scene.pass(1, &house)
        #expect(house.state.environments[scene.prod]?.owner == other.name)
    }

    @Test func `is put back by a person, by the way that it came`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let definition = try Self.definition()
        for version in ["v1", "v2"] { try Self.ship(version, definition, &scene, &house) }
        try house.turn(
            [Message(.putBack(scene.prod, to: nil, by: nil), by: Self.person)], at: scene.now)
        try scene.pass(1, &house)
        let environment = try #require(house.state.environments[scene.prod])
        #expect(environment.site.current == ReleaseID(1))
        #expect(environment.history.last?.by == Self.person)
        #expect(environment.history.last?.end == .outcome(.succeeded))
        // What a person has left is not put back by automation.
        _ = house.news()
        try house.turn([try Self.start(definition, at: "c-v2")], at: scene.now)
        try scene.pass(1, &house)
        let reason = "a person has left version 'v2'; automation does not put it back; a person can"
        #expect(Self.ends(house.news()) == [.failed(.failed, reason)])
    }

    @Test func `is no name for a runner that runs anything`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let text = """
            name: odd
            sources: { app: { git: . } }
            stages: [{ name: ship, actions: { go: { run: x, runner: deployments } } }]
            """
        let definition = try #require(Definition.read(Array(text.utf8)).definition)
        try house.turn(
            [Message(.define(definition), by: Self.person), Self.start(definition, at: "c-v1")],
            at: scene.now)
        try scene.pass(1, &house)
        #expect(
            Self.ends(house.news()) == [
                .failed(
                    .couldNotStart,
                    "nothing runs on 'deployments', where deployments take turns")
            ])
    }

    @Test func `goes on in the next house from where it was`() throws {
        var scene = try Scene()
        let strategy = "{ canary: { steps: [{ percent: 10, time: 1h }] } }"
        do {
            var house = try scene.house()
            let definition = try Self.definition(strategy: strategy)
            for version in ["v1", "v2"] { try Self.ship(version, definition, &scene, &house) }
            #expect(house.state.environments[scene.prod]?.site.rollout != nil)
        }
        var house = try scene.house()
        try scene.pass(3_700, &house)
        #expect(house.state.environments[scene.prod]?.site.current == ReleaseID(2))
        #expect(Self.ends(house.news()) == [.succeeded])
    }
}
