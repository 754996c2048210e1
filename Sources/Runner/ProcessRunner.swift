package import Assignments
import Attempts
package import Engine
import Glibc
package import Pipelines
package import Sandbox
import SmallFiles

/// Runs attempts on this machine, each under a supervisor of its own.
///
/// It knows only what lies in the folders, so the next house, after a crash or an upgrade, finds
/// everything: what runs, what has ended, and what was claimed and never begun.
package final class ProcessRunner<Storage: Trees>: Hands {
    package let paths: AttemptPaths
    private let profiles: [RunnerName: RunnerProfile]
    private let trees: Storage
    private let facts: HostFacts
    private let supervisors: Supervisors
    private let filter: String
    private let registries: RegistryAccess
    private let secret: (SecretName) -> [UInt8]?
    let workers: Workers
    private(set) var known: [AttemptID: Known] = [:]
    /// Supervisors whose reports are there, and which the kernel has yet to take apart.
    private var ended: [SupervisorProcess] = []
    /// Made ready while others run, so that the next one begins sooner.
    private var spare: SpareSupervisor?
    /// Sockets of engines that a killed supervisor may just have asked for a container, which is
    /// then made when nobody looks any more.
    private var suspects: Set<String> = []
    /// Workspaces are kept for people to look at.
    package var keepsWorkspaces = false

    enum Known {
        case running(SupervisorProcess, slot: Int?)
        case harvesting
        case finished(AttemptResult)

        var isHarvesting: Bool { if case .harvesting = self { true } else { false } }

        var hasSucceeded: Bool {
            if case .finished(let result) = self { result.end == .succeeded } else { false }
        }
    }

    package init(
        paths: AttemptPaths, profiles: [RunnerProfile], trees: Storage, facts: HostFacts,
        supervisors: Supervisors, registries: RegistryAccess,
        secret: @escaping (SecretName) -> [UInt8]?
    ) throws {
        self.paths = paths
        self.profiles = Dictionary(profiles.map { ($0.name, $0) }) { _, last in last }
        self.trees = trees
        self.facts = facts
        self.supervisors = supervisors
        self.registries = registries
        self.secret = secret
        workers = try Workers()
        for folder in [paths.executions, paths.open] { _ = try AttemptFiles.makeFolder(folder) }
        filter = try Filter.made(in: paths.home)
        ControlGroup.sweep(facts.groups)
        adopt()
        sweep()
    }

    package var observed: [AttemptID: Observed] {
        known.mapValues { known in
            switch known {
            case .running, .harvesting: .running
            case .finished(let result): .finished(result)
            }
        }
    }

    /// Readable when something may have changed; to be asked for anew before each wait.
    package var descriptors: [Int32] {
        var all = [workers.descriptor]
        for case .running(let process, _) in known.values { all.append(process.descriptor) }
        return all
    }

    /// Takes note of what has changed.
    package func look() {
        for (attempt, result) in workers.finished() { known[attempt] = .finished(result) }
        for (attempt, entry) in known {
            guard case .running(let process, _) = entry, process.hasEnded else { continue }
            if paths.folder(of: attempt).writtenReport == nil {
                // Killed: what it ran is dead when it is gone, and not before.
                settle(attempt, exit: process.reap())
            } else {
                ended.append(process)
                settle(attempt)
            }
        }
        ended.removeAll { $0.reapIfDone() }
    }

    package func start(_ assignment: Assignment) {
        let attempt = assignment.attempt
        guard known[attempt] == nil else { return }
        do {
            guard try paths.claim(attempt) else { return settle(attempt) }
            guard let named = profiles[assignment.runner] else {
                throw TreeProblem("there is no runner '\(assignment.runner)' here")
            }
            let profile = named.builder(of: assignment, orElse: profiles[.process], facts)
            let ready = try takeSpare(for: assignment, on: profile.kind)
            let slot = ready.slot
            let preparation = try Preparation(
                assignment, profile: profile, trees: trees, slot: slot,
                house: paths.home, filter: filter, facts, registries, secret: secret)
            let folder = paths.folder(of: attempt)
            if !preparation.harvest.isEmpty {
                try AttemptFiles.write(preparation.harvest.fields.bytes, to: folder.harvest)
            }
            try AttemptFiles.write(preparation.spec.fields.bytes, to: folder.spec)
            let process = ready.send(preparation.errand(in: folder))
            known[attempt] = .running(process, slot: slot)
        } catch {
            known[attempt] = .finished(
                AttemptResult(end: .failed(.couldNotStart, "\(error)")))
        }
    }

    package func refuse(_ attempt: AttemptID, because reason: String) {
        _ = try? paths.claim(attempt)
        known[attempt] = .finished(AttemptResult(end: .failed(.couldNotStart, reason)))
    }

    package func kill(_ attempt: AttemptID) {
        switch known[attempt] {
        case .running(let process, _):
            try? process.ask(.gently, in: paths.folder(of: attempt))
        case .harvesting, .finished: break
        case nil:
            _ = try? paths.claim(attempt)
            known[attempt] = .finished(AttemptResult(end: .stopped))
        }
    }

    /// Ends at once whatever runs.
    package func killAll() {
        for (attempt, entry) in known {
            guard case .running(let process, _) = entry else { continue }
            try? process.ask(.atOnce, in: paths.folder(of: attempt))
        }
    }

    package func collect(_ attempt: AttemptID) {
        let succeeded = known.removeValue(forKey: attempt)?.hasSucceeded ?? false
        let shelf = LogShelf(workers: workers)
        let folder = paths.folder(of: attempt)
        let link = paths.link(of: attempt)
        // The link goes last: as long as it is there, the next house looks after the rest.
        discard(folder) { shelf.release(folder, link: link, succeeded: succeeded) }
    }

    private func discard(_ folder: AttemptFolder, then: @escaping @Sendable () -> Void = {}) {
        let trees = trees
        let keeps = keepsWorkspaces
        workers.later {
            if !keeps {
                if folder.writtenSpec?.nests == true { BuildLeftovers.remove(of: folder) }
                trees.discard(folder)
            }
            then()
        }
    }

    /// Waits for what is still being tidied up.
    package func finish() {
        if let unneeded = spare.take() { ended.append(unneeded.dismiss()) }
        workers.finish()
        for socket in suspects { ContainerSweep.sweep(socket, of: paths) }
        suspects = []
        for process in ended { process.reap() }
        ended = []
    }

    // MARK: - What has become of attempts

    /// Finds what an earlier house has left.
    private func adopt() {
        let trees = trees
        workers.later { trees.sweep() }
        for name in SmallFile.names(in: paths.open) where !name.hasPrefix(".") {
            let link = "\(paths.open)/\(name)"
            guard let target = AttemptFiles.target(of: link),
                let attempt = paths.attempt(at: target)
            else { continue }
            if LogShelf.isNote(name) {
                let shelf = LogShelf(workers: workers)
                workers.later { shelf.compress(AttemptFolder(target), note: link) }
            } else {
                settle(attempt)
            }
        }
    }

    /// What has become of an attempt whose folder may be there.
    private func settle(_ attempt: AttemptID, exit: Int32? = nil) {
        let folder = paths.folder(of: attempt)
        if let report = folder.writtenReport { return harvest(attempt, folder, report) }
        if let process = SupervisorProcess.find(folder) {
            known[attempt] = .running(process, slot: folder.writtenSpec?.slot)
            return
        }
        // It may have written its report and ended since we looked.
        if let report = folder.writtenReport { return harvest(attempt, folder, report) }
        let reason =
            exit == AttemptFolder.noRoom
            ? "there was no room on the disk to write down how it ended"
            : "its supervisor was killed, and all it ran with it"
        lose(attempt, folder, because: reason)
    }

    /// Its sandbox has died with the supervisor. A container has not: it is removed first, so that
    /// nothing of the attempt runs any more when it is repeated.
    private func lose(_ attempt: AttemptID, _ folder: AttemptFolder, because reason: String) {
        let lost = AttemptResult(end: .failed(.lost, reason))
        workers.later { ContainerSweep.removeBuilds(of: folder) }
        guard let container = folder.writtenSpec?.container else {
            known[attempt] = .finished(lost)
            return
        }
        known[attempt] = .harvesting
        suspects.insert(container.socket)
        workers.run(attempt) {
            try? ContainerSweep.remove(container, of: folder)
            return lost
        }
    }

    /// What nobody looks after at an Engine, from a house that did not come to it.
    private func sweep() {
        let paths = paths
        for case .docker(let docker) in profiles.values.map(\.kind) {
            workers.later { ContainerSweep.sweep(docker.socket, of: paths) }
        }
    }

    private func harvest(_ attempt: AttemptID, _ folder: AttemptFolder, _ report: AttemptReport) {
        let end = report.end
        guard end.hasRun, let bytes = try? SmallFile.bytes(of: folder.harvest) else {
            let told = attempt.job.isHook ? end.attemptEnd.telling(folder) : end.attemptEnd
            known[attempt] = .finished(AttemptResult(end: told))
            // Before it is on the record: for want of that room it might never come to be.
            if end != .succeeded { discard(folder) }
            return
        }
        let harvest = try? Harvest(Fields(parsing: bytes))
        guard end == .succeeded || harvest?.reports.isEmpty == false else {
            known[attempt] = .finished(AttemptResult(end: end.attemptEnd))
            discard(folder)
            return
        }
        guard let harvest, harvest.boot == HostFacts.boot || end != .succeeded else {
            let reason = "the machine went down before what it made was kept"
            known[attempt] = .finished(AttemptResult(end: .failed(.lost, reason)))
            return
        }
        known[attempt] = .harvesting
        let trees = trees
        let secrets = harvest.secrets.map { SecretName($0).flatMap(secret) }
        workers.run(attempt) {
            harvest.bringHome(from: folder, end, hiding: secrets, into: trees)
        }
    }

    // MARK: - Supervisors

    /// Makes the next supervisor ready, if there is none. Good to do before waiting.
    package func prepareAhead() {
        if spare == nil { spare = try? startSupervisor(supervisors.process) }
    }

    private func takeSpare(
        for assignment: Assignment, on kind: RunnerProfile.Kind
    ) throws(SandboxError) -> SpareSupervisor {
        // One that somebody has killed is of no use.
        let program = supervisors.program(for: assignment, on: kind)
        let isSpare = program == supervisors.process
        if isSpare, let ready = spare.take(), !ready.hasEnded { return ready }
        return try startSupervisor(program, at: BuildCacheKey(assignment)?.place(in: paths.home))
    }

    private func startSupervisor(_ program: String, at place: Int? = nil) throws(SandboxError)
        -> SpareSupervisor
    {
        try .start(program, owner: paths.home, slot: nextSlot(at: place))
    }

    /// A user that no other attempt of ours has; nothing where we are not root.
    private func nextSlot(at place: Int?) -> Int? {
        guard facts.isRoot else { return nil }
        var taken = Set([spare?.slot])
        for case .running(_, let slot?) in known.values { taken.insert(slot) }
        return SlotRange.free(for: paths.home, at: place, besides: taken)
    }
}
