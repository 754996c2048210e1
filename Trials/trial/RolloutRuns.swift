import Rollouts

/// Deployments from many seeds, up to the first rule that does not hold.
enum RolloutRuns {
    static func run(_ words: ArraySlice<String>) -> Int32 {
        let numbers = words.compactMap(UInt64.init)
        let (count, first) = (numbers.first ?? 1_000, numbers.dropFirst().first ?? 1)
        var tally = RolloutTrial.Tally()
        for seed in first..<first + count {
            do throws(RolloutTrial.Violation) {
                tally = tally + (try RolloutTrial.run(seed: seed))
                tally = tally + (try EntrustTrial.run(seed: seed))
            } catch {
                print("FAILED \(error)\nreplay: trial rollouts --seeds 1 --from \(seed)")
                return 1
            }
        }
        print(
            "rollouts: \(count) seeds, \(tally.steps) steps, \(tally.crashes) crashes; "
                + "\(tally.succeeded) succeeded, \(tally.turnedBack) turned back, "
                + "\(tally.stuck) stuck")
        return 0
    }
}
