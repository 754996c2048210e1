import Conductor
import Couriers
import Dispatch
import Engine
import Git
import JSON
import Pipelines
import Premises
import Sandbox
import Server
import SmallFiles
import Sources
import Store
import Synchronization
import Watchers
import Watching
import Zones

/// Joins those who watch with the house: what they see is left at the desk, and what the house
/// defines is what they watch; what is due by the clock is started.
final class Watchpost: Sendable {
    private static let looksAtOnce = 8
    /// Those that write files out must not wait for remotes.
    private static let writers = 2
    /// So many seconds a timetable is believed: the rules of a zone may have been changed.
    private static let validity = 60

    private let watcher: Watcher
    private let couriers: [CourierPool]
    private let desk: FrontDesk
    let definitions: DefinitionWatch
    private let clockwork: Mutex<Clockwork?>
    private let listening = Mutex<(any Sendable)?>(nil)
    private let known = Mutex(Known())
    private let queue = DispatchQueue(label: "slipway.watchpost")

    private struct Known: Sendable {
        /// What is watched by now.
        var sources: [WatchedSource] = []
        /// Up to when schedules were looked at, in seconds since 1970.
        var asked = 0
        /// What they say, and when that was read; nothing when definitions may have changed since.
        var table: (Timetable, read: Int)?
    }

    /// Where the files of revisions come from in a house that fetches.
    static func trees(_ order: ServerOrder, _ showing: Showing) throws -> RevisionTrees {
        try RevisionTrees(
            at: order.home, boot: HostFacts.boot,
            couriers: CourierPool(ProgramPlace.courier, atMost: writers),
            policy: { showing.policy(of: $0) }, access: { showing.access(to: $0) },
            warn: { commit, warnings in
                for warning in warnings {
                    order.journal.warn(warning, ["commit": .string(commit)])
                }
            })
    }

    init(
        _ order: ServerOrder, _ desk: FrontDesk, _ showing: Showing, _ trees: RevisionTrees,
        _ registries: WatchedRegistries, _ meter: Meter
    ) throws {
        let journal = order.journal
        self.desk = desk
        let definitions = DefinitionWatch(order, desk, trees, showing.reach)
        self.definitions = definitions
        var plan = Rota.Plan()
        plan.interval = order.settings.poll
        plan.looksAtOnce = Self.looksAtOnce
        plan.roundsAtOnce = Self.looksAtOnce * 3 / 4
        plan.doubtfulAtOnce = Self.looksAtOnce * 3 / 4
        let settings = WatcherSettings(
            policy: order.settings.reach, plan: plan,
            hookSocket: "\(order.home)/hook.sock")
        let ties = WatcherTies(
            cursor: { source in
                if source.pipeline == .definitions { return definitions.cursor(of: source) }
                let pipeline = desk.view.state.pipelines[source.pipeline]
                return Cursor(pipeline?.sources[source.source.name])
            },
            access: { showing.access(to: $0, for: $1) },
            door: { origin throws(GitError) in try registries.door(to: origin) },
            folders: { showing.reach.folders(of: $0) },
            take: { sightings in
                let own = sightings.filter { $0.pipeline == .definitions }
                let rest = sightings.filter { $0.pipeline != .definitions }
                // Both, whatever becomes of the other: what is taken is not seen again.
                let areTaken = [
                    rest.isEmpty || Self.take(rest, desk, trees, journal),
                    own.isEmpty || definitions.take(own),
                ]
                return areTaken.allSatisfy(\.self)
            },
            tell: { word in Self.tell(word, journal) },
            measure: { look in
                if let figure = LookFigure(look) { meter.looked(figure) }
            })
        let lookers = CourierPool(ProgramPlace.courier, atMost: Self.looksAtOnce)
        couriers = [lookers, trees.couriers]
        watcher = try Watcher(settings, couriers: lookers, trees: trees, ties: ties)
        clockwork = Mutex(nil)
    }

    /// `last` is when the record ends: what a schedule named after it was never started.
    func start(after last: Moment?) throws {
        known.withLock { $0.asked = Int((last ?? desk.view.now).wall / 1_000) }
        try watcher.start()
        listening.withLock { $0 = desk.listen { [weak self] in self?.hear() } }
        hear()
        let clockwork = Clockwork(after: .seconds(1), every: .seconds(1)) { [weak self] in
            self?.tick()
        }
        self.clockwork.withLock { $0 = clockwork }
    }

    func stop() {
        listening.withLock { $0 = nil }
        clockwork.withLock { $0 = nil }
        watcher.stop()
    }

    /// How it stands with what is watched.
    var remotes: [WatchedRemote] {
        watcher.status.map { status in
            WatchedRemote(
                addresses: status.written, isSeen: status.seen != nil,
                problem: status.problem?.problem)
        }
    }

    var figures: WatchFigures {
        let all = watcher.status
        let failing = all.count { $0.problem != nil }
        let unseen = all.count { $0.problem == nil && $0.seen == nil }
        return WatchFigures(
            answering: all.count - failing - unseen, failing: failing, unseen: unseen,
            overdue: watcher.overdue, couriers: couriers.map(\.count).reduce(0, +))
    }

    /// Somebody says that there is something to see.
    func look(at address: RemoteAddress, for pushes: [Push]) {
        watcher.hint(address, pushes: pushes)
    }

    // MARK: - What is seen

    private static func take(
        _ sightings: [Sighting], _ desk: FrontDesk, _ trees: RevisionTrees, _ journal: Journal
    ) -> Bool {
        // Written out before the house hears of it, which must not wait for that; if it cannot be,
        // the action that wants the files says why.
        for case .some(let revision) in sightings.filter({ $0.note == nil }).map(\.revision) {
            if let commit = revision.commit { _ = try? trees.folder(of: commit) }
        }
        let messages = sightings.map { sighting in
            let kind = sighting.isOfImage(in: desk.view.state) ? "image" : "git"
            return Message(.see(sighting), by: .trigger(kind))
        }
        switch desk.decide(messages) {
        case .success(let replies):
            for case .refused(let refusal) in replies {
                journal.warn(refusal.problem, ["hint": .string(refusal.hint)])
            }
            return true
        case .failure(let error):
            journal.warn("\(error)")
            return false
        }
    }

    private static func tell(_ word: WatcherWord, _ journal: Journal) {
        switch word {
        case .unusable(let source, let error):
            journal.warn(
                "source '\(source)' cannot be watched: \(error.problem)",
                ["hint": .string(error.hint)])
        case .failed(let remote, let error, let times):
            journal.warn(
                "cannot \(error.operation): \(error.problem)",
                ["remote": .string(remote), "times": .int(times), "hint": .string(error.hint)])
        case .recovered(let remote):
            journal.note("the remote answers again", ["remote": .string(remote)])
        case .untidy(let remote, let error):
            journal.warn(
                "cannot \(error.operation): \(error.problem)",
                ["remote": .string(remote), "hint": .string(error.hint)])
        }
    }

    // MARK: - What is watched, and what is due

    /// The record has grown, or it is the beginning.
    private func hear() {
        known.withLock { $0.table = nil }
        queue.async { [self] in
            let state = desk.view.state
            let sources = definitions.sources + WatchedSource.all(in: state)
            let isNew = known.withLock { known in
                defer { known.sources = sources }
                return known.sources != sources
            }
            if isNew { watcher.watch(sources) }
        }
    }

    private func tick() {
        let seconds = Int(desk.view.now.wall / 1_000)
        let (table, last) = known.withLock { known in
            defer { known.asked = Timetable.asked(seconds, before: known.asked) }
            return (timetable(at: seconds, &known), known.asked)
        }
        submit(table.starts(after: last, upTo: seconds))
    }

    private func timetable(at seconds: Int, _ known: inout Known) -> Timetable {
        if let (table, read) = known.table, abs(seconds - read) < Self.validity { return table }
        let calendar = Calendar()
        let table = Timetable(desk.view.state) { calendar.zone($0) }
        known.table = (table, seconds)
        return table
    }

    private func submit(_ starts: [Start]) {
        guard !starts.isEmpty else { return }
        let messages = starts.map { start in
            Message(.start(start), by: .trigger(start.cause.word))
        }
        desk.submit(messages) { _ in }
    }
}

extension Sighting {
    /// Of one that is gone, the definition tells.
    fileprivate func isOfImage(in state: EngineState) -> Bool {
        let sources = state.pipelines[pipeline]?.current?.definition.sources ?? []
        return sources.contains { $0.name == source && $0.image != nil }
    }
}

extension LookFigure {
    /// One that was never begun is none.
    fileprivate init?(_ look: LookMeasure) {
        let outcome: Outcome
        switch look.outcome {
        case .seen: outcome = .seen
        case .failed: outcome = .failed
        case .abandoned: outcome = .abandoned
        case .missed: return nil
        }
        self.init(outcome: outcome, lag: look.lag, time: look.time, delay: look.delay)
    }
}
