import Deployment
import Engine
import Pipelines

/// Who gets which part of a role's requests.
struct ShownTraffic {
    let role: RoleName
    let listens: [Listen]
    let lanes: [ShownLane]
    let isConfirmed: Bool

    init(_ role: RoleName, in environment: ShownEnvironment) {
        let site = environment.site
        self.role = role
        listens = site.doors[role] ?? []
        lanes = site.routing(of: role).lanes.map {
            ShownLane(lane: $0, figures: environment.figures[role]?[$0.release])
        }
        isConfirmed = site.traffic[role]?.isHeld ?? false
    }

    static let view = View<ShownTraffic>(
        "Traffic", "Who gets which part of the requests of a service.",
        [
            .text("role", "The service.") { "\($0.role)" },
            .texts("listens", "Where requests come in.") { $0.listens.map(\.description) },
            .list("lanes", "Who gets how much.", of: ShownLane.view) { $0.lanes },
            .truth("confirmed", "Whether the balancer has said that it does so.") {
                $0.isConfirmed
            },
        ])
}

/// A release's part of a role's requests.
struct ShownLane {
    let lane: Routing.Lane
    let figures: TrafficFigures?

    static let view = View<ShownLane>(
        "Lane", "A release's part of the requests.",
        [
            .text("release", "The release.") { "\($0.lane.release)" },
            .count("percent", "How many hundredths.") { $0.lane.percent },
            .texts("instances", "Who share them.") { $0.lane.instances.map(\.description) },
            .optional(
                "figures", "What came of its requests; null until it is known.", of: figuresView
            ) { $0.figures },
        ])
}

private let figuresView = View<TrafficFigures>(
    "Figures", "What came of a release's requests, as the balancer has counted.",
    [
        .count("milliseconds", "Of how long these are: the last half minute, or less.") {
            Int(($0.seconds * 1_000).rounded())
        },
        .count("answers", "How many were answered.") { $0.answers },
        .count("failures", "How many answers were 5xx or broken off.") { $0.failures },
        .count("latency", "What the last answers took on average, in milliseconds.") {
            $0.milliseconds
        },
    ])

/// One running copy of a service.
struct ShownInstance {
    enum Condition: String, CaseIterable {
        case ordered, starting, healthy, unhealthy, leaving, stopping
    }

    let instance: Instance
    let since: Int
    let cause: String?

    init(_ instance: Instance, in environment: ShownEnvironment) {
        self.instance = instance
        since = environment.call.wall(of: Steady(instance.since))
        let seen: String? =
            switch environment.facts?.instances[instance.id] {
            case .unhealthy(let cause), .gone(let cause): cause
            case .starting, .healthy, nil: nil
            }
        let last = environment.site.lastFailure(of: instance.release, instance.role)
        let own = last.flatMap { $0.instance == instance.id ? $0.cause : nil }
        cause = instance.condition == .healthy ? nil : seen ?? own
    }

    private var condition: Condition {
        switch instance.condition {
        case .ordered: .ordered
        case .starting: .starting
        case .healthy: .healthy
        case .unhealthy: .unhealthy
        case .leaving: .leaving
        case .stopping: .stopping
        }
    }

    static let view = View<ShownInstance>(
        "Instance", "One running copy of a service.",
        [
            .text("instance", "What it is called, such as `i12`.") { "\($0.instance.id)" },
            .text("release", "The release that it runs.") { "\($0.instance.release)" },
            .text("role", "The service.") { "\($0.instance.role)" },
            .word("condition", "How it is.", among: Condition.allCases.map(\.rawValue)) {
                $0.condition.rawValue
            },
            .time("since", "Since when.") { $0.since },
            .optionalText("cause", "Why it is not well, with its last lines.") { $0.cause },
        ])
}

struct ShownDrift {
    let kind: String
    let role: RoleName?
    let sentence: String

    static let view = View<ShownDrift>(
        "Drift", "A way in which what runs is not what should run.",
        [
            .word(
                "kind", "What is wrong: `closed` is that nobody is let in.",
                among: Drift.Kind.allCases.map(\.rawValue) + ["closed"]
            ) { $0.kind },
            .optionalText("role", "The service, if it is one.") { $0.role.map { "\($0)" } },
            .text("sentence", "What it is, for people.") { $0.sentence },
        ])
}
