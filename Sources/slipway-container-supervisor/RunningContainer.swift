import Attempts
import CLaunch
import Containers
import Docker
import Glibc
import Sandbox
import Supervising

/// The first process of a container, as this machine sees it, and what it is counted in.
struct RunningContainer: ~Copyable, Processes {
    let first: Int32
    let counts: ControlGroup

    /// Of a container that was started. That its process is found here says that the Engine is on
    /// this machine; one elsewhere could not see our folders either.
    static func find(_ id: String, on engine: DockerEngine) throws -> RunningContainer {
        let first = try engine.facts(of: id).state.process
        guard first > 0 else { return RunningContainer(first: -1) }
        let place = KernelFile.read("/proc/\(first)/cgroup")
        // Asked again, so that the number was that of the container when we looked it up.
        let facts = try engine.facts(of: id)
        guard facts.state.isRunning, facts.state.process == first else {
            return RunningContainer(first: -1)
        }
        guard place.contains(id) else {
            // The groups of one that has just ended are forgotten before the Engine hears of it.
            guard Self.isAlive(first) else { return RunningContainer(first: -1) }
            throw SandboxError(
                "find the container among this machine's processes", "it is not there",
                hint: "the Engine has to run on this machine, not in a virtual one or for "
                    + "another user")
        }
        return RunningContainer(first: first)
    }

    var isAlive: Bool { first > 0 && Self.isAlive(first) }

    /// Whether it runs or waits; one that nobody has reaped yet is listed too, as a zombie. On its
    /// way out it has let go of its namespaces before it is called one.
    private static func isAlive(_ process: Int32) -> Bool {
        let fields = KernelFile.read("/proc/\(process)/stat")
        guard let name = fields.lastIndex(of: ")") else { return false }
        guard !["Z", "X"].contains(fields[name...].dropFirst(2).prefix(1)) else { return false }
        var target: CChar = 0
        let count = unsafe readlink("/proc/\(process)/ns/mnt", &target, 1)
        return count >= 0 || errno != ENOENT && errno != ESRCH
    }

    private init(first: Int32) {
        self.first = first
        counts = ControlGroup.holding(first)
    }

    /// Shows it the workspace and the inputs, which lie in a mount namespace of ours; in its own
    /// they end when it does.
    func show(_ stage: Stage, hasInputs: Bool) throws(SandboxError) {
        let mounts = try namespace("mnt")
        defer { close(mounts) }
        let trees = [("workspace", false)] + (hasInputs ? [("inputs", true)] : [])
        let result = unsafe Self.withPlacements(trees, on: stage) { placements in
            unsafe slipway_place_trees(mounts, placements.baseAddress, Int32(placements.count))
        }
        guard result == 0 else { throw SandboxError.system("show the container its workspace") }
    }

    /// What a cloud tells machines about themselves is not the container's business.
    func refuseMetadata() throws(SandboxError) {
        let network = try namespace("net")
        defer { close(network) }
        guard slipway_refuse_metadata(network) == 0 else {
            throw SandboxError.system("close the way to a cloud's metadata")
        }
    }

    /// Its own network, to be closed by who asks.
    func network() throws(SandboxError) -> Int32 { try namespace("net") }

    private func namespace(_ kind: String) throws(SandboxError) -> Int32 {
        let path = "/proc/\(first)/ns/\(kind)"
        var own = stat()
        var other = stat()
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SandboxError.system("open '\(path)'") }
        // Ours, if the container had none of its own: then nothing is to be changed there.
        guard unsafe fstat(descriptor, &other) == 0,
            unsafe stat("/proc/self/ns/\(kind)", &own) == 0,
            own.st_ino != other.st_ino
        else {
            close(descriptor)
            throw SandboxError("enter the container", "it has no namespace of its own")
        }
        return descriptor
    }

    private static func withPlacements(
        _ trees: [(String, Bool)], on stage: Stage,
        _ body: (UnsafeBufferPointer<slipway_placement>) -> Int32
    ) -> Int32 {
        let names = unsafe trees.map { tree in
            unsafe (strdup("\(stage.root)/\(tree.0)"), strdup("/\(tree.0)"))
        }
        defer {
            for index in unsafe names.indices {
                unsafe free(names[index].0)
                unsafe free(names[index].1)
            }
        }
        var placements = unsafe [slipway_placement]()
        for (index, tree) in trees.enumerated() {
            unsafe placements.append(
                slipway_placement(
                    source: names[index].0, target: names[index].1, read_only: tree.1 ? 1 : 0))
        }
        return unsafe placements.withUnsafeBufferPointer { unsafe body($0) }
    }
}
