import CLaunch
import Glibc

/// The user namespaces of a sandbox whose commands rule it, with more users than one.
enum UserNamespaces {
    /// One for bubblewrap, to which the sandbox's mounts belong, and one in it for the commands,
    /// who have at most so many processes. They are the caller's to close.
    static func make(
        _ users: UserRange, _ groups: UserRange, slot: Int?, processes: Int
    ) throws(SandboxError) -> (outer: Int32, inner: Int32) {
        var made = slipway_user_namespaces()
        // Bubblewrap, which watches from the outer one, is counted too.
        let most = UInt(processes + 1)
        guard
            unsafe withDescription(
                of: users, groups, slot: slot,
                { described in
                    unsafe slipway_make_users(described, most, &made)
                }) == 0
        else {
            throw SandboxError.system(
                "give the build users of its own",
                hint: "user namespaces have to be allowed: sysctl user.max_user_namespaces")
        }
        return (made.outer, made.inner)
    }

    /// Leaves the host's mounts behind, together with an ordinary user's own range. False where
    /// that could not be had, and all is as without it.
    static func leaveHost(_ users: UserRange, _ groups: UserRange) throws(SandboxError) -> Bool {
        let left = unsafe withDescription(of: users, groups, slot: nil) { described in
            unsafe slipway_own_mounts_with_users(described)
        }
        guard left >= 0 else {
            throw SandboxError.system("make a mount namespace", hint: Stage.namespaceHint)
        }
        return left == 0
    }

    private static func withDescription(
        of users: UserRange, _ groups: UserRange, slot: Int?,
        _ body: (UnsafePointer<slipway_users>) -> Int32
    ) -> Int32 {
        unsafe BuildUsers.mapUsers.withCString { mapUsers in
            unsafe BuildUsers.mapGroups.withCString { mapGroups in
                var described = unsafe slipway_users(
                    user: slot.map { UInt32($0) } ?? getuid(),
                    group: slot.map { UInt32($0) } ?? getgid(),
                    users: slipway_span(first: users.first, count: users.count),
                    groups: slipway_span(first: groups.first, count: groups.count),
                    is_slot: slot == nil ? 0 : 1, map_users: mapUsers, map_groups: mapGroups)
                return unsafe body(&described)
            }
        }
    }
}
