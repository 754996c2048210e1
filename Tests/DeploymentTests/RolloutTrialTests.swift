import Rollouts
import Testing

@Suite struct RolloutTrialTests {
    @Test(arguments: 1...12)
    func `no rule is broken, whatever dies, lies, dawdles or crashes`(seed: UInt64) throws {
        let tally = try RolloutTrial.run(seed: seed)
        #expect(tally.steps > 0)
    }

    @Test(arguments: 1...40)
    func `no rule is broken by what another party does, says or forgets to say`(
        seed: UInt64
    ) throws {
        let tally = try EntrustTrial.run(seed: seed)
        #expect(tally.steps > 0)
    }
}
