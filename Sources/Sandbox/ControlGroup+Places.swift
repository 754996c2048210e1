import CSystem
import Glibc
import SmallFiles

extension ControlGroup {
    private static let wanted = ["memory", "pids", "cpu"]
    private static let root = "/sys/fs/cgroup"

    /// Where groups can be made, found by looking at what is mounted and what we may write.
    package static func places() -> [Place] {
        if let second = secondVersion() { return [second] }
        return firstVersion()
    }

    /// The second version, where its controllers are at hand.
    private static func secondVersion() -> Place? {
        let groups = Text.read("/proc/self/cgroup") ?? ""
        for mount in [root, "\(root)/unified"] {
            for home in GroupHome.all(for: groups, below: mount) {
                if let place = place(in: home) { return place }
            }
        }
        return nil
    }

    package static func place(in home: GroupHome) -> Place? {
        guard let offered = Text.read("\(home.path)/cgroup.controllers") else { return nil }
        let controllers = Set(offered.split(whereSeparator: \.isWhitespace).map(String.init))
            .intersection(wanted)
        guard controllers.contains("memory") || controllers.contains("pids"),
            unsafe access("\(home.shared)/cgroup.procs", W_OK) == 0,
            !home.isOnlyIfGiven || isGiven(home.path)
        else { return nil }
        let path = "\(home.path)/slipway"
        guard isMade(path) else { return nil }
        let names = controllers.map { "+\($0)" }.sorted().joined(separator: " ")
        if !Text.write("\(home.path)/cgroup.subtree_control", names), home.isOnlyIfGiven {
            clear(home.path)
            _ = Text.write("\(home.path)/cgroup.subtree_control", names)
        }
        guard Text.write("\(path)/cgroup.subtree_control", names) else {
            _ = unsafe rmdir(path)
            return nil
        }
        return Place(version: .second, controllers: controllers, path: path)
    }

    /// Whether systemd has left the group to whoever runs in it.
    private static func isGiven(_ path: String) -> Bool {
        let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        return unsafe slipway_attribute(folder, "user.delegate") == Int32(UInt8(ascii: "1"))
    }

    /// Moves those who are in a group into one of their own below it.
    private static func clear(_ path: String) {
        let house = "\(path)/\(GroupHome.house)"
        guard isMade(house) else { return }
        for process in (Text.read("\(path)/cgroup.procs") ?? "").split(separator: "\n") {
            _ = Text.write("\(house)/cgroup.procs", String(process))
        }
    }

    private static func firstVersion() -> [Place] {
        let groups = Text.read("/proc/self/cgroup") ?? ""
        return wanted.compactMap { controller in
            let mount = "\(root)/\(controller)"
            let own = GroupHome.group(of: controller, in: groups) ?? ""
            for parent in [own == "/" ? mount : mount + own, mount] {
                let path = "\(parent)/slipway"
                guard isMade(path) else { continue }
                return Place(version: .first, controllers: [controller], path: path)
            }
            return nil
        }
    }

    private static func isMade(_ path: String) -> Bool {
        unsafe mkdir(path, 0o755) == 0 || errno == EEXIST && access(path, W_OK) == 0
    }

    /// The groups that somebody else has put a process into; to be looked at only.
    package static func holding(_ process: Int32) -> ControlGroup {
        var folders: [Place] = []
        for line in (Text.read("/proc/\(process)/cgroup") ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let names = Set(parts[1].split(separator: ",").map(String.init)).intersection(wanted)
            let mounts = parts[1].isEmpty ? [root] : names.map { "\(root)/\($0)" }
            for mount in mounts {
                let path = "\(mount)\(parts[2])"
                guard unsafe access("\(path)/cgroup.procs", R_OK) == 0 else { continue }
                folders.append(
                    Place(
                        version: parts[1].isEmpty ? .second : .first,
                        controllers: parts[1].isEmpty ? Set(wanted) : names, path: path))
            }
        }
        // Where both versions are mounted, the controllers are with the first.
        if folders.contains(where: { $0.version == .first }) {
            folders.removeAll { $0.version == .second }
        }
        return ControlGroup(folders: folders)
    }

    private static let prefix = "attempt-"

    /// What the group of an attempt is called, by its supervisor.
    package static func name(of supervisor: Int32) -> String { "\(prefix)\(supervisor)" }

    /// Removes groups that a killed supervisor left. One that lives may have made its group and not
    /// joined it yet.
    package static func sweep(_ places: [Place]) {
        for place in places {
            for name in SmallFile.names(in: place.path) where name.hasPrefix(prefix) {
                guard let supervisor = Int32(name.dropFirst(prefix.count)),
                    Glibc.kill(supervisor, 0) != 0, errno == ESRCH
                else { continue }
                _ = unsafe rmdir("\(place.path)/\(name)")
            }
        }
    }
}
