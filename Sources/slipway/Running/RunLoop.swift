import Attempts
import CLaunch
import Conductor
import Engine
import Glibc
import Pipelines
import Premises
import Runner
import Store
import TestReports

/// Drives a house until one execution has ended and nothing of it is left.
struct RunLoop<Storage: Trees>: ~Copyable {
    private var house: House<SQLiteStore, ProcessRunner<Storage>>
    private let runner: ProcessRunner<Storage>
    private let clock: HouseClock
    private let view: any RunView
    private let wish: RunWish
    private var story = RunStory()
    private var show: RunShow
    private var failures: [(RunEvent.Subject, AttemptEnd)] = []
    private let interrupt: Int32
    private let terminate: Int32
    private var interrupts = 0
    /// How long a full disk is waited for.
    private static var patience: Duration { .seconds(30) }

    init(
        _ house: consuming House<SQLiteStore, ProcessRunner<Storage>>,
        _ runner: ProcessRunner<Storage>, _ clock: HouseClock, _ view: any RunView,
        _ wish: RunWish
    ) {
        self.house = house
        self.runner = runner
        self.clock = clock
        self.view = view
        self.wish = wish
        show = RunShow(view, runner.paths)
        interrupt = slipway_hear_signal(SIGINT)
        terminate = slipway_hear_signal(SIGTERM)
    }

    /// Gives the messages to the house and stays until the execution they are about is over.
    mutating func run(_ messages: [Message]) throws -> Outcome {
        var pending = messages
        var execution = wish.resumed
        var wasRefused: Refusal?
        while true {
            runner.look()
            let replies = try turn(pending)
            pending = []
            for reply in replies {
                if case .refused(let refusal) = reply { wasRefused = wasRefused ?? refusal }
                if case .done(let id?, _) = reply { execution = id }
            }
            guard let execution else {
                throw wasRefused ?? Refusal(.defect, "nothing was started", hint: "report it")
            }
            pending += tell(execution)
            let hasMore = show.go(on: clock.now)
            refresh()
            if pending.isEmpty, show.isDone, let outcome = outcome(of: execution),
                runner.observed.isEmpty
            {
                runner.finish()
                finish(execution)
                return outcome
            }
            if pending.isEmpty { pending += wait(execution, atMost: hasMore ? .zero : nil) }
        }
    }

    /// One turn of the house. A disk that is full may have room again when what was ended for it is
    /// removed: that is waited for.
    private mutating func turn(_ messages: [Message]) throws -> [Reply] {
        var replies: [Reply]?
        do throws(StoreError) {
            try house.turn(messages, at: clock.now) { replies = $0 }
            return replies ?? []
        } catch {
            guard error.kind == .full else { throw error }
            view.say("the disk is full: waiting for room to go on with the record")
            let began = clock.now.steady
            while clock.now.steady - began < Self.patience, interrupts == 0 {
                runner.look()
                rest()
                do throws(StoreError) {
                    try house.recover()
                    try house.turn(replies == nil ? messages : [], at: clock.now) { replies = $0 }
                    return replies ?? []
                } catch {
                    guard error.kind == .full else { throw error }
                }
            }
            throw error
        }
    }

    private mutating func rest() {
        var waited = [interrupt, terminate].map { descriptor in
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        }
        _ = unsafe poll(&waited, nfds_t(waited.count), 100)
        if Self.take(interrupt) || Self.take(terminate) { interrupts += 1 }
    }

    private func outcome(of execution: ExecutionID) -> Outcome? {
        house.state.execution(execution)?.end?.outcome
    }

    /// Shows what has been recorded and printed; what it answers by itself is given back.
    private mutating func tell(_ execution: ExecutionID) -> [Message] {
        var answers: [Message] = []
        for record in house.news() {
            for event in story.tell(record, of: execution, in: house.state) {
                note(event)
                show.add(event, at: record.at)
                if let tests = tests(after: event) { show.add(tests, at: record.at) }
            }
            answers += wish.answers(to: record.event, of: execution, in: house.state)
        }
        return answers
    }

    private func refresh() {
        let runner = runner
        view.refresh(at: clock.now) { subject in
            LogFollower.tail(of: runner.paths.folder(of: subject.attempt).log, lines: 1).last
        }
    }

    private mutating func note(_ event: RunEvent) {
        switch event {
        case .actionFinished(let subject, let end, _):
            if case .failed = end { failures.append((subject, end)) }
        case .actionRetried(let subject, _):
            failures.removeAll { $0.0.attempt.job == subject.attempt.job }
        default: break
        }
    }

    /// What lies in the attempt's folder since it has ended.
    private func tests(after event: RunEvent) -> RunEvent? {
        guard case .actionFinished(let subject, let end, _) = event else { return nil }
        let folder = runner.paths.folder(of: subject.attempt)
        if let summary = TestSummary.of(folder, after: end, wasAsked: asksForTests(subject)) {
            return .tests(subject, summary)
        }
        return nil
    }

    private func asksForTests(_ subject: RunEvent.Subject) -> Bool {
        let state = house.state
        let definition = state.execution(subject.attempt.visit.execution)
            .flatMap(state.definition(of:))
        let run = definition?.action(of: subject.attempt)?.work as? Run
        return run?.reports.isEmpty == false
    }

    /// Waits until something may have happened; what people want meanwhile is given back.
    private mutating func wait(_ execution: ExecutionID, atMost: Duration?) -> [Message] {
        runner.prepareAhead()
        var waited = (runner.descriptors + [interrupt, terminate]).map { descriptor in
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        }
        let pauses = [house.pause(at: clock.now.steady), view.interval, outputPause, atMost]
        let pause = pauses.compactMap(\.self).min().map { Int32(clamping: $0.milliseconds) }
        // Rounded up: woken too early it would only have to wait again.
        let time = atMost == .zero ? 0 : pause.map { $0 &+ 1 } ?? -1
        _ = unsafe poll(&waited, nfds_t(waited.count), time)
        guard Self.take(interrupt) || Self.take(terminate) else { return [] }
        interrupts += 1
        return stop(execution)
    }

    private var outputPause: Duration? {
        view.wantsOutput && show.isFollowing ? .milliseconds(50) : nil
    }

    /// Once: what runs may end. Twice: it is told to end now. Three times: it is killed.
    private mutating func stop(_ execution: ExecutionID) -> [Message] {
        guard outcome(of: execution) == nil || interrupts > 2 else { return [] }
        switch interrupts {
        case 1:
            view.say("stopping: what runs may end; press Ctrl-C again to end it now")
            return [Message(.stop(execution, .wait, reason: "interrupted"), by: wish.person)]
        case 2:
            view.say("abandoning: what runs is told to end; press Ctrl-C again to kill it")
            return [Message(.stop(execution, .abandon, reason: "interrupted"), by: wish.person)]
        default:
            runner.killAll()
            return []
        }
    }

    private static func take(_ descriptor: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 128)
        return unsafe read(descriptor, &buffer, buffer.count) > 0
    }

    /// What failed, with the end of its log and where the whole of it lies.
    private func finish(_ execution: ExecutionID) {
        view.finish()
        guard !(view is JSONView) else { return }
        for (subject, end) in failures {
            let log = runner.paths.folder(of: subject.attempt).log
            Output.print("\n\(subject.stage)/\(subject.title) \(end.sentence)\n")
            for line in LogFollower.tail(of: log, lines: 20) {
                Output.print("  | \(Report.visible(line))\n")
            }
            Output.print("  log: \(log)\n")
        }
    }
}
