import Engine
import Simulation
import Store
import Testing

/// What every store promises, whatever it is made of. A new one is tried by adding a line to each
/// test.
@Suite("A store") struct StorePromises {
    @Test func `gives back what it was given, in order`() throws {
        try givesBack(Bench.log())
        try givesBack(Bench.sqlite())
    }

    func givesBack<Tried: RecordStore & ~Copyable>(_ bench: StoreBench<Tried>) throws {
        let records = try Samples.records(120)
        var store = try bench.open()
        #expect(store.head == .empty)
        for batch in stride(from: 0, to: 120, by: 7) {
            try store.append(Array(records[batch..<min(batch + 7, 120)]))
        }
        #expect(store.head.sequence == 120)
        #expect(try store.records(after: 0, limit: 1_000) == records)
        #expect(try store.records(after: 50, limit: 10) == Array(records[50..<60]))
        #expect(try store.records(after: 120, limit: 10).isEmpty)
    }

    @Test func `still has it after it was opened again`() throws {
        try survives(Bench.log())
        try survives(Bench.sqlite())
    }

    func survives<Tried: RecordStore & ~Copyable>(_ bench: StoreBench<Tried>) throws {
        let records = try Samples.records(40)
        var store = try bench.open()
        try store.append(records)
        let head = store.head
        var fate = Randomness(seed: 1)
        bench.disk.losePower(fate: &fate)
        let again = try bench.open()
        #expect(again.head == head)
        #expect(try again.records(after: 0, limit: 100) == records)
    }

    @Test("has all of a batch or none of it, wherever the power fails", arguments: 1...12)
    func wholeOrNot(operation: Int) throws {
        try wholeOrNot(Bench.log(), operation)
        try wholeOrNot(Bench.sqlite(), operation)
    }

    func wholeOrNot<Tried: RecordStore & ~Copyable>(
        _ bench: StoreBench<Tried>, _ operation: Int
    ) throws {
        let records = try Samples.records(40)
        for seed in UInt64(1)...8 {
            var store = try bench.open()
            let before = store.head.sequence
            guard before < 30 else { break }
            bench.disk.arm(.power(at: operation))
            let batch = Array(records[before..<before + 3])
            let wasAcknowledged = (try? store.append(batch)) != nil
            var fate = Randomness(seed: seed)
            bench.disk.losePower(fate: &fate)
            let again = try bench.open()
            let after = again.head.sequence
            #expect(after == before + 3 || (after == before && !wasAcknowledged))
            #expect(try again.records(after: 0, limit: 100) == Array(records[..<after]))
        }
    }

    @Test(
        "takes nothing more after a failure, until it is opened again",
        arguments: [
            SimulatedDisk.Fault.error(at: 1), .full(at: 1),
        ])
    func refusesAfterFailure(fault: SimulatedDisk.Fault) throws {
        try refusesAfterFailure(Bench.log(), fault)
        try refusesAfterFailure(Bench.sqlite(), fault)
    }

    func refusesAfterFailure<Tried: RecordStore & ~Copyable>(
        _ bench: StoreBench<Tried>, _ fault: SimulatedDisk.Fault
    ) throws {
        let records = try Samples.records(3)
        var store = try bench.open()
        bench.disk.arm(fault)
        do {
            try store.append(records)
            Issue.record("the append went through")
        } catch {
            #expect(error.kind == (fault == .full(at: 1) ? .full : .other))
        }
        bench.disk.arm(nil)
        do {
            try store.append(records)
            Issue.record("the second append went through")
        } catch {
            #expect(error.problem.contains("an earlier write failed"))
        }
    }

    @Test func `keeps the newest snapshot`() throws {
        try keepsSnapshot(Bench.log())
        try keepsSnapshot(Bench.sqlite())
    }

    func keepsSnapshot<Tried: RecordStore & ~Copyable>(_ bench: StoreBench<Tried>) throws {
        var store = try bench.open()
        var state = EngineState()
        let records = try Samples.records(20)
        try store.append(records)
        for record in records { try state.apply(record) }
        #expect(try store.snapshot() == nil)
        try store.keep(state)
        #expect(try store.snapshot() == state)
    }
}

enum Bench {
    static func log() -> StoreBench<SimulatedStore> { .log() }
    static func sqlite() throws -> StoreBench<SQLiteStore> { try .sqlite() }
}
