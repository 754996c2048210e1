import Attempts
import Containers
import Docker
import Glibc
import Logs
import Sandbox
import Supervising

/// One attempt while its container runs: what it prints goes to the log, and what happens, or takes
/// too long, or is too much, becomes its end.
struct ContainerAttempt: ~Copyable {
    private let spec: AttemptSpec
    private let folder: AttemptFolder
    private let watch: Watch
    private let engine: DockerEngine
    private let container: OwnContainer
    private let running: RunningContainer
    private var channels: Channels
    private var log: AttemptLog
    /// What is printed before the commands begin, by the image's shell or what starts it.
    private var opening: Opening
    /// Its answer comes when the container has ended.
    private let ended: EngineTransfer
    private var steps = StepTeller()
    private var bounds: Bounds
    private var ending = Ending()
    /// The shell has opened the way for what is printed.
    private var hasBegun = false
    private var used = Used()

    /// What the container's control groups have counted, which end with it.
    private struct Used {
        var peakMemory = 0
        var cpuMilliseconds = 0
        var wasOutOfMemory = false
        var wasOutOfProcesses = false
        var hasLeave = false
    }

    init(
        spec: AttemptSpec, folder: AttemptFolder, watch: Watch, engine: DockerEngine,
        container: consuming OwnContainer, running: consuming RunningContainer,
        channels: consuming Channels, log: consuming AttemptLog, printed: EngineTransfer,
        ended: EngineTransfer
    ) {
        self.spec = spec
        self.folder = folder
        self.watch = watch
        self.engine = engine
        self.container = container
        self.running = running
        self.channels = channels
        self.log = log
        self.ended = ended
        opening = Opening(printed)
        bounds = Bounds(
            spec.limits, workspace: folder.workspace, view: folder.workspace,
            groupHoldsMemory: true,
            groupHoldsProcesses: true)
    }

    consuming func run(
        _ requests: borrowing StopRequests, _ exports: Exports
    ) -> AttemptReport {
        if let request = requests.read() { obey(request) }
        channels.send()
        var isPrinting = true
        var problem: DockerError?
        engine.run()
        while !ended.isDone {
            let ready = wait(requests.descriptor, isPrinting: isPrinting)
            opening.take()
            if ready.output {
                hasBegun = true
                isPrinting = log.take(from: channels.output, at: watch.milliseconds)
            }
            if ready.steps { steps.take(from: channels.steps, watch.milliseconds, &log) }
            if ready.gate { channels.send() }
            if ready.requests, let request = requests.read() { obey(request) }
            log.lookForRoom(at: watch.milliseconds, isWorthWaiting: ending.end == nil)
            if steps.isOver, !used.hasLeave { giveLeave() }
            do throws(DockerError) { try keepBounds() } catch {
                problem = error
                break
            }
        }
        // All who could write are dead, so this comes to an end.
        while isPrinting, hasBegun || Self.isReady(channels.output) {
            hasBegun = true
            isPrinting = log.take(from: channels.output, at: watch.milliseconds)
            log.lookForRoom(at: watch.milliseconds, isWorthWaiting: false)
        }
        steps.take(from: channels.steps, watch.milliseconds, &log)
        return report(problem, exports)
    }

    private struct Ready {
        let output: Bool
        let steps: Bool
        let requests: Bool
        let gate: Bool
    }

    /// Waits for the Engine or one of the channels. Which of those are ready is asked once more,
    /// because libcurl tells of some ends only that something is.
    private func wait(_ requests: Int32, isPrinting: Bool) -> Ready {
        let reading = [
            isPrinting && !log.isWaiting ? channels.output : -1, steps.isOpen ? channels.steps : -1,
            requests,
        ]
        var waited = reading.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        waited.append(pollfd(fd: channels.waitsToSend, events: Int16(POLLOUT), revents: 0))
        engine.wait(waited.filter { $0.fd >= 0 }, milliseconds: pause)
        let count = unsafe poll(&waited, nfds_t(waited.count), 0)
        let isReady = waited.map { count > 0 && $0.revents != 0 }
        return Ready(
            output: isReady[0], steps: isReady[1], requests: isReady[2], gate: isReady[3])
    }

    private static func isReady(_ descriptor: Int32) -> Bool {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waited, 1, 0) > 0
    }

    /// Until something has to be looked at though nobody says a word.
    private var pause: Int {
        let now = watch.milliseconds
        let next = ending.end == nil ? bounds.nextLook(after: now) : ending.nextLook
        return max(0, min(next ?? now + Int(Int32.max), log.nextLook(after: now)) - now)
    }

    private mutating func obey(_ request: StopRequest) {
        switch request {
        case .gently: end(as: .stopped, grace: spec.limits.graceMilliseconds)
        case .atOnce: end(as: .stopped, grace: 0)
        }
    }

    private mutating func keepBounds() throws(DockerError) {
        let now = watch.milliseconds
        if ending.isToKill(at: now) {
            look()
            try engine.kill(container.id)
        }
        guard ending.end == nil else { return }
        if let end = log.broken { return self.end(as: end, grace: 0) }
        let refused = running.counts.refusedProcesses
        if let (end, grace) = bounds.broken(at: now, running, refused: refused) {
            self.end(as: end, grace: grace)
        }
    }

    private mutating func end(as end: AttemptReport.End, grace: Int) {
        if ending.begin(end, at: watch.milliseconds, grace: grace) { running.ask() }
    }

    /// The steps are over: what they used is counted while it still can be.
    private mutating func giveLeave() {
        look()
        used.hasLeave = true
        channels.giveLeave()
    }

    private mutating func look() {
        used.peakMemory = max(used.peakMemory, running.counts.peakMemory ?? 0)
        used.cpuMilliseconds = max(used.cpuMilliseconds, running.counts.cpuMilliseconds ?? 0)
        used.wasOutOfMemory = used.wasOutOfMemory || running.counts.wasOutOfMemory
        used.wasOutOfProcesses = used.wasOutOfProcesses || running.counts.wasOutOfProcesses
    }

    private consuming func report(_ problem: DockerError?, _ exports: Exports) -> AttemptReport {
        let end = outcome(problem)
        exports.bringHome()
        let totals = log.close(at: watch.milliseconds)
        return AttemptReport(
            end: end, startedAt: watch.startedAt, milliseconds: watch.milliseconds,
            cpuMilliseconds: used.cpuMilliseconds, peakMemory: used.peakMemory,
            logBytes: totals.kept, droppedBytes: totals.dropped, steps: steps.ended)
    }

    private mutating func outcome(_ problem: DockerError?) -> AttemptReport.End {
        opening.finish(engine)
        do throws(DockerError) {
            if let problem { throw problem }
            _ = try engine.answer(of: ended)
            let state = try engine.facts(of: container.id).state
            if let end = ending.end { return end }
            if state.code == 0, hasBegun { return .succeeded }
            if used.wasOutOfMemory || state.wasOutOfMemory { return .outOfMemory }
            guard hasBegun else {
                let said = opening.text.isEmpty ? "" : ": \(opening.text)"
                return .couldNotStart(
                    "image '\(spec.container?.image ?? "")' has no shell that runs commands, "
                        + "exit code \(state.code)\(said)")
            }
            if used.wasOutOfProcesses { return .overLimit("processes") }
            return .exited(code: state.code)
        } catch {
            return .lost("\(error)")
        }
    }
}
