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
        for mount in [root, "\(root)/unified"] {
            guard let offered = Text.read("\(mount)/cgroup.controllers") else { continue }
            let controllers = Set(offered.split(whereSeparator: \.isWhitespace).map(String.init))
                .intersection(wanted)
            guard controllers.contains("memory") || controllers.contains("pids") else { continue }
            let home = own("0", below: mount)
            for parent in [home, mount] {
                let path = "\(parent)/slipway"
                guard isMade(path) else { continue }
                let names = controllers.map { "+\($0)" }.sorted().joined(separator: " ")
                _ = Text.write("\(parent)/cgroup.subtree_control", names)
                guard Text.write("\(path)/cgroup.subtree_control", names) else { continue }
                return Place(version: .second, controllers: controllers, path: path)
            }
        }
        return nil
    }

    private static func firstVersion() -> [Place] {
        wanted.compactMap { controller in
            let mount = "\(root)/\(controller)"
            for parent in [own(controller, below: mount), mount] {
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

    /// The group that this process is in; `controller` is "0" in the second version.
    private static func own(_ controller: String, below mount: String) -> String {
        for line in (Text.read("/proc/self/cgroup") ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isIt =
                controller == "0"
                ? parts[0] == "0" : parts[1].split(separator: ",").contains { $0 == controller }
            if isIt { return parts[2] == "/" ? mount : mount + String(parts[2]) }
        }
        return mount
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
