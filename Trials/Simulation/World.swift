package import Conductor
package import Engine
import Pipelines
package import Store

/// The whole house in one place, with a clock, a disk, a runner and a network that obey a list of
/// steps.
package struct World<Tried: RecordStore & ~Copyable>: ~Copyable {
    package static var startOfTime: Int64 { Scenario.start }
    /// How many orders can be on their way.
    private static var wayLength: Int { 64 }

    let bench: StoreBench<Tried>
    package internal(set) var conductor: Conductor<Tried>
    package internal(set) var runner = SimulatedRunner()
    package internal(set) var orders: [Order] = []
    package internal(set) var steps = 0
    package internal(set) var refusals = 0
    package internal(set) var crashes = 0
    var ledger = Ledger()
    /// What the store said was safe.
    var acknowledged: [Record] = []
    private var wall = startOfTime
    private var steady: Int64 = 0

    /// A house that has just been built: nothing is on the record.
    package static func new(on bench: StoreBench<Tried>) throws(StoreError) -> World {
        World(bench: bench, conductor: try Conductor.recovering(try bench.open()))
    }

    private init(bench: StoreBench<Tried>, conductor: consuming Conductor<Tried>) {
        self.bench = bench
        self.conductor = conductor
    }

    package var state: EngineState { conductor.state }
    package var records: [Record] { acknowledged }
    package var now: Moment { Moment(wall: wall, steady: Steady(milliseconds: steady)) }

    package mutating func perform(_ step: Step) throws(Violation) {
        steps += 1
        switch step {
        case .tell(let told): try tell(told.map { Message($0.command, by: $0.by) })
        case .pass(let milliseconds):
            steady += milliseconds
            wall += milliseconds
            try tell([Message(.look, by: .slipway)])
        case .setClock(let jump): try setClock(by: jump)
        case .look: try look()
        case .order(let place, let delivery): deliver(place, delivery)
        case .attemptEnds(let place, let result):
            let running = runner.running
            if !running.isEmpty { runner.finish(running[place % running.count], with: result) }
        case .report(let place): try report(place)
        case .window(let place, let isOpen): try turnWindow(place, isOpen)
        case .diskFault(let fault): bench.disk.arm(fault)
        case .kill(let seed): try restart(seed: seed)
        case .runnerCrash: runner.crash()
        }
        try check()
    }

    mutating func tell(_ messages: [Message]) throws(Violation) {
        guard let replies = try? conductor.step(messages, at: now) else {
            // The disk failed: the server ends, and the next one reads what there is.
            return try restart(seed: UInt64(truncatingIfNeeded: steps))
        }
        for reply in replies {
            guard case .refused(let refusal) = reply else { continue }
            refusals += 1
            if refusal.kind == .defect { throw Violation(.engineSound, "\(refusal)") }
        }
        try learn()
    }

    private mutating func look() throws(Violation) {
        let difference = state.difference(from: runner.observed)
        for order in difference.orders
        where orders.count < Self.wayLength && !orders.contains(order) {
            orders.append(order)
        }
        guard !difference.findings.isEmpty else { return }
        try tell(difference.findings.map { Message($0, by: .slipway) })
    }

    private mutating func deliver(_ place: Int, _ delivery: Delivery) {
        guard !orders.isEmpty else { return }
        let order =
            delivery == .twice
            ? orders[place % orders.count] : orders.remove(at: place % orders.count)
        if delivery != .lost { runner.obey(order) }
    }

    private mutating func report(_ place: Int) throws(Violation) {
        guard !runner.order.isEmpty else { return }
        let attempt = runner.order[place % runner.order.count]
        switch runner.attempts[attempt] {
        case .running: try tell([Message(.started(attempt), by: .slipway)])
        case .finished(let result): try tell([Message(.finished(attempt, result), by: .slipway)])
        case nil: break
        }
    }

    private mutating func turnWindow(_ place: Int, _ isOpen: Bool) throws(Violation) {
        let gates = state.wanted.compactMap { work -> GateID? in
            if case .watch(let gate, _) = work { gate } else { nil }
        }
        guard !gates.isEmpty else { return }
        let command = Command.window(gates[place % gates.count], isOpen: isOpen)
        try tell([Message(command, by: .slipway)])
    }

    private mutating func setClock(by jump: Int64) throws(Violation) {
        wall += jump
        let before = acknowledged.count
        try tell([Message(.look, by: .slipway)])
        guard acknowledged.count <= before else {
            throw Violation(.clockJumps, "\(acknowledged[before].event)")
        }
    }
}
