import People
import Testing

@Suite("Counting what happens often") struct TallyTests {
    private func words<Kind>(_ counts: [Tally<Kind>.Count]) -> [String] {
        counts.map { "\($0.kind.map { "\($0)" } ?? "rest") \($0.count)" }.sorted()
    }

    @Test func `the first is told at once, and those that follow when a minute is over`() {
        var tally = Tally<String>()
        #expect(words(tally.note("a", at: 0)) == ["a 1"])
        for second in 1..<60 { #expect(tally.note("a", at: Int64(second) * 1_000).isEmpty) }
        #expect(words(tally.due(at: 60_000)) == ["a 59"])
        #expect(tally.note("a", at: 60_001).isEmpty)
        #expect(words(tally.due(at: 120_000)) == ["a 1"])
    }

    @Test func `what has stopped happening is forgotten`() {
        var tally = Tally<String>()
        _ = tally.note("a", at: 0)
        #expect(tally.isWaiting)
        #expect(tally.due(at: 60_000).isEmpty)
        #expect(!tally.isWaiting)
        #expect(words(tally.note("a", at: 60_001)) == ["a 1"])
    }

    @Test func `kinds without number are told in one line`() {
        var tally = Tally<Int>()
        var told = 0
        for number in 0..<100_000 { told += tally.note(number, at: 5).count }
        #expect(told == Tally<Int>.maximumKinds)
        #expect(words(tally.due(at: 60_005)) == ["rest \(100_000 - told)"])
    }

    @Test func `what could not be told is told with what follows`() {
        var tally = Tally<String>()
        tally.takeBack(tally.note("a", at: 0), at: 0)
        _ = tally.note("a", at: 1)
        tally.takeBack([Tally.Count(kind: nil, count: 3)], at: 10)
        #expect(words(tally.due(at: 60_000)) == ["a 2"])
        #expect(words(tally.due(at: 60_010)) == ["rest 3"])
        for number in 0..<Tally<String>.maximumKinds { _ = tally.note("\(number)", at: 200_000) }
        tally.takeBack([Tally.Count(kind: "other", count: 5)], at: 200_000)
        #expect(words(tally.close()) == ["rest 5"])
    }

    @Test func `nothing is lost in all, nor at the end`() {
        var tally = Tally<Int>()
        var told = 0
        for number in 0..<5_000 {
            told += tally.note(number % 150, at: Int64(number) * 100).reduce(0) { $0 + $1.count }
        }
        told += tally.close().reduce(0) { $0 + $1.count }
        #expect(told == 5_000)
        #expect(!tally.isWaiting)
    }
}
