import Conductor
package import Engine
package import Store

/// One run from one seed: what happened, and the first rule that did not hold.
package struct Trial {
    package let seed: UInt64
    package let steps: [Step]
    package let record: [Record]
    package let crashes: Int
    package let refusals: Int
    package let violation: Violation?
    /// The hash of the last record: the same seed gives the same one, in every process.
    package let head: String

    /// Makes up steps from the seed and performs them, then lets everything come to rest.
    package static func run<Tried: RecordStore & ~Copyable>(
        seed: UInt64, length: Int, on bench: StoreBench<Tried>
    ) throws(StoreError) -> Trial {
        var world = try World.new(on: bench)
        var chance = Chance(seed: seed)
        var steps = chance.opening()
        do {
            for step in steps { try world.perform(step) }
            while steps.count < length {
                let step = chance.next(in: world.state)
                steps.append(step)
                try world.perform(step)
            }
            try world.checkState()
            try world.comeToRest()
        } catch { return Trial(seed, steps, world, error) }
        return Trial(seed, steps, world, nil)
    }

    /// Performs steps that were made up before.
    package static func replay<Tried: RecordStore & ~Copyable>(
        _ steps: [Step], seed: UInt64, on bench: StoreBench<Tried>
    ) throws(StoreError) -> Trial {
        var world = try World.new(on: bench)
        do {
            for step in steps { try world.perform(step) }
            try world.checkState()
            try world.comeToRest()
        } catch { return Trial(seed, steps, world, error) }
        return Trial(seed, steps, world, nil)
    }

    private init<Tried: RecordStore & ~Copyable>(
        _ seed: UInt64, _ steps: [Step], _ world: borrowing World<Tried>, _ violation: Violation?
    ) {
        self.seed = seed
        self.steps = steps
        self.violation = violation
        head = world.conductor.store.head.hash
        record = world.records
        crashes = world.crashes
        refusals = world.refusals
    }
}
