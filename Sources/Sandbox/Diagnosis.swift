import CLaunch
import Glibc

/// What a machine has for running commands in a sandbox, as a list for people.
package enum Diagnosis {
    package struct Finding: Hashable, Sendable {
        package let what: String
        package let isFine: Bool
        /// Without it no action runs; without others some actions are refused.
        package let isNeeded: Bool
        package let cure: String?
    }

    package static func of(_ facts: HostFacts) -> [Finding] {
        [bubblewrap(facts), namespaces(facts), user(facts)] + limits(facts)
    }

    private static func bubblewrap(_ facts: HostFacts) -> Finding {
        Finding(
            what: facts.bubblewrap.map { "bubblewrap: \($0)" } ?? "bubblewrap is not installed",
            isFine: facts.bubblewrap != nil, isNeeded: true,
            cure: facts.bubblewrap == nil ? "apt-get install bubblewrap" : nil)
    }

    private static func namespaces(_ facts: HostFacts) -> Finding {
        let works = canMakeNamespaces(facts.isRoot)
        return Finding(
            what: works ? "namespaces can be made" : "namespaces cannot be made by this user",
            isFine: works, isNeeded: true,
            cure: works
                ? nil
                : "sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000")
    }

    /// Tried in a child, which ends with what it made.
    private static func canMakeNamespaces(_ isRoot: Bool) -> Bool {
        slipway_can_own_mounts(isRoot ? 1 : 0) == 0
    }

    private static func user(_ facts: HostFacts) -> Finding {
        facts.isRoot
            ? Finding(
                what: "run by root: every action gets a user of its own", isFine: true,
                isNeeded: false, cure: nil)
            : Finding(
                what: "run by an ordinary user: actions are the same user outside of their sandbox",
                isFine: false, isNeeded: false,
                cure: "run it as root where pipelines of people who do not trust each other meet")
    }

    private static func limits(_ facts: HostFacts) -> [Finding] {
        let held = facts.groups.reduce(into: Set<String>()) { $0.formUnion($1.controllers) }
        let watched = [
            ("memory", "memory is looked at ten times a second"),
            ("pids", "processes are limited for each sandbox's user"),
            ("cpu", "an action's limit on processors is not held"),
        ]
        return watched.map { controller, otherwise in
            held.contains(controller)
                ? Finding(
                    what: "control groups hold \(controller)", isFine: true, isNeeded: false,
                    cure: nil)
                : Finding(
                    what: "control groups do not hold \(controller) here: \(otherwise)",
                    isFine: false, isNeeded: false,
                    cure: "delegate it: systemd-run --user -p Delegate=yes, or run it as root")
        }
    }
}
