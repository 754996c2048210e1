import Cloud
import Deployment
import Entrusting
import FoundationEssentials
import Pipelines
import Support
import Testing

/// An environment whose deployments the double carries out, and a house that looks after it: what
/// it decides is on a record, from which the next house begins.
final class EntrustedHouse {
    let double: CloudDouble
    private(set) var site = Site()
    private var record: [(event: SiteEvent, at: HouseTime)] = []
    private(set) var now = HouseTime.zero
    private let name: EnvironmentName
    private let bell: TestBell
    private var estate: CloudEstate
    private let templates: [String: String]

    struct Seen: Decodable {
        let begun: [String]
        let current: String
        let problems: [String]
        let images: [String: [String: String]]
        let calls: [String]
        let configuration: String
        let codeDeploy: [String]
        let made: String
        let desired: Int
        let scaling: String
        let labels: [String: [String: String]]
    }

    init(
        _ controller: CloudDouble.Controller = .ecs, templates: [String: String] = [:]
    ) throws {
        let moto = try #require(TestMoto.server)
        double = try CloudDouble(controller, python: moto.python)
        name = try #require(EnvironmentName("prod"))
        bell = try TestBell()
        self.templates = templates
        estate = try Self.estate(of: double, bell, templates)
        try estate.start()
    }

    deinit { estate.stop() }

    private static func estate(
        of double: CloudDouble, _ bell: TestBell, _ templates: [String: String]
    ) throws -> CloudEstate {
        let access = AWSAccess(
            variables: [
                "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
                "HOME": "/nonexistent",
            ], endpoint: double.url, clusters: [try Glob(parsing: "c")])
        struct Missing: Error {}
        return try CloudEstate(
            access, pace: AskingPace(from: .milliseconds(1), to: .milliseconds(10)),
            templates: { _, path in
                guard let text = templates[path] else { throw Missing() }
                return Array(text.utf8)
            }, wake: { bell.ring() })
    }

    /// Another one in its place, which knows what is on the record, and nothing else.
    func restart() throws {
        estate.stop()
        var replayed = Site()
        for (event, time) in record { replayed.apply(event, at: time) }
        #expect(replayed == site)
        site = replayed
        estate = try Self.estate(of: double, bell, templates)
        try estate.start()
    }

    var seen: Seen {
        get throws {
            try JSONDecoder().decode(Seen.self, from: Data(try double.seen.utf8))
        }
    }

    func tell(_ command: SiteCommand) throws {
        record += try site.decide(command, at: now).map { ($0, now) }
        estate.keep([name: site])
    }

    /// Deploys a version that behaves as its name says, and goes on until `enough` or its end.
    func deploy(
        _ number: Int, _ manner: String, by strategy: Strategy = .plain, rule: ECSRule? = nil,
        templates: String? = nil, until enough: (SiteEvent) -> Bool = { _ in false }
    ) throws {
        let image = "example.com/shop-\(manner)@sha256:\(String(repeating: "\(number)", count: 64))"
        let handover = Handover(try rule ?? .plain(), image: image, templates: templates)
        let release = Release(ReleaseID(number), version: image, roles: [], handover: handover)
        try tell(.deploy(RolloutOrder(release, by: strategy, person: "ada")))
        try goOn(until: enough)
    }

    /// Goes on until `enough` has happened, or nothing is under way.
    func goOn(until enough: (SiteEvent) -> Bool = { _ in false }) throws {
        while site.rollout != nil {
            let count = events.count
            now += .milliseconds(1)
            let news = site.news(of: estate.facts[name] ?? SiteFacts())
            for sighting in news { try tell(.see(sighting)) }
            if events[count...].contains(where: enough) { return }
            guard news.isEmpty, site.rollout != nil else { continue }
            try #require(bell.hear(milliseconds: 60_000), "nothing more is heard: \(events)")
        }
    }

    var events: [SiteEvent] { record.map(\.event) }

    /// What was told on the way.
    var progress: [String] {
        events.compactMap { if case .entrustedTold(let words) = $0 { words } else { nil } }
    }
}

extension Strategy {
    static let plain = Strategy.rolling(batch: nil, minimumHealthy: nil, maximum: nil)
}

extension ECSRule {
    static func plain(_ more: String = ", container: web") throws -> ECSRule {
        let text = """
            name: shop
            sources: { app: { git: . } }
            environments:
              prod:
                ecs: { region: eu-west-1, cluster: c, service: s\(more) }
            stages: [{ name: a, actions: { b: { run: x } } }]

            """
        let definition = try #require(Definition.read(Array(text.utf8)).definition)
        return try #require(definition.environments.first?.ecs)
    }
}
