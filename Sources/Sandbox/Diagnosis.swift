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

        package init(what: String, isFine: Bool, isNeeded: Bool, cure: String?) {
            self.what = what
            self.isFine = isFine
            self.isNeeded = isNeeded
            self.cure = cure
        }
    }

    package static func of(_ facts: HostFacts) -> [Finding] {
        [bubblewrap(facts), namespaces(facts), user(facts), outbound(facts)] + limits(facts)
            + buildUsers(facts)
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
            what: works
                ? "namespaces can be made, to keep actions apart"
                : "namespaces cannot be made by this user",
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
                what: "run as root: every action gets a user of its own", isFine: true,
                isNeeded: false, cure: nil)
            : Finding(
                what: "run by an ordinary user: to the kernel, all actions are that one user",
                isFine: false, isNeeded: false,
                cure: "run slipway as root where people who do not trust each other share a machine"
            )
    }

    private static func outbound(_ facts: HostFacts) -> Finding {
        guard let slirp = facts.slirp else {
            return Finding(
                what: "slirp4netns is not installed: actions cannot have network 'outbound'",
                isFine: false, isNeeded: false, cure: "apt-get install slirp4netns")
        }
        if let (problem, cure) = Tunnel.problem(isRoot: facts.isRoot) {
            return Finding(
                what: "\(problem): actions cannot have network 'outbound'", isFine: false,
                isNeeded: false, cure: cure)
        }
        return Finding(
            what: "network 'outbound': \(slirp)", isFine: true, isNeeded: false, cure: nil)
    }

    private static func buildUsers(_ facts: HostFacts) -> [Finding] {
        guard facts.buildah != nil else { return [] }
        guard !facts.isRoot, case .none(let reason, let cure) = BuildUsers.look(slot: nil) else {
            return [
                Finding(
                    what: "what buildah builds can have users of its own", isFine: true,
                    isNeeded: false, cure: nil)
            ]
        }
        return [
            Finding(
                what: "what buildah builds can have no user but root: \(reason)", isFine: false,
                isNeeded: false, cure: cure)
        ]
    }

    private static func limits(_ facts: HostFacts) -> [Finding] {
        let held = facts.groups.reduce(into: Set<String>()) { $0.formUnion($1.controllers) }
        let watched = [
            ("memory", "memory", "it is measured ten times a second"),
            ("pids", "processes", "the user of each sandbox has a limit instead"),
            ("cpu", "processors", "such limits have no effect"),
        ]
        return watched.map { controller, what, otherwise in
            held.contains(controller)
                ? Finding(
                    what: "control groups limit \(what)", isFine: true, isNeeded: false,
                    cure: nil)
                : Finding(
                    what: "control groups cannot limit \(what) here: \(otherwise)",
                    isFine: false, isNeeded: false,
                    cure:
                        "systemd-run --user --scope -p Delegate=yes slipway run …; or be root"
                )
        }
    }
}
