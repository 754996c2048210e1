package import Attempts
import Glibc
package import Sandbox
package import Supervising

/// A sandbox that is made and closed, and what is begun in it.
package struct ClosedSandbox: ~Copyable {
    /// What a fork bomb comes to where nobody has said how many processes there may be: as many,
    /// and no more than this part of what the machine has numbers for.
    private static let standardProcesses = 16_384
    private static let shareOfNumbers = 8
    /// What `/tmp` and `/dev/shm` hold each where nobody has said how much of the disk there is.
    private static let standardTemporary = 1 << 30

    package let launch: Launch
    package var outbound: Outbound?
    /// One with nothing in it but the sandbox and who speaks with it.
    private let network: OwnNetwork?
    package let group: ControlGroup
    package var tree: ProcessTree
    package var bounds: Bounds
    /// Why files are copies, where they are.
    package let copies: SandboxError?
    /// Where commands write what others are to know, seen from outside.
    let exports: String
    private let mostProcesses: Int

    package static func make(
        _ spec: AttemptSpec, _ errand: Errand, _ ready: consuming Readiness
    ) throws -> ClosedSandbox {
        let (folder, secrets, facts) = (errand.folder, errand.secrets, ready.facts)
        let users = spec.nests ? ready.users(slot: spec.slot) : nil
        guard let bubblewrap = facts.bubblewrap else {
            throw SandboxError(
                "run commands", "bubblewrap is not installed",
                hint: "install it: apt-get install bubblewrap")
        }
        guard !facts.isRoot || spec.slot ?? 0 > 0 else {
            throw SandboxError(
                "run commands as root", "the attempt has no user of its own",
                hint: "this is a mistake of the house; report it")
        }
        let group = try ControlGroup.make(
            ControlGroup.name(of: getpid()),
            in: spec.slot == nil && facts.isRoot ? [] : facts.groups,
            .init(
                memory: spec.limits.memory,
                processes: spec.limits.processes.map { $0 + ownProcesses(spec) },
                cpu: spec.limits.cpu))
        var owners = try ready.owners(slot: spec.slot)
        let stage = try Stage.open(spec, secrets: secrets)
        // Where no group counts what lies there, it must not be more than the memory allowed.
        let temporary = min(
            spec.limits.disk ?? standardTemporary,
            group.holdsMemory ? .max : spec.limits.memory ?? .max)
        // It gets ready while the rest is put together.
        let outbound =
            spec.network == .outbound ? try Outbound.start(spec, facts, group: group) : nil
        let network =
            spec.entersNetwork && spec.network == .none ? try OwnNetwork.make(for: spec) : nil
        let inputProblem = try stage.furnish(
            spec, secrets: secrets, temporary: temporary, owners: &owners, in: folder)
        let problem = try Workspace.mount(spec, in: folder, on: stage, owners: &owners)
        try stage.seal()
        let plan = SandboxPlan(
            spec, stage: stage, secrets: secrets, hidden: HostFacts.hidden(),
            hasUsers: users?.isRange == true)
        let most = mostProcesses(spec)
        let launch = try Launch.start(
            spec, plan, bubblewrap: bubblewrap, group: group, outbound: outbound,
            network: network, users: users, processes: most)
        let bounds = Bounds(
            spec.limits, workspace: folder.workspace, view: "\(stage.root)/workspace",
            isCopy: problem != nil,
            groupHoldsMemory: group.holdsMemory,
            groupHoldsProcesses: group.holdsProcesses)
        return ClosedSandbox(
            launch: launch, outbound: outbound, network: network, group: group, bounds: bounds,
            copies: problem ?? inputProblem, exports: stage.exports, mostProcesses: most)
    }

    private init(
        launch: consuming Launch, outbound: consuming Outbound?, network: consuming OwnNetwork?,
        group: consuming ControlGroup, bounds: Bounds, copies: SandboxError?, exports: String,
        mostProcesses: Int
    ) {
        tree = ProcessTree(watcher: launch.process, info: launch.info)
        self.launch = launch
        self.outbound = outbound
        self.network = network
        self.group = group
        self.bounds = bounds
        self.copies = copies
        self.exports = exports
        self.mostProcesses = mostProcesses
    }

    /// The network that the supervisor has made for it; nothing where it has none or the host's.
    package var networkDescriptor: Int32? {
        switch network {
        case .some(let network): return network.descriptor
        case .none: break
        }
        return switch outbound {
        case .some(let outbound): outbound.network
        case .none: nil
        }
    }

    /// Lets the commands begin.
    package func begin() {
        // The first in the sandbox is counted too.
        tree.limit(to: mostProcesses)
        launch.begin()
    }

    /// Ends every process in it.
    package func kill() {
        group.kill()
        tree.kill()
    }

    /// How it has to end because somebody in it uses too much, and how long it has to do so by
    /// itself.
    package mutating func broken(at now: Int) -> (AttemptReport.End, Int)? {
        bounds.broken(at: now, tree, refused: group.refusedProcesses)
    }

    /// Puts away what it was made of. Everybody in it is dead, or about to be; gives back with
    /// which status they ended.
    package mutating func takeApart() -> Remains {
        var status: Int32 = 0
        while unsafe waitpid(launch.process, &status, 0) < 0, errno == EINTR {}
        outbound = nil
        let remains = Remains(
            status: status, wasOutOfMemory: group.wasOutOfMemory,
            wasOutOfProcesses: group.wasOutOfProcesses || bounds.wasOutOfProcesses,
            cpuMilliseconds: group.cpuMilliseconds ?? 0,
            peakMemory: group.peakMemory ?? bounds.peakMemory)
        // One who is still on his way out is waited for.
        while !group.remove(), !group.processes.isEmpty { group.kill() }
        return remains
    }

    private static func mostProcesses(_ spec: AttemptSpec) -> Int {
        if let most = spec.limits.processes { return most + 1 }
        let text = KernelFile.read("/proc/sys/kernel/pid_max").split(separator: "\n").first ?? ""
        return min(standardProcesses, (Int(text) ?? .max) / shareOfNumbers) + 1
    }

    /// Bubblewrap and the first in the sandbox; slirp4netns and what it starts to get ready; who
    /// runs the health check of a service.
    private static func ownProcesses(_ spec: AttemptSpec) -> Int {
        let checking = spec.service?.isCheckedInside == true ? 2 : 0
        return (spec.network == .outbound ? 4 : 2) + checking
    }
}

/// What is known of a sandbox in which everybody is dead.
package struct Remains {
    let status: Int32
    let wasOutOfMemory: Bool
    let wasOutOfProcesses: Bool
    package let cpuMilliseconds: Int
    package let peakMemory: Int

    /// How its commands ended, if nobody else has ended them. `complaint` is what bubblewrap said
    /// if it was the first to say anything.
    package func end(complaint: String?) -> AttemptReport.End {
        let signal = status & 0x7F
        let code = Int(status >> 8 & 0xFF)
        if signal == 0, code == 0 { return .succeeded }
        // The kernel ends the largest process; that the others failed for the want of it follows.
        if wasOutOfMemory { return .outOfMemory }
        if signal != 0 { return .signalled(Int(signal)) }
        // What bubblewrap says of itself was said before there was a command to say anything.
        if code == 1, let complaint { return .couldNotStart(complaint) }
        if wasOutOfProcesses { return .overLimit("processes") }
        return .exited(code: code)
    }
}
