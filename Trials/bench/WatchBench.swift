import Addresses
import Couriers
import Dispatch
import Engine
import Git
import Glibc
import Pipelines
import Sources
import Synchronization
import Watchers
import Watching

/// One look at each of many remotes, against a bare listing of each in one process.
enum WatchBench {
    /// `address` is a server's, with repositories `0`, `1`, … below it.
    static func run(folder: String, address: String, count: Int, courier: String) throws {
        let addresses = try addresses(at: address, count)
        let floor = try floor(addresses, mirror: "\(folder)/floor")
        let desk = Desk(try addresses.map(\.description).enumerated().map(source))
        let first = try cost { try desk.look(folder, courier) }
        let once = try cost { try desk.look(folder, courier) }
        let more = try cost { try desk.look(folder, courier, times: 4) }
        let next = ((more.wall - once.wall) / 3, (more.processor - once.processor) / 3)
        for (what, pick) in [("wall", 0), ("processor", 1)] {
            var table = Table("\(count) remotes, \(what) time of one look at each", unit: "ms")
            let value = { (cost: (Double, Double)) in (pick == 0 ? cost.0 : cost.1) / 1e3 }
            table.add("libgit2's listing of each, in one process", value(floor))
            table.add("the first look, with mirrors made and filled", value(first))
            table.add("the first after a start, mirrors swept", value(once))
            table.add("each further look", value(next))
            table.show()
        }
        print("\npeak memory of the watching process: \(Measure.peakMemory / 1_024) MiB")
    }

    /// Says how many seconds of processor time the bare listing of each takes.
    static func list(address: String, count: Int, mirror: String) throws {
        let cost = try floor(try addresses(at: address, count), mirror: mirror)
        print(cost.processor / 1e6)
    }

    private static func addresses(at server: String, _ count: Int) throws -> [RemoteAddress] {
        try (0..<count).map { try RemoteAddress(parsing: "\(server)/\($0)") }
    }

    private static func floor(
        _ addresses: [RemoteAddress], mirror: String
    ) throws -> (wall: Double, processor: Double) {
        let mirror = try Repository.mirror(at: mirror)
        return try cost {
            for address in addresses {
                _ = try Remote.connect(to: address, Access(), for: mirror).refs()
            }
        }
    }

    private static func source(_ number: Int, _ address: String) throws -> WatchedSource {
        let text = """
            name: p\(number)
            sources: { app: { git: "\(address)", branches: [main] } }
            stages: [{ name: build, actions: { one: { run: make } } }]
            """
        guard let definition = Definition.read(Array(text.utf8)).definition else {
            throw GitError(.other, "read a definition", problem: "it is wrong", hint: "mend it")
        }
        return WatchedSource(definition.name, definition.sources[0])
    }

    /// Microseconds on the wall and of all processors, of children too.
    private static func cost(_ body: () throws -> Void) rethrows -> (
        wall: Double, processor: Double
    ) {
        let before = processor
        let wall = try Measure.once(body)
        return (wall, processor - before)
    }

    private static var processor: Double {
        var sum = 0.0
        for who in [RUSAGE_SELF, RUSAGE_CHILDREN] {
            var usage = rusage()
            _ = unsafe getrusage(__rusage_who_t(who.rawValue), &usage)
            for time in [usage.ru_utime, usage.ru_stime] {
                sum += Double(time.tv_sec) * 1e6 + Double(time.tv_usec)
            }
        }
        return sum
    }
}

/// Keeps cursors as a record would.
private final class Desk: Sendable {
    private let sources: [WatchedSource]
    private let cursors = Mutex<[PipelineName: Cursor]>([:])

    init(_ sources: [WatchedSource]) { self.sources = sources }

    func look(_ folder: String, _ courier: String, times: Int = 1) throws {
        var plan = Rota.Plan()
        plan.interval = .seconds(3_600)
        // As many as the machine's processors can make use of.
        plan.looksAtOnce = 4
        let couriers = CourierPool(courier, atMost: plan.looksAtOnce)
        let writers = CourierPool(courier, atMost: 1)
        let ties = WatcherTies(
            cursor: { source in self.cursors.withLock { $0[source.pipeline] ?? Cursor() } },
            take: { sightings in
                for sighting in sightings { self.take(sighting) }
                return true
            })
        let watcher = try Watcher(
            WatcherSettings(policy: AddressPolicy(allowing: [.loopback]), plan: plan),
            couriers: couriers,
            trees: try RevisionTrees(at: folder, boot: "this", couriers: writers), ties: ties)
        try watcher.start()
        watcher.watch(sources)
        var before = Steady(milliseconds: -1)
        for round in 0..<times {
            for source in sources where round > 0 {
                watcher.hint(try RemoteAddress(parsing: source.source.address))
            }
            while let last = watcher.status.map({ $0.seen ?? before }).min(), last <= before {
                usleep(20_000)
            }
            before = watcher.status.compactMap(\.seen).max() ?? before
        }
        watcher.stop()
    }

    private func take(_ sighting: Sighting) {
        cursors.withLock { cursors in
            var commits = cursors[sighting.pipeline]?.commits ?? [:]
            commits[sighting.ref] = sighting.revision?.commit
            cursors[sighting.pipeline] = Cursor(reading: sighting.reading, commits: commits)
        }
    }
}
