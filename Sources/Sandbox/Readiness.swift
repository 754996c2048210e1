import Glibc

/// What a supervisor makes ready before it knows what for: its own view of the host's mounts, and
/// the mapping of owners for the user that its commands will be.
package struct Readiness: ~Copyable {
    package let facts: HostFacts
    private var prepared: TreeOwners
    /// What went wrong is told by the attempt that it hinders.
    private let failure: SandboxError?

    package static func make(slot: Int?) -> Readiness {
        let facts = HostFacts.look()
        do throws(SandboxError) {
            try Stage.leaveHost(isRoot: facts.isRoot)
            return Readiness(facts: facts, owners: TreeOwners(slot: slot), failure: nil)
        } catch {
            return Readiness(facts: facts, owners: TreeOwners(slot: nil), failure: error)
        }
    }

    /// For who makes nothing on this machine himself.
    package static func withoutOwnMounts() -> Readiness {
        Readiness(facts: HostFacts.look(), owners: TreeOwners(slot: nil), failure: nil)
    }

    private init(facts: HostFacts, owners: consuming TreeOwners, failure: SandboxError?) {
        self.facts = facts
        prepared = owners
        self.failure = failure
    }

    package consuming func owners(slot: Int?) throws(SandboxError) -> TreeOwners {
        if let failure { throw failure }
        if prepared.slot == slot { return prepared }
        return TreeOwners(slot: slot)
    }
}
