import Engine
import Glibc
import Simulation
import Store

/// Runs the house from many seeds, and stops at the first rule that does not hold.
struct Simulate {
    private var seeds: UInt64 = 1_000
    private var first: UInt64 = 1
    private var steps = 300
    private var only: UInt64?
    private var isQuiet = false
    private var store = Kind.log

    private enum Kind: String {
        case log, sqlite
    }

    init(_ words: ArraySlice<String>) {
        var rest = words
        while let word = rest.popFirst() {
            switch word {
            case "--seeds": seeds = rest.popFirst().flatMap(UInt64.init) ?? seeds
            case "--from": first = rest.popFirst().flatMap(UInt64.init) ?? first
            case "--steps": steps = rest.popFirst().flatMap(Int.init) ?? steps
            case "--seed": only = rest.popFirst().flatMap(UInt64.init)
            case "--quiet": isQuiet = true
            case "--store": store = rest.popFirst().flatMap(Kind.init) ?? store
            default: print("trial: no option '\(word)'")
            }
        }
    }

    func run() async throws -> Int32 {
        if let only { return try tell(only) }
        return try await runAll()
    }

    private func runAll() async throws -> Int32 {
        let start = ContinuousClock.now
        let workers = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let tallies = await withTaskGroup(of: Tally.self) { group in
            for worker in 0..<workers {
                group.addTask { tally(worker, of: workers) }
            }
            return await group.reduce(into: Tally()) { $0.add($1) }
        }
        let elapsed = start.duration(to: .now)
        let seconds = max(
            1,
            elapsed.components.seconds * 1_000 + elapsed.components.attoseconds
                / 1_000_000_000_000_000)
        print(
            "simulation: \(tallies.seeds) seeds, \(tallies.steps) steps, "
                + "\(tallies.records) records, "
                + "\(tallies.crashes) crashes, \(tallies.refusals) refusals, "
                + "\(Int64(tallies.steps) * 1_000 / seconds) steps a second")
        guard let failed = tallies.failed else { return 0 }
        print("FAILED seed \(failed.seed): \(failed.violation.map(\.description) ?? "")")
        print(
            "replay: trial simulate --store \(store.rawValue) "
                + "--seed \(failed.seed) --steps \(steps)"
        )
        if !isQuiet { _ = try tell(failed.seed) }
        return 1
    }

    // Inlined into an async function it makes the compiler of Swift 6.3 crash.
    @inline(never)
    private func tally(_ worker: Int, of workers: Int) -> Tally {
        var tally = Tally()
        for seed in stride(from: first + UInt64(worker), to: first + seeds, by: workers) {
            do {
                let trial = try run(seed)
                tally.count(trial)
                if trial.violation != nil { break }
            } catch {
                print("trial: seed \(seed): \(error)")
                break
            }
        }
        return tally
    }

    private func run(_ seed: UInt64) throws(StoreError) -> Trial {
        switch store {
        case .log: try Trial.run(seed: seed, length: steps, on: .log())
        case .sqlite: try Trial.run(seed: seed, length: steps, on: .sqlite())
        }
    }

    @inline(never)
    private func tell(_ seed: UInt64) throws(StoreError) -> Int32 {
        let trial = try run(seed)
        guard let violation = trial.violation else {
            print(
                "seed \(seed): every rule held for \(trial.steps.count) steps; head \(trial.head)")
            return 0
        }
        print("seed \(seed): \(violation) after \(trial.steps.count) steps; cutting it down")
        switch store {
        case .log:
            try tell(trial) { () throws(StoreError) -> StoreBench<SimulatedStore> in .log() }
        case .sqlite:
            try tell(trial) { () throws(StoreError) -> StoreBench<SQLiteStore> in try .sqlite() }
        }
        return 1
    }

    private func tell<Tried: RecordStore & ~Copyable>(
        _ trial: Trial, _ bench: @escaping () throws(StoreError) -> StoreBench<Tried>
    ) throws(StoreError) {
        var shrinker = Shrinker(on: bench)
        print(try Story.tell(try shrinker.shrink(trial), on: try bench()))
    }
}

/// What many runs add up to.
struct Tally: Sendable {
    var seeds = 0
    var steps = 0
    var records = 0
    var crashes = 0
    var refusals = 0
    var failed: Failure?

    struct Failure: Sendable {
        let seed: UInt64
        let violation: Violation?
    }

    mutating func count(_ trial: Trial) {
        seeds += 1
        steps += trial.steps.count
        records += trial.record.count
        crashes += trial.crashes
        refusals += trial.refusals
        if trial.violation != nil { failed = Failure(seed: trial.seed, violation: trial.violation) }
    }

    mutating func add(_ other: Tally) {
        seeds += other.seeds
        steps += other.steps
        records += other.records
        crashes += other.crashes
        refusals += other.refusals
        failed = [failed, other.failed].compactMap(\.self).min { $0.seed < $1.seed }
    }
}
