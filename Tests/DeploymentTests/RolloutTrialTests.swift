import Rollouts
import Testing

@Suite struct RolloutTrialTests {
    @Test(arguments: 1...12)
    func `no rule is broken, whatever dies, lies, dawdles or crashes`(seed: UInt64) throws {
        let tally = try RolloutTrial.run(seed: seed)
        #expect(tally.steps > 0)
    }
}
