/// Where on the way of a deployment somebody's own commands are run.
package enum Hook: String, Hashable, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    case beforeInstall = "before-install"
    case afterInstall = "after-install"
    case testTraffic = "test-traffic"
    case beforeTraffic = "before-traffic"
    case afterTraffic = "after-traffic"
    case afterRollback = "after-rollback"

    /// After this long a hook has failed that names no time of its own.
    package static let standardTime: Duration = .seconds(600)

    /// What is changed on the way to a version is not changed again on the way back to it.
    package var isForWayBack: Bool { self != .beforeInstall }

    /// Only where the new version stands beside the old before anybody is led there.
    var needsStandBy: Bool { self == .testTraffic || self == .beforeTraffic }

    private var about: String {
        switch self {
        case .beforeInstall: "before anything of the new version is started, such as migrations"
        case .afterInstall: "when all of the new version is started and healthy"
        case .testTraffic: "checks of the new version, before anybody's requests go to it"
        case .beforeTraffic: "just before the first requests go to it"
        case .afterTraffic: "when it has all requests, before it is watched"
        case .afterRollback: "at the end of a way back, when the old version has all again"
        }
    }

    /// Commands, or a mapping with what else they need.
    static let shape = Shape<[Hook: Run]>.mapping(about: "commands on the way of a deployment") {
        keys in
        var rules: [Hook: Run] = [:]
        for hook in Hook.allCases {
            rules[hook] = keys.optional(hook.rawValue, commands, about: hook.about)
        }
        return rules
    }

    private static let commands = Shape<Run>.either(
        Shape<[Run.Step]>.steps.map { Run(hook: $0) }, or: full)

    private static let full = Shape<Run>.mapping(about: "commands, and what they need") { keys in
        let steps = keys.required("run", .steps, about: Run.about)
        return Run.readHook(&keys, steps: steps)
    }
}
