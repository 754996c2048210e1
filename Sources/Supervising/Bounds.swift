package import Attempts
import Glibc

/// What an attempt may use, as far as nobody but the supervisor can see to it: time, the disk, and
/// memory and processes where no control group holds them.
package struct Bounds {
    private static let treeInterval = 100
    private static let diskInterval = 500
    /// The workspace is looked through for at most this part of the time.
    private static let diskShare = 20
    /// How many looks in a row may find that processes were refused. Whoever tries for so long is
    /// no program that finds its limit, and would try for ever.
    private static let refusals = 50

    private let limits: AttemptSpec.Limits
    private let workspace: String
    /// The same folder as the commands see it, which may be another file system.
    private let view: String
    /// What was there before the commands wrote anything.
    private let already: Int
    private let watchesMemory: Bool
    private let watchesProcesses: Bool
    private var treeLook: Int
    private var diskLook = diskInterval
    private var refused = 0
    private var refusedInARow = 0
    package private(set) var peakMemory = 0
    /// There were as many as there may be, so that one more would have been refused.
    package private(set) var wasOutOfProcesses = false

    package init(
        _ limits: AttemptSpec.Limits, workspace: String, view: String, isCopy: Bool = false,
        groupHoldsMemory: Bool, groupHoldsProcesses: Bool
    ) {
        self.limits = limits
        self.workspace = workspace
        self.view = view
        already = isCopy ? DiskUse.of(workspace, bytesAtMost: .max).bytes : 0
        watchesMemory = limits.memory != nil && !groupHoldsMemory
        watchesProcesses = limits.processes != nil && !groupHoldsProcesses
        treeLook = limits.processes != nil || watchesMemory ? Self.treeInterval : .max
    }

    package func nextLook(after now: Int) -> Int {
        min(limits.milliseconds ?? .max, treeLook, diskLook, now + Int(Int32.max) - 1)
    }

    /// How the attempt has to end, and how long it has to do so by itself.
    /// `refused` is how many processes it was refused so far.
    package mutating func broken(
        at now: Int, _ tree: borrowing some Processes & ~Copyable, refused: Int
    ) -> (AttemptReport.End, Int)? {
        if let time = limits.milliseconds, now >= time {
            return (.timedOut, limits.graceMilliseconds)
        }
        if now >= treeLook {
            treeLook = now + Self.treeInterval
            if let end = brokenByProcesses(tree, refused) { return (end, 0) }
        }
        if now >= diskLook {
            let began = Watch()
            let end = brokenByDisk(tree)
            diskLook = now + max(Self.diskInterval, began.milliseconds * Self.diskShare)
            if let end { return (end, 0) }
        }
        return nil
    }

    private mutating func brokenByProcesses(
        _ tree: borrowing some Processes & ~Copyable, _ refused: Int
    ) -> AttemptReport.End? {
        if watchesMemory || watchesProcesses {
            let processes = tree.descendants
            if let most = limits.processes, processes.count >= most { wasOutOfProcesses = true }
            let used = ProcessMemory.bytes(of: processes)
            peakMemory = max(peakMemory, used)
            if watchesMemory, let most = limits.memory, used > most { return .outOfMemory }
        }
        refusedInARow = refused > self.refused ? refusedInARow + 1 : 0
        self.refused = refused
        return refusedInARow >= Self.refusals ? .overLimit("processes") : nil
    }

    private func brokenByDisk(
        _ tree: borrowing some Processes & ~Copyable
    ) -> AttemptReport.End? {
        if let most = limits.disk {
            let use = DiskUse.of(workspace, bytesAtMost: most + already)
            if use.isTooDeep {
                let depth = "folders are nested deeper than \(DiskUse.deepest), uncounted"
                return .overLimit("disk: \(depth)")
            }
            let nameless = nameless(tree, atMost: most)
            if use.bytes - already + nameless > most { return .overLimit("disk") }
        }
        let left = DiskLeft.of(workspace)
        guard left.isScarce else { return nil }
        let most = left.largestBytes ?? .max
        let use = DiskUse.of(
            workspace, bytesAtMost: most, entriesAtMost: left.largestEntries ?? .max)
        let isLarge =
            use.isOverAny || use.isTooDeep || use.bytes + nameless(tree, atMost: most) > most
        return isLarge ? .overLimit("disk: hardly any is left, and it has taken much") : nil
    }

    private func nameless(
        _ tree: borrowing some Processes & ~Copyable, atMost most: Int
    ) -> Int {
        NamelessFiles.bytes(of: tree.descendants, on: [workspace, view], atMost: most)
    }
}
