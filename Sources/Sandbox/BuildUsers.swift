import Glibc

/// The users with whom an image can be built, besides root, who is the sandbox's own user.
package enum BuildUsers: Hashable, Sendable {
    case range(users: UserRange, groups: UserRange)
    /// Root alone; why, and what would give it others.
    case none(because: String, cure: String)

    static let mapUsers = "/usr/bin/newuidmap"
    static let mapGroups = "/usr/bin/newgidmap"
    static let refused = BuildUsers.none(
        because: "newuidmap and newgidmap could not give them",
        cure: "try: unshare --user --map-auto --map-root-user true")

    package var isRange: Bool { if case .range = self { true } else { false } }

    /// What is missing, in one line; nothing if nothing is.
    package var lack: String? {
        guard case .none(let reason, let cure) = self else { return nil }
        return "there is no user but root where it is built, because \(reason); \(cure)"
    }

    /// By what this machine has given to whom.
    static func look(slot: Int?) -> BuildUsers {
        let users = GrantedNumbers(Text.read("/etc/subuid") ?? "")
        let groups = GrantedNumbers(Text.read("/etc/subgid") ?? "")
        if let slot { return ofSlot(slot, users, groups) { RangeLock.take($0) } }
        let names = names(of: getuid(), in: Text.read("/etc/passwd") ?? "")
        let hasPrograms = [mapUsers, mapGroups].allSatisfy { (program: String) in
            unsafe access(program, X_OK) == 0
        }
        return ofUser(names, users, groups, hasPrograms: hasPrograms)
    }

    /// `take` says whether nobody else on this machine has a range, and has it from then on.
    package static func ofSlot(
        _ slot: Int, _ users: GrantedNumbers, _ groups: GrantedNumbers,
        taking take: (UserRange) -> Bool
    ) -> Self {
        let ranges = UserRange.all(ofSlot: slot)
        guard !ranges.isEmpty else {
            return .none(
                because: "more actions are under way than there are users for",
                cure: "let fewer run at once: 'places' in the runner's profile")
        }
        guard let range = ranges.first(where: take) else {
            return .none(
                because: "other builds on this machine have all that there are",
                cure: "see that root can write in \(RangeLock.folder)")
        }
        if let owner = users.owner(within: range) ?? groups.owner(within: range) {
            return .none(
                because: "'\(owner)' has been given the users that would be its own",
                cure: "give others, below 2147483648, in /etc/subuid and /etc/subgid")
        }
        return .range(users: range, groups: range)
    }

    package static func ofUser(
        _ names: [String], _ users: GrantedNumbers, _ groups: GrantedNumbers, hasPrograms: Bool
    ) -> Self {
        guard hasPrograms else {
            return .none(
                because: "newuidmap is not installed", cure: "as root: apt-get install uidmap")
        }
        guard let users = users.range(of: names), let groups = groups.range(of: names) else {
            let name = names.first ?? "USER"
            return .none(
                because: "/etc/subuid and /etc/subgid give '\(name)' none",
                cure: "as root, with numbers that nobody has: usermod --add-subuids 100000-165535 "
                    + "--add-subgids 100000-165535 \(name)")
        }
        return .range(users: users, groups: groups)
    }

    /// How somebody may be called there: by each of his names, and by his number.
    package static func names(of user: UInt32, in text: String) -> [String] {
        let lines = text.split(separator: "\n").map { line in
            line.split(separator: ":", omittingEmptySubsequences: false)
        }
        return lines.filter { $0.count > 2 && $0[2] == "\(user)" }.map { String($0[0]) }
            + ["\(user)"]
    }
}
