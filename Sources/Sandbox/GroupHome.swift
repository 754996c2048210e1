/// A control group of the second version below which ours may be made, as far as one can know from
/// where a process is.
package struct GroupHome: Hashable, Sendable {
    /// The unit whose group is there for the actions of a server in a unit beside it. What outlives
    /// a server cannot be below that one's own group: the kernel lets no process into a group that
    /// hands controllers on, so systemd would not get the next server in.
    package static let unit = "slipway-actions.service"
    /// The group for processes that are in the way of handing controllers on.
    package static let house = "house"

    package let path: String
    /// The group that the process and the home are both in. Who may not write its list of processes
    /// may not move from the one to the other.
    package let shared: String
    /// Whether only who was given the group for its own may make others in it.
    package let isOnlyIfGiven: Bool

    package init(path: String, shared: String, isOnlyIfGiven: Bool = true) {
        self.path = path
        self.shared = shared
        self.isOnlyIfGiven = isOnlyIfGiven
    }

    /// The best first: the process's own group, the one around it, the one for actions beside it,
    /// and the root of them all. `groups` is what `/proc/self/cgroup` says.
    package static func all(for groups: String, below mount: String) -> [GroupHome] {
        let root = GroupHome(path: mount, shared: mount, isOnlyIfGiven: false)
        // One that begins with `..` is outside of what can be seen here.
        guard let own = group(of: "0", in: groups), !own.hasPrefix("/..") else { return [root] }
        let group = own == "/" ? mount : mount + own
        // A service's own group has to stay as it is: the next process of the service begins in it.
        var homes = own.hasSuffix(".service") ? [] : [GroupHome(path: group, shared: group)]
        if own != "/" {
            let around = String(group[..<(group.lastIndex(of: "/") ?? group.endIndex)])
            homes.append(GroupHome(path: around, shared: around))
            homes.append(GroupHome(path: "\(around)/\(unit)", shared: around))
        }
        return homes + [root]
    }

    /// The group of a process for a controller, which is "0" in the second version.
    package static func group(of controller: String, in groups: String) -> String? {
        for line in groups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isIt =
                controller == "0"
                ? parts[0] == "0" : parts[1].split(separator: ",").contains { $0 == controller }
            if isIt { return String(parts[2]) }
        }
        return nil
    }
}
