import Deployment
import Engine
import Pipelines
import Store

/// A version in an environment, and how it came there.
struct ShownRelease {
    let release: Release
    /// The last time that it was deployed there and all went well.
    let last: PastDeployment?
    /// What has brought it first, as far as that is remembered.
    let origin: Origins.Origin?
    let keptUntil: Int?
    private let call: Call

    init(
        _ release: Release, in environment: EnvironmentState, _ origins: Origins, _ call: Call
    ) {
        let own = environment.history.filter { $0.release == release.id }
        self.release = release
        self.call = call
        last = own.last { $0.end == .outcome(.succeeded) }
        origin = own.lazy.compactMap { origins[$0.attempt] }.first
        let kept = environment.site.kept.flatMap { $0.release == release.id ? $0.until : nil }
        keptUntil = kept.map { call.wall(of: Steady($0)) }
    }

    private var by: String? {
        last.map { last in last.attempt == nil ? last.by.name : origin?.row.createdBy ?? "" }
    }

    static let view = View<ShownRelease>(
        "Release", "A version in an environment.",
        [
            .text("release", "What it is called there, such as `r7`.") { "\($0.release.id)" },
            .text("version", "The digest of its artifact or image.") { $0.release.version },
            .dictionary("commits", "The commit of each source that it was made of.") {
                $0.origin?.row.commits ?? [:]
            },
            .time("since", "When it came there last, wholly; null if it never did.") {
                $0.last?.ended.map { Int($0.wall) }
            },
            .optionalText("by", "Who put it there, or started what did.") { $0.by },
            .optionalText("execution", "The execution that brought it first.") { shown in
                shown.origin.map { "\($0.id)" }
            },
            .list("approvals", "What was approved on its way.", of: pastApprovalView) {
                $0.origin?.approvals ?? []
            },
            .time("kept", "Until when its instances stay, for an instant way back.") {
                $0.keptUntil
            },
        ])
}

/// That nothing new is deployed.
struct ShownLock {
    let lock: Site.Lock
    let call: Call

    static let view = View<ShownLock>(
        "Lock", "That nothing new is deployed until somebody unlocks it.",
        [
            .text("by", "Who locked it.") { $0.lock.person },
            .text("reason", "Why.") { $0.lock.reason },
            .time("since", "Since when.") { $0.call.wall(of: Steady($0.lock.since)) },
        ])
}

/// A deployment, from the wish to its end.
struct ShownPast {
    enum Outcome: String, CaseIterable {
        case waiting, deploying, succeeded
        case turnedBack = "turned back"
        case stuck, dropped
    }

    let past: PastDeployment
    let origin: Origins.Origin?
    let call: Call

    private var end: (outcome: Outcome, reason: String) {
        switch past.end {
        case nil: (past.begun == nil ? .waiting : .deploying, "")
        case .outcome(.succeeded): (.succeeded, "")
        case .outcome(.turnedBack(let cause)): (.turnedBack, cause)
        case .outcome(.stuck(let cause)): (.stuck, cause)
        case .dropped(let reason, _): (.dropped, reason)
        }
    }

    static let view = View<ShownPast>(
        "PastDeployment", "A deployment, from the wish to its end.",
        [
            .text("release", "What was deployed.") { "\($0.past.release)" },
            .text("version", "The digest of its artifact or image.") { $0.past.version },
            .text("strategy", "How.") { $0.past.strategy.word },
            .text("by", "Who asked for it, or started what did.") { shown in
                shown.past.attempt == nil
                    ? shown.past.by.name : shown.origin?.row.createdBy ?? shown.past.by.name
            },
            .optionalText("execution", "The execution that did; null if a person did directly.") {
                $0.past.attempt.map { "\($0.visit.execution)" }
            },
            .time("ordered", "When it was asked for.") { Int($0.past.ordered.wall) },
            .time("begun", "When its turn came.") { $0.past.begun.map { Int($0.wall) } },
            .time("ended", "When it ended.") { $0.past.ended.map { Int($0.wall) } },
            .word(
                "outcome", "Where it is, or how it ended.",
                among: Outcome.allCases.map(\.rawValue)
            ) { $0.end.outcome.rawValue },
            .text("reason", "Why it ended so; empty if there is no more to say.") {
                $0.end.reason
            },
            .truth("there", "Whether it was dropped because it was there already.") { shown in
                if case .dropped(_, isThere: true) = shown.past.end { true } else { false }
            },
        ])
}
