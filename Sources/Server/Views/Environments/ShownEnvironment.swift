import Deployment
import Engine
import Pipelines
import Store

/// An environment as it is shown.
struct ShownEnvironment {
    enum Health: String, CaseIterable {
        case serving, deploying
        case goingBack = "going back"
        case degraded, empty
    }

    let name: EnvironmentName
    let about: String?
    let state: EnvironmentState
    /// What was seen of it last; nothing if nobody has looked yet.
    let facts: SiteFacts?
    let figures: [RoleName: [ReleaseID: TrafficFigures]]
    /// Why nobody is let in.
    let trouble: String?
    let call: Call
    let origins: Origins
    /// The newest deployments that are shown, the newest first.
    let past: [PastDeployment]

    var site: Site { state.site }

    init(
        _ name: EnvironmentName, _ state: EnvironmentState, past count: Int = 0, for call: Call,
        _ archive: borrowing Archive
    ) throws(StoreError) {
        let seen = call.house.estate()
        let definition = call.state.pipelines[state.owner]?.current?.definition
        self.name = name
        about = definition?.environment(name)?.about
        self.state = state
        facts = seen.facts[name]
        figures = seen.figures[name] ?? [:]
        trouble = state.site.doors.isEmpty ? nil : seen.trouble
        self.call = call
        past = Array(state.history.suffix(count).reversed())
        origins = try Origins(of: state, past, in: archive)
    }

    private func shown(_ release: Release) -> ShownRelease {
        ShownRelease(release, in: state, origins, call)
    }

    private func shown(_ past: PastDeployment) -> ShownPast {
        ShownPast(past: past, origin: origins[past.attempt], call: call)
    }

    var health: Health {
        if let rollout = site.rollout { return rollout.isGoingBack ? .goingBack : .deploying }
        guard site.current != nil else { return .empty }
        // Who leaves late harms nobody.
        let isIll = trouble != nil || site.drift.contains { $0.kind != .surplus }
        return isIll ? .degraded : .serving
    }

    var drift: [ShownDrift] {
        let drift = site.drift.map { drift in
            ShownDrift(kind: drift.kind.rawValue, role: drift.role, sentence: drift.sentence)
        }
        let closed = trouble.map { words in
            ShownDrift(kind: "closed", role: nil, sentence: "no request is let in: \(words)")
        }
        return [closed].compactMap(\.self) + drift
    }

    static let summary = View<ShownEnvironment>(
        "EnvironmentSummary", "An environment, in a line.",
        [
            .text("name", "Its name.") { "\($0.name)" },
            .optionalText("about", "What it is for.") { $0.about },
            .text("pipeline", "The pipeline that deploys there.") { "\($0.state.owner)" },
            .word(
                "health", "How it is, in a word.", among: Health.allCases.map(\.rawValue)
            ) { $0.health.rawValue },
            .optional("release", "What is there.", of: ShownRelease.view) { shown in
                shown.site.current.flatMap { shown.site.releases[$0] }.map(shown.shown)
            },
            .optional("deployment", "What is being deployed.", of: ShownDeployment.view) { shown in
                shown.site.rollout.map {
                    ShownDeployment(rollout: $0, hook: shown.state.hook, call: shown.call)
                }
            },
            .optional("lock", "That nothing new is deployed.", of: ShownLock.view) { shown in
                shown.site.lock.map { ShownLock(lock: $0, call: shown.call) }
            },
            .optionalText("frozen", "Why pipelines may not begin to deploy there now.") {
                $0.site.frozen?.reason
            },
            .count("waiting", "How many deployments wait for their turn.") {
                $0.site.queue.count
            },
            .list("drift", "How what runs differs from what should run.", of: ShownDrift.view) {
                $0.drift
            },
        ])

    static let view = View<ShownEnvironment>(
        "Environment", "An environment, all there is to know of it.",
        summary.members + [
            .list("traffic", "Who gets which part of the requests.", of: ShownTraffic.view) {
                shown in
                shown.site.traffic.keys.sorted().map { ShownTraffic($0, in: shown) }
            },
            .list("instances", "What runs there, by age.", of: ShownInstance.view) { shown in
                shown.site.instances.values.sorted { $0.id < $1.id }.map {
                    ShownInstance($0, in: shown)
                }
            },
            .list("queue", "Deployments that wait, the next first.", of: ShownPast.view) {
                $0.queue
            },
            .list(
                "releases", "What can be put back, the newest first.", of: ShownRelease.view
            ) { $0.others },
            .texts("left", "Versions that people have left: only people put them back.") {
                $0.site.pins.sorted()
            },
            .list("history", "Deployments, the newest first.", of: ShownPast.view) { shown in
                shown.past.map(shown.shown)
            },
        ])
}

extension ShownEnvironment {
    private var queue: [ShownPast] {
        site.queue.compactMap { order in
            state.history.last { $0.release == order.release.id && $0.end == nil }
        }.map(shown)
    }

    private var others: [ShownRelease] {
        site.releases.values.filter { $0.id != site.current }.sorted { $0.id > $1.id }.map(shown)
    }
}
