import Pipelines
import Targets
import Testing

@Suite("Watching what a version does to people") struct TrafficWatchTests {
    private typealias Count = TrafficWatch.Count
    private let rule = AlarmRule(errors: 5, latency: .milliseconds(200), requests: 20)

    private func watch(_ counts: [(seconds: Int, count: Count)]) -> TrafficWatch {
        var watch = TrafficWatch()
        for (seconds, count) in counts { watch.note(count, at: .seconds(seconds)) }
        return watch
    }

    @Test func `more errors than may be turn it back, and the words count them`() {
        let bad = watch([(0, Count()), (5, Count(answers: 40, failures: 3))])
        #expect(
            bad.alarm(rule)
                == "3 of its last 40 answers were 5xx or broken off, and 5 % may be")
        #expect(watch([(0, Count()), (5, Count(answers: 40, failures: 2))]).alarm(rule) == nil)
    }

    @Test func `few answers say nothing`() {
        let few = watch([(0, Count()), (5, Count(answers: 19, failures: 19))])
        #expect(few.alarm(rule) == nil)
        #expect(watch([(0, Count(answers: 100, failures: 100))]).alarm(rule) == nil)
    }

    @Test func `what went well long ago does not hide what goes wrong now`() {
        let well = (0..<60).map { ($0, Count(answers: 200 * $0)) }
        let late = watch(well + [(65, Count(answers: 12_000, failures: 400))])
        #expect(late.alarm(rule)?.hasPrefix("400 of its last 5000") == true)
    }

    @Test func `a balancer that has forgotten begins to count anew`() {
        let anew = watch([
            (0, Count(answers: 500)), (5, Count(answers: 10)),
            (6, Count(answers: 25, failures: 1)),
        ])
        #expect(anew.alarm(rule) == nil)
    }

    @Test func `slow answers turn it back`() {
        let slow = watch([(0, Count()), (5, Count(answers: 40, milliseconds: 201))])
        #expect(
            slow.alarm(rule)
                == "its answers take 201 ms on average, and may take 200ms")
        #expect(slow.alarm(AlarmRule(errors: 5, latency: nil)) == nil)
    }
}
