import Pipelines
import Targets
import Testing

@Suite("Watching how much is asked of a service") struct LoadWatchTests {
    private let perSecond = ScalingRule(
        1...10, requests: 50, atOnce: nil, rise: .seconds(10), fall: .seconds(60))

    /// Two instances that are asked so much in each second, one second after the other.
    private func watch(
        _ asked: [Int], inHand: Int = 0, count: Int = 2, rule: ScalingRule
    ) -> LoadWatch {
        var watch = LoadWatch()
        var sum = 0
        for (second, more) in asked.enumerated() {
            sum += more
            let readings = [
                "i1": LoadWatch.Reading(requests: sum / 2, inHand: inHand),
                "i2": .init(requests: sum - sum / 2, inHand: 0),
            ]
            watch.note(readings, count: count, at: .seconds(second), rule: rule)
        }
        return watch
    }

    @Test func `more are needed when more is asked for long enough, and the words say how much`() {
        let busy = watch(Array(repeating: 240, count: 11), rule: perSecond)
        #expect(busy.need(perSecond)?.count == 5)
        #expect(
            busy.need(perSecond)?.cause
                == "240 requests a second and 0.0 at once, over the last 10s")
        let short = watch(Array(repeating: 240, count: 10), rule: perSecond)
        #expect(short.need(perSecond) == nil)
    }

    @Test func `as many as there are can do it`() {
        let even = watch(Array(repeating: 95, count: 70), rule: perSecond)
        #expect(even.need(perSecond) == nil)
    }

    @Test func `fewer are needed only when little is asked for long`() {
        let calm = watch(Array(repeating: 20, count: 61), rule: perSecond)
        #expect(calm.need(perSecond)?.count == 1)
        let soon = watch(Array(repeating: 20, count: 60), rule: perSecond)
        #expect(soon.need(perSecond) == nil)
        // It was busy a while ago, and little is asked now.
        let late = watch(
            Array(repeating: 200, count: 40) + Array(repeating: 0, count: 22), rule: perSecond)
        #expect(late.need(perSecond) == nil)
        // Little was asked on the whole, and much is now.
        let early = watch(
            Array(repeating: 0, count: 52) + Array(repeating: 95, count: 10), rule: perSecond)
        #expect(early.need(perSecond) == nil)
    }

    @Test func `one that would just do is one too few`() {
        let close = watch(Array(repeating: 48, count: 61), rule: perSecond)
        #expect(close.need(perSecond) == nil)
    }

    @Test func `there are never fewer than the least, nor more than the most`() {
        let narrow = ScalingRule(2...3, requests: 50, atOnce: nil, rise: .seconds(5))
        let busy = watch(Array(repeating: 9_000, count: 11), rule: narrow)
        #expect(busy.need(narrow)?.count == 3)
    }

    @Test func `what is in hand counts, where the rule says so`() {
        let slow = ScalingRule(1...10, requests: nil, atOnce: 4, rise: .seconds(5))
        let busy = watch(Array(repeating: 1, count: 10), inHand: 14, rule: slow)
        #expect(busy.need(slow)?.count == 4)
        #expect(busy.need(perSecond) == nil)
    }

    @Test func `a change begins a new watch`() {
        var watch = watch(Array(repeating: 240, count: 11), rule: perSecond)
        watch.note(
            ["i1": .init(requests: 9_000, inHand: 0)], count: 5, at: .seconds(11), rule: perSecond)
        #expect(watch.need(perSecond) == nil)
    }

    @Test func `a balancer that has forgotten is not taken for calm, nor for busy`() {
        var watch = watch(Array(repeating: 95, count: 11), rule: perSecond)
        let readings = [
            "i1": LoadWatch.Reading(requests: 40, inHand: 0), "i2": .init(requests: 50, inHand: 0),
        ]
        watch.note(readings, count: 2, at: .seconds(11), rule: perSecond)
        #expect(watch.need(perSecond) == nil)
    }
}
