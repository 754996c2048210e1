import Glibc

/// One attempt's control groups: what its processes may use together, and a way to find and end all
/// of them however they forked.
package struct ControlGroup: ~Copyable {
    package enum Version: Hashable, Sendable {
        case first, second
    }

    /// A folder in which we may make groups.
    package struct Place: Hashable, Sendable {
        package let version: Version
        /// `memory`, `pids`, `cpu`; all of them in one folder in the second version.
        package let controllers: Set<String>
        package let path: String

        package init(version: Version, controllers: Set<String>, path: String) {
            self.version = version
            self.controllers = controllers
            self.path = path
        }
    }

    package struct Limits: Hashable, Sendable {
        package var memory: Int?
        package var processes: Int?
        /// In hundredths of a processor.
        package var cpu: Int?

        var controllers: Set<String> {
            var needed = Set<String>()
            if memory != nil { needed.insert("memory") }
            if processes != nil { needed.insert("pids") }
            if cpu != nil { needed.insert("cpu") }
            return needed
        }

        package init(memory: Int? = nil, processes: Int? = nil, cpu: Int? = nil) {
            self.memory = memory
            self.processes = processes
            self.cpu = cpu
        }
    }

    private let folders: [Place]

    /// Makes the groups that the limits need, and no others: to join one takes the kernel longer
    /// than to start a program. A limit that no group can hold is left to others.
    package static func make(
        _ name: String, in places: [Place], _ limits: Limits
    ) throws(SandboxError) -> ControlGroup {
        var made: [Place] = []
        for place in places where !place.controllers.isDisjoint(with: limits.controllers) {
            let path = "\(place.path)/\(name)"
            guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
                let error = SandboxError.system("make control group '\(path)'")
                for place in made { _ = unsafe rmdir(place.path) }
                throw error
            }
            made.append(
                Place(version: place.version, controllers: place.controllers, path: path))
        }
        let group = ControlGroup(folders: made)
        try group.set(limits)
        return group
    }

    init(folders: [Place]) { self.folders = folders }

    package var holdsMemory: Bool { folder(of: "memory") != nil }
    package var holdsProcesses: Bool { folder(of: "pids") != nil }

    /// Descriptors through which a child joins; the caller closes them.
    package func doors() throws(SandboxError) -> [Int32] {
        var doors: [Int32] = []
        for folder in folders {
            let path = "\(folder.path)/cgroup.procs"
            let door = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard door >= 0 else {
                let error = SandboxError.system("open '\(path)'")
                for door in doors { close(door) }
                throw error
            }
            doors.append(door)
        }
        return doors
    }

    package var processes: [Int32] {
        var all = Set<Int32>()
        for folder in folders {
            let text = Text.read("\(folder.path)/cgroup.procs") ?? ""
            all.formUnion(text.split(separator: "\n").compactMap { Int32($0) })
        }
        return all.sorted()
    }

    /// Ends every process in it. One that forks while it is looked for is found the next time.
    package func kill() {
        for folder in folders where folder.version == .second {
            _ = Text.write("\(folder.path)/cgroup.kill", "1")
        }
        for process in processes { _ = Glibc.kill(process, SIGKILL) }
    }

    package var wasOutOfMemory: Bool {
        guard let folder = folder(of: "memory") else { return false }
        let file = folder.version == .second ? "memory.events" : "memory.oom_control"
        return Text.number("oom_kill", in: "\(folder.path)/\(file)") ?? 0 > 0
    }

    package var wasOutOfProcesses: Bool { refusedProcesses > 0 }

    /// How many it was asked for beyond its limit.
    package var refusedProcesses: Int {
        guard let folder = folder(of: "pids") else { return 0 }
        return Text.number("max", in: "\(folder.path)/pids.events") ?? 0
    }

    package var peakMemory: Int? {
        guard let folder = folder(of: "memory") else { return nil }
        let file = folder.version == .second ? "memory.peak" : "memory.max_usage_in_bytes"
        return Text.read("\(folder.path)/\(file)").flatMap { Int($0.trimmed) }
    }

    package var cpuMilliseconds: Int? {
        guard let folder = folder(of: "cpu"), folder.version == .second else { return nil }
        return Text.number("usage_usec", in: "\(folder.path)/cpu.stat").map { $0 / 1_000 }
    }

    /// Removes the groups, which is possible when nobody is in them any more.
    package func remove() -> Bool {
        var isGone = true
        for folder in folders where unsafe rmdir(folder.path) != 0 && errno != ENOENT {
            isGone = false
        }
        return isGone
    }

    private func folder(of controller: String) -> Place? {
        folders.first { $0.controllers.contains(controller) }
    }

    private func set(_ limits: Limits) throws(SandboxError) {
        if let memory = limits.memory, let folder = folder(of: "memory") {
            let isFirst = folder.version == .first
            try put(memory, isFirst ? "memory.limit_in_bytes" : "memory.max", folder)
            // Swap would turn a limit on memory into a slow machine.
            let swap = isFirst ? "memory.memsw.limit_in_bytes" : "memory.swap.max"
            _ = Text.write("\(folder.path)/\(swap)", isFirst ? "\(memory)" : "0")
        }
        if let processes = limits.processes, let folder = folder(of: "pids") {
            try put(processes, "pids.max", folder)
        }
        if let cpu = limits.cpu, let folder = folder(of: "cpu") {
            // In microseconds of each tenth of a second.
            if folder.version == .first {
                try put(cpu * 1_000, "cpu.cfs_quota_us", folder)
            } else {
                try put("\(cpu * 1_000) 100000", "cpu.max", folder)
            }
        }
    }

    private func put(
        _ value: some CustomStringConvertible, _ file: String, _ folder: Place
    ) throws(SandboxError) {
        let path = "\(folder.path)/\(file)"
        guard Text.write(path, value.description) else {
            throw SandboxError.system("set '\(path)' to \(value)")
        }
    }
}
