import Artifacts
import Attempts
import Dispatch
import Glibc
package import Logs
package import Sandbox
import SmallFiles

/// Runs instances of services on this machine, each under a supervisor of its own.
///
/// It knows only what lies in the folders, as whoever runs attempts: so the next house finds all of
/// them. It starts nothing again by itself: what is to be there others decide.
package final class Instances {
    private let folders: InstanceFolders
    private let supervisors: InstanceSupervisors
    private let facts: HostFacts
    private let filter: String
    private let news: NewsPipe
    private let tidying = DispatchQueue(label: "instances", qos: .utility)
    private var known: [InstanceName: Known] = [:]
    /// Supervisors whose reports are there, and which the kernel has yet to take apart.
    private var ended: [SupervisorProcess] = []

    private enum Known {
        case running(SupervisorProcess, slot: Int?, InstanceState)
        /// Its supervisor was killed, and its container may go on.
        case orphaned(Removal)
        case gone(InstanceState)
    }

    /// Finds what earlier houses have left in `home`.
    package init(home: String, supervisors: InstanceSupervisors, facts: HostFacts) throws {
        folders = InstanceFolders(home: home)
        self.supervisors = supervisors
        self.facts = facts
        for folder in [folders.all, folders.trash] { _ = try folders.make(folder) }
        filter = try Filter.made(in: home)
        news = try NewsPipe(at: folders.bell)
        ControlGroup.sweep(facts.groups)
        for name in folders.names() where !folders.isForgotten(name) { settle(name) }
    }

    /// Readable when something may have changed; to be asked for anew before each wait.
    package var descriptors: [Int32] {
        var all = [news.descriptor]
        for case .running(let process, _, _) in known.values { all.append(process.descriptor) }
        return all
    }

    /// All that were launched and are not forgotten, as they are now.
    package func look() -> [InstanceName: InstanceState] {
        let isNew = news.hear()
        for case (let name, .running(let process, let slot, _)) in known {
            if process.hasEnded {
                if folders.folder(of: name).writtenReport == nil {
                    // Killed: what it ran is dead when it is gone, and not before.
                    process.reap()
                } else {
                    ended.append(process)
                }
                settle(name)
            } else if isNew {
                known[name] = .running(process, slot: slot, reading(of: name))
            }
        }
        for case (let name, .orphaned(let removal)) in known {
            if removal.isDone {
                bury(name, folders.folder(of: name), Self.killed)
            } else {
                removal.go(on: tidying) { [news] in news.ring() }
            }
        }
        ended.removeAll { $0.reapIfDone() }
        return known.mapValues { known in
            switch known {
            case .running(_, _, let state), .gone(let state): state
            case .orphaned(let removal):
                InstanceState(.unhealthy, cause: removal.words(Self.killed))
            }
        }
    }

    /// Starts it, once: nothing happens where an instance of this name was launched before, however
    /// that ended. After an error nothing of it is left.
    package func launch(_ spec: InstanceSpec) throws {
        let name = spec.name
        guard known[name] == nil else { return }
        if let problem = spec.problem { throw InstanceProblem("\(name) cannot start: \(problem)") }
        guard try folders.claim(name) else { return }
        do {
            // An image says itself which user it is.
            let slot = spec.container == nil ? nextSlot : nil
            let ready = try SpareSupervisor.start(
                supervisors.program(for: spec), owner: folders.home, slot: slot)
            let folder = folders.folder(of: name)
            let attempt = spec.attempt(
                slot: slot, filter: filter, addresses: folders.addresses(of: name),
                bell: folders.bell)
            do throws(FileProblem) {
                try SmallFile.make(folder.spec, of: attempt.fields.bytes)
            } catch {
                throw InstanceProblem("cannot write '\(folder.spec)': \(error)")
            }
            let process = ready.send(
                Errand(folder: folder, secrets: spec.secrets, access: spec.access))
            known[name] = .running(process, slot: slot, InstanceState(.starting))
        } catch {
            folders.release(name)
            throw error
        }
    }

    /// Asks it to end, and ends it after its grace; asking twice is as good as once.
    package func stop(_ name: InstanceName, atOnce: Bool = false) throws {
        guard case .running(let process, _, _) = known[name] else { return }
        try process.ask(atOnce ? .atOnce : .gently, in: folders.folder(of: name))
    }

    /// One that is gone is not shown any more, and is never launched again. Its log stays for a
    /// while.
    package func forget(_ name: InstanceName) {
        guard case .gone = known[name] else { return }
        folders.forget(name)
        known[name] = nil
        let folders = folders
        tidying.async {
            for folder in folders.surplus(in: name.environment) { Self.discard(folder, folders) }
        }
    }

    /// The parts of its log, the oldest first; also of one that is gone or forgotten.
    package func logs(of name: InstanceName) -> [LogPlace] {
        let folder = folders.folder(of: name)
        return [folder.earlierLog, folder.log].filter(SmallFile.isThere).map { LogPlace($0) }
    }

    package func lastLines(of name: InstanceName, atMost most: Int = 20) -> [String] {
        LastLines.of(folders.folder(of: name), atMost: most)
    }

    /// Folders that instances which run work with.
    package var treesInUse: [String] {
        known.flatMap { name, known -> [String] in
            guard case .running = known, let spec = folders.folder(of: name).writtenSpec else {
                return []
            }
            return spec.layers + spec.inputs.map(\.path)
        }
    }

    /// Waits for what is still being tidied up.
    package func finish() {
        tidying.sync {}
        for process in ended { process.reap() }
        ended = []
    }

    // MARK: - What has become of them

    /// One whose folder is there.
    private func settle(_ name: InstanceName) {
        let folder = folders.folder(of: name)
        if let report = folder.writtenReport { return end(name, folder, report) }
        if let process = SupervisorProcess.find(folder) {
            known[name] = .running(process, slot: folder.writtenSpec?.slot, reading(of: name))
            return
        }
        // It may have written its report and ended since we looked.
        if let report = folder.writtenReport { return end(name, folder, report) }
        guard let container = folder.writtenSpec?.container else {
            return bury(name, folder, Self.killed)
        }
        // The kernel ends what it ran in a sandbox, and the Engine ends nothing by itself.
        let removal = Removal(of: container, for: folder, by: supervisors.removeContainer)
        known[name] = .orphaned(removal)
        removal.go(on: tidying) { [news] in news.ring() }
    }

    private static let killed = "its supervisor was killed, or never began, and all it ran with it"

    private func end(_ name: InstanceName, _ folder: AttemptFolder, _ report: AttemptReport) {
        bury(name, folder, report.end.cause(folder.writtenSpec?.limits))
    }

    private func bury(_ name: InstanceName, _ folder: AttemptFolder, _ cause: String) {
        known[name] = .gone(
            InstanceState(.gone, cause: cause, lastLines: lastLines(of: name)))
        let (folders, groups) = (folders, facts.groups)
        tidying.async {
            for left in [folder.workspace, folder.scratch] { Self.discard(left, folders) }
            for file in [folder.state, folder.stop, folder.copied] { _ = unsafe unlink(file) }
            ControlGroup.sweep(groups)
        }
    }

    private static func discard(_ folder: String, _ folders: InstanceFolders) {
        try? ArtifactStore.remove(folder, trash: folders.trash)
    }

    private func reading(of name: InstanceName) -> InstanceState {
        guard let reading = folders.folder(of: name).writtenState else {
            return InstanceState(.starting)
        }
        return InstanceState(reading) { lastLines(of: name) }
    }

    /// A user that no other instance of ours has; nothing where we are not root and have but one.
    private var nextSlot: Int? {
        guard facts.isRoot else { return nil }
        var taken = Set<Int>()
        for case .running(_, let slot?, _) in known.values { taken.insert(slot) }
        return (SlotRange.firstOfInstances(for: folders.home)...).first { !taken.contains($0) }
    }
}
