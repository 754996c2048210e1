import Addresses
import Couriers
import Dispatch
import Engine
import Git
import Pipelines
import Sources
import Support
import Synchronization
import Testing
import Watchers
import Watching

/// A watcher with a real engine behind it, as a server has them.
final class WatchHouse: Sendable {
    struct Told {
        var state = EngineState()
        var records: [Record] = []
        var words: [WatcherWord] = []
        /// So many times what is seen cannot be taken.
        var refusals = 0
        var looks: [LookMeasure] = []
    }

    let home: Folder
    let watcher: Watcher
    let trees: RevisionTrees
    private let told: Shared

    private final class Shared: Sendable {
        let told = Mutex(Told())
        let news = DispatchSemaphore(value: 0)

        func decide(_ command: Command) throws(Refusal) -> [Record] {
            let result: Result<[Record], Refusal> = told.withLock { told in
                do throws(Refusal) {
                    let now = Moment(wall: 1_800_000_000_000, steady: Steady(milliseconds: 0))
                    let decided = try told.state.decide(command, by: .trigger("watcher"), at: now)
                    told.records += decided.records
                    return .success(decided.records)
                } catch {
                    return .failure(error)
                }
            }
            news.signal()
            return try result.get()
        }
    }

    /// Nobody is asked again for an hour, unless the plan says otherwise: what is seen was heard.
    init(
        plan: Rota.Plan? = nil, access: Access = Access(),
        door: RegistryDoor = RegistryDoor(), policy: AddressPolicy = .init(allowing: [.loopback]),
        silence: Duration = .seconds(20),
        hooks: Bool = false, boot: String = "this", home: Folder? = nil
    ) throws {
        var quiet = Rota.Plan()
        quiet.interval = .seconds(3_600)
        quiet.heardInterval = .seconds(3_600)
        let shared = Shared()
        told = shared
        let folder = try home ?? Folder()
        self.home = folder
        let patience = Courier.Patience(silence: silence, whole: .seconds(60))
        let couriers = CourierPool(
            Scene.program, atMost: quiet.looksAtOnce, patience: patience)
        let writers = CourierPool(Scene.program, atMost: 2, patience: patience)
        trees = try RevisionTrees(
            at: folder.path, boot: boot, couriers: writers,
            policy: { _ in FetchPolicy(AddressPolicy(allowing: [.loopback])) },
            access: { _ in access })
        let ties = WatcherTies(
            cursor: { watched in
                shared.told.withLock { told in
                    Cursor(told.state.pipelines[watched.pipeline]?.sources[watched.source.name])
                }
            },
            access: { _, _ in access }, door: { _ in door },
            take: { sightings in
                let refuses = shared.told.withLock { told in
                    told.refusals -= 1
                    return told.refusals >= 0
                }
                if refuses { return false }
                return sightings.allSatisfy { (try? shared.decide(.see($0))) != nil }
            },
            tell: { word in
                shared.told.withLock { $0.words.append(word) }
                shared.news.signal()
            },
            measure: { look in
                shared.told.withLock { $0.looks.append(look) }
                shared.news.signal()
            })
        watcher = try Watcher(
            WatcherSettings(
                policy: policy, plan: plan ?? quiet,
                hookSocket: hooks ? folder.file("hook.sock") : nil),
            couriers: couriers, trees: trees, ties: ties)
        try watcher.start()
    }

    deinit { watcher.stop() }

    func refuse(_ times: Int) { told.told.withLock { $0.refusals = times } }

    /// Defines a pipeline over an address, and has it watched.
    func define(_ name: String, _ address: String, _ filter: String = "branches: [main]") throws {
        try define(name, source: "git: \"\(address)\", \(filter)")
    }

    func define(_ name: String, source: String) throws {
        let text = """
            name: \(name)
            sources: { app: { \(source) } }
            stages: [{ name: build, actions: { one: { run: make } } }]
            """
        let reading = Definition.read(Array(text.utf8))
        _ = try told.decide(.define(try #require(reading.definition, "\(reading.diagnostics)")))
        watcher.watch(told.told.withLock { WatchedSource.all(in: $0.state) })
    }

    /// Waits until it is so; half a minute is for machines that are very busy.
    func wait(_ what: Comment, until isSo: (Told) -> Bool) {
        let end = DispatchTime.now() + .seconds(30)
        while !isSo(now) {
            if told.news.wait(timeout: end) == .timedOut {
                Issue.record("\(what) did not happen: \(told.told.withLock { $0.words })")
                return
            }
        }
    }

    var now: Told { told.told.withLock { $0 } }
}

extension WatchHouse.Told {
    /// `pipeline commit` of each execution, in order.
    var executions: [String] { created.map { "\($0.0.pipeline) \($0.1.id)" } }

    var created: [(ExecutionID, Revision)] {
        records.compactMap { record in
            guard case .executionCreated(let id, _, _, let revisions, _, _) = record.event,
                let first = revisions.first
            else { return nil }
            return (id, first)
        }
    }

    /// What was seen and started nothing.
    var notes: [String] {
        records.compactMap { record in
            guard case .sourceSeen(_, _, let ref, _, _, let note?) = record.event else {
                return nil
            }
            return "\(ref): \(note)"
        }
    }
}
