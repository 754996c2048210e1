import Attempts
import Glibc
import Sandbox

/// What an attempt may use, as far as nobody but the supervisor can see to it: time, the disk, and
/// memory and processes where no control group holds them.
struct Bounds {
    private static let treeInterval = 100
    private static let diskInterval = 500
    /// The workspace is looked through for at most this part of the time.
    private static let diskShare = 20

    private let limits: AttemptSpec.Limits
    private let workspace: String
    private let watchesMemory: Bool
    private let watchesProcesses: Bool
    private var treeLook: Int
    private var diskLook: Int
    private(set) var peakMemory = 0
    /// There were as many as there may be, so that one more would have been refused.
    private(set) var wasOutOfProcesses = false

    init(
        _ limits: AttemptSpec.Limits, workspace: String, groupHoldsMemory: Bool,
        groupHoldsProcesses: Bool
    ) {
        self.limits = limits
        self.workspace = workspace
        watchesMemory = limits.memory != nil && !groupHoldsMemory
        watchesProcesses = limits.processes != nil && !groupHoldsProcesses
        treeLook = watchesMemory || watchesProcesses ? Self.treeInterval : .max
        diskLook = limits.disk == nil ? .max : Self.diskInterval
    }

    func nextLook(after now: Int) -> Int {
        min(limits.milliseconds ?? .max, treeLook, diskLook, now + Int(Int32.max) - 1)
    }

    /// How the attempt has to end, and how long it has to do so by itself.
    mutating func broken(
        at now: Int, _ tree: ProcessTree
    ) -> (AttemptReport.End, Int)? {
        if let time = limits.milliseconds, now >= time {
            return (.timedOut, limits.graceMilliseconds)
        }
        if now >= treeLook {
            treeLook = now + Self.treeInterval
            let processes = tree.descendants
            if let most = limits.processes, processes.count >= most { wasOutOfProcesses = true }
            let used = ProcessTree.memory(of: processes)
            peakMemory = max(peakMemory, used)
            if watchesMemory, let most = limits.memory, used > most { return (.outOfMemory, 0) }
        }
        if now >= diskLook, let most = limits.disk {
            let began = Watch()
            let used = DiskUse.of(workspace, atMost: most)
            diskLook = now + max(Self.diskInterval, began.milliseconds * Self.diskShare)
            if used > most { return (.overLimit("disk"), 0) }
        }
        return nil
    }
}
