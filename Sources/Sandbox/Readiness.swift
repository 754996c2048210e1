import Glibc

/// What a supervisor makes ready before it knows what for: its own view of the host's mounts, and
/// the mapping of owners for the user that its commands will be.
package struct Readiness: ~Copyable {
    package let facts: HostFacts
    private var prepared: TreeOwners
    /// An ordinary user's, which have to be had before the host is left; nothing for root.
    private let ownUsers: BuildUsers?
    /// What went wrong is told by the attempt that it hinders.
    private let failure: SandboxError?

    package static func make(slot: Int?) -> Readiness { make(slot: slot, forBuilds: false) }

    /// For who may have to build an image.
    package static func forBuilds(slot: Int?) -> Readiness { make(slot: slot, forBuilds: true) }

    private static func make(slot: Int?, forBuilds: Bool) -> Readiness {
        let facts = HostFacts.look()
        do throws(SandboxError) {
            let users = try leaveHost(facts, forBuilds: forBuilds)
            return Readiness(
                facts: facts, owners: TreeOwners(slot: slot), users: users, failure: nil)
        } catch {
            return Readiness(
                facts: facts, owners: TreeOwners(slot: nil), users: nil, failure: error)
        }
    }

    /// For who makes nothing on this machine himself.
    package static func withoutOwnMounts() -> Readiness {
        Readiness(
            facts: HostFacts.look(), owners: TreeOwners(slot: nil), users: nil, failure: nil)
    }

    private init(
        facts: HostFacts, owners: consuming TreeOwners, users: BuildUsers?, failure: SandboxError?
    ) {
        self.facts = facts
        prepared = owners
        ownUsers = users
        self.failure = failure
    }

    private static func leaveHost(
        _ facts: HostFacts, forBuilds: Bool
    ) throws(SandboxError) -> BuildUsers? {
        if forBuilds, !facts.isRoot {
            let users = BuildUsers.look(slot: nil)
            if case .range(let range, let groups) = users {
                return try UserNamespaces.leaveHost(range, groups) ? users : .refused
            }
            try Stage.leaveHost(isRoot: false)
            return users
        }
        try Stage.leaveHost(isRoot: facts.isRoot)
        return nil
    }

    package func users(slot: Int?) -> BuildUsers {
        if let ownUsers { return ownUsers }
        return slot.map { BuildUsers.look(slot: $0) } ?? .refused
    }

    package consuming func owners(slot: Int?) throws(SandboxError) -> TreeOwners {
        if let failure { throw failure }
        if prepared.slot == slot { return prepared }
        return TreeOwners(slot: slot)
    }
}
