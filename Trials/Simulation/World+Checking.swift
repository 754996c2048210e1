import Conductor
import Engine
import People
import Pipelines
import Store

// Checks after each step, with the ledger's eyes and not the engine's.
extension World where Tried: ~Copyable {
    /// Hands what is newly on the record to the ledger.
    mutating func learn() throws(Violation) {
        let page = try read(after: acknowledged.count)
        for record in page {
            try ledger.enter(record)
            try compare(record)
            acknowledged.append(record)
        }
    }

    private func read(after sequence: Int) throws(Violation) -> [Record] {
        do {
            return try conductor.store.records(after: sequence, limit: .max)
        } catch { throw Violation(.chainWhole, "\(error)") }
    }

    /// The record says of an attempt what its runner says.
    private func compare(_ record: Record) throws(Violation) {
        guard case .attemptFinished(let attempt, let result) = record.event,
            let truth = runner.attempts[attempt]
        else { return }
        guard truth == .finished(result) else {
            throw Violation(.notLost, "'\(attempt)' is on the record as \(result), not \(truth)")
        }
    }

    func check() throws(Violation) {
        try ledger.requireRest()
        for attempt in runner.running where !ledger.wasAdmitted(attempt) {
            throw Violation(.notTwice, "'\(attempt)' runs and is not on the record")
        }
        let underWay = Set(state.runners.underWay.map(\.attempt))
        guard underWay == ledger.attemptsUnderWay else {
            let strange = underWay.symmetricDifference(ledger.attemptsUnderWay)
            throw Violation(.notLost, "\(strange.map(\.description).sorted())")
        }
        for pipeline in state.pipelines.values {
            for execution in pipeline.live where state.why(execution.id).isEmpty {
                throw Violation(.explained, "'\(execution.id)' cannot say why it is where it is")
            }
        }
        try checkTokens()
        try checkSettled()
    }

    /// One of them after each step.
    private func checkTokens() throws(Violation) {
        let texts = KnownTokens.texts
        let shown = texts[steps % texts.count]
        let admitted = try? state.people.admit(shown, at: now.instant)
        let owner = ledger.owner(showing: shown.id, at: now)
        guard admitted?.name == owner else {
            let names = [admitted?.name, owner].map { $0?.description ?? "nobody" }
            throw Violation(
                .tokensHold, "'\(shown.id)' lets in \(names[0]), and should \(names[1])")
        }
    }

    private func checkSettled() throws(Violation) {
        var copy = state
        do {
            let decided = try copy.decide(.look, by: .slipway, at: now)
            guard let first = decided.records.first else { return }
            throw Violation(.settled, "\(first.event) was left undone")
        } catch let violation as Violation {
            throw violation
        } catch { throw Violation(.engineSound, "\(error)") }
    }

    /// The state is what its events say it is, and nothing else.
    func checkState() throws(Violation) {
        var rebuilt = EngineState()
        do {
            for record in acknowledged { try rebuilt.apply(record) }
        } catch { throw Violation(.engineSound, "\(error)") }
        guard rebuilt == state else {
            throw Violation(.stateFollows, "after record \(state.sequence)")
        }
    }

    /// The server ends and another one starts on what the disk holds.
    mutating func restart(seed: UInt64) throws(Violation) {
        crashes += 1
        var fate = Randomness(seed: seed)
        bench.disk.losePower(fate: &fate)
        let before = acknowledged
        do {
            conductor = try Conductor.recovering(try bench.open())
        } catch { throw Violation(.acknowledgedKept, "\(error)") }
        let found = try read(after: 0)
        guard found.count >= before.count, Array(found.prefix(before.count)) == before else {
            throw Violation(
                .acknowledgedKept, "\(before.count) records were safe; \(found.count) are there")
        }
        // What was on its way to the disk may have arrived; either is right, and the log decides.
        ledger = Ledger()
        acknowledged = []
        try learn()
        try checkState()
        // A server that has started looks at the clock first.
        try tell([Message(.look, by: .slipway)])
    }
}
