package import Store

/// Cuts a failing run down to the steps that it takes to fail in the same way.
package struct Shrinker<Tried: RecordStore & ~Copyable> {
    /// How many runs it may take.
    private static var patience: Int { 600 }

    private let bench: () throws(StoreError) -> StoreBench<Tried>
    private var runs = 0

    package init(on bench: @escaping () throws(StoreError) -> StoreBench<Tried>) {
        self.bench = bench
    }

    package mutating func shrink(_ trial: Trial) throws(StoreError) -> Trial {
        guard let violation = trial.violation else { return trial }
        var smallest = trial
        var part = max(trial.steps.count / 2, 1)
        while runs < Self.patience {
            var start = 0
            var hasShrunk = false
            while start < smallest.steps.count, runs < Self.patience {
                var steps = smallest.steps
                steps.removeSubrange(start..<min(start + part, steps.count))
                runs += 1
                let shorter = try Trial.replay(steps, seed: trial.seed, on: bench())
                if shorter.violation?.invariant == violation.invariant {
                    smallest = shorter
                    hasShrunk = true
                } else {
                    start += part
                }
            }
            if part == 1, !hasShrunk { break }
            part = max(part / 2, 1)
        }
        return smallest
    }
}
