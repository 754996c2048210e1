import Deployment
import Metrics
import Pipelines
import Testing

@Suite("Watching what servers of metrics say") struct QueryWatchTests {
    private func query(
        _ bound: AlarmQuery.Bound, for time: Duration = .zero
    ) throws -> Workload.Query {
        Workload.Query(
            try #require(AlarmName("budget")), of: try #require(MetricsName("main")), ask: "x",
            bound: bound, lasting: time)
    }

    @Test func `one bad series is enough, and the worst is told`() throws {
        let query = try query(.above(0.5))
        var watch = QueryWatch()
        watch.note([0.1, 0.5], of: query, at: .seconds(1))
        #expect(watch.alarm(query) == nil)
        watch.note([0.7, 0.1, 0.61], of: query, at: .seconds(2))
        #expect(watch.alarm(query) == "'budget' is 0.7, and above 0.5 is bad")
    }

    @Test func `too little is bad where that is the bound`() throws {
        let query = try query(.below(10))
        var watch = QueryWatch()
        watch.note([12, 9, 8.25], of: query, at: .seconds(1))
        #expect(watch.alarm(query) == "'budget' is 8.25, and below 10 is bad")
    }

    @Test func `it has to last, without a break`() throws {
        let query = try query(.above(1), for: .seconds(20))
        var watch = QueryWatch()
        for second in [0, 10, 19] {
            watch.note([2], of: query, at: .seconds(second))
            #expect(watch.alarm(query) == nil)
        }
        watch.note([0.5], of: query, at: .seconds(20))
        watch.note([2], of: query, at: .seconds(21))
        #expect(watch.alarm(query) == nil)
        watch.note([3], of: query, at: .seconds(41))
        #expect(watch.alarm(query) == "'budget' is 3 for 20s, and above 1 is bad")
    }

    @Test func `nothing found, and what is no number, is not bad`() throws {
        let query = try query(.below(10))
        var watch = QueryWatch()
        watch.note([], of: query, at: .seconds(1))
        watch.note([.nan], of: query, at: .seconds(2))
        #expect(watch.alarm(query) == nil)
    }

    @Test func `who cannot be asked for long lets nobody see what a version does`() throws {
        let query = try query(.above(1))
        var watch = QueryWatch()
        for _ in 0..<3 { watch.note(silence: "refused") }
        #expect(watch.alarm(query) == nil)
        watch.note([0], of: query, at: .seconds(1))
        for _ in 0..<4 { watch.note(silence: "refused") }
        #expect(
            watch.alarm(query)
                == "'budget' could not be asked of 'main' 4 times in a row: refused")
    }
}
