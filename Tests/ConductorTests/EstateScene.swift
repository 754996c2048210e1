import Conductor
import Deployment
import Engine
import Pipelines
import Store
import Support
import Testing

struct EstateScene {
    static let person = Who.person(Person("ada"))

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

    static func start(_ definition: Definition, at commit: String) throws -> Message {
        let revision = Revision(
            source: try #require(SourceName("app")), ref: "refs/heads/main", commit: commit,
            authors: ["bob"])
        return Message(
            .start(
                Start(definition.name, cause: .revision(revision.source), revisions: [revision])),
            by: person)
    }

    /// Builds and deploys one version.
    static func ship(
        _ digest: String, _ definition: Definition, _ scene: inout EstateScene,
        _ house: inout House<SQLiteStore, QuickHands>
    ) throws {
        let binary = try #require(ArtifactName("binary"))
        scene.hands.artifacts = [Artifact(name: binary, digest: digest)]
        try house.turn(
            [Message(.define(definition), by: person), start(definition, at: "c-\(digest)")],
            at: scene.now)
        try scene.pass(1, &house)
    }

    static func ends(_ records: [Record]) -> [AttemptEnd] {
        records.compactMap { record in
            guard case .attemptFinished(let attempt, let result) = record.event,
                attempt.visit.stage.description == "ship"
            else { return nil }
            return result.end
        }
    }
}
