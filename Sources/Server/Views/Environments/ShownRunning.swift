import Deployment
import Engine
import Pipelines

/// Who gets which part of a role's requests.
struct ShownTraffic {
    let role: RoleName
    let listens: [Listen]
    let lanes: [Routing.Lane]
    let isConfirmed: Bool

    init(_ role: RoleName, in site: Site) {
        self.role = role
        listens = site.doors[role] ?? []
        lanes = site.routing(of: role).lanes
        isConfirmed = site.traffic[role]?.isHeld ?? false
    }

    static let view = View<ShownTraffic>(
        "Traffic", "Who gets which part of the requests of a service.",
        [
            .text("role", "The service.") { "\($0.role)" },
            .texts("listens", "Where requests come in.") { $0.listens.map(\.description) },
            .list("lanes", "Who gets how much.", of: laneView) { $0.lanes },
            .truth("confirmed", "Whether the balancer has said that it does so.") {
                $0.isConfirmed
            },
        ])
}

private let laneView = View<Routing.Lane>(
    "Lane", "A release's part of the requests.",
    [
        .text("release", "The release.") { "\($0.release)" },
        .count("percent", "How many hundredths.") { $0.percent },
        .texts("instances", "Who share them.") { $0.instances.map(\.description) },
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
