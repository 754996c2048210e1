import TestReports
import Testing

@Suite("Flaky tests") struct FlakySearchTests {
    /// Runs as people tell of them: `a 1 pay+ ship-`, a revision, the number of its execution and
    /// what the tests did. `~` passed when the tool had run it again, `o` was skipped.
    private static func search(_ history: String...) -> FlakySearch {
        var search = FlakySearch()
        for (index, line) in history.enumerated() {
            let words = line.split(separator: " ").map(String.init)
            let cases = words.dropFirst(2).map { word in
                var test = TestCase()
                test.name = String(word.dropLast())
                switch word.last {
                case "-": test.outcome = .failed
                case "o": test.outcome = .skipped
                case "~": test.failedRuns = 1
                default: break
                }
                return test
            }
            search.add(
                cases,
                of: FlakySearch.Run(
                    revision: words[0], execution: "shop/\(words[1])", action: "test/unit",
                    attempt: 1, at: index))
        }
        return search
    }

    private static func told(_ search: FlakySearch) -> [String] {
        search.found.map {
            "\($0.title) \($0.flakyRevisions)/\($0.revisions) \($0.failures)/\($0.runs) "
                + "\($0.seen.execution)"
        }
    }

    @Test func `one that failed and passed at one revision is flaky`() {
        #expect(Self.told(Self.search("a 1 pay-", "a 1 pay+")) == ["pay 1/1 1/2 shop/1"])
        #expect(Self.told(Self.search("a 1 pay+", "a 2 pay-")) == ["pay 1/1 1/2 shop/2"])
    }

    @Test func `one that a change broke, or mended, is not`() {
        #expect(Self.told(Self.search("a 1 pay+", "b 2 pay-", "c 3 pay+")) == [])
        #expect(Self.told(Self.search("a 1 pay-", "a 2 pay-", "b 3 pay+", "b 4 pay+")) == [])
    }

    @Test func `one of which its report says so is`() {
        #expect(Self.told(Self.search("a 1 pay~", "b 2 pay+")) == ["pay 1/2 1/3 shop/1"])
    }

    @Test func `one that was skipped has done neither`() {
        #expect(Self.told(Self.search("a 1 payo", "a 1 pay-", "a 2 payo")) == [])
        let mixed = Self.search("a 1 payo", "a 1 pay-", "a 2 pay+")
        #expect(Self.told(mixed) == ["pay 1/1 1/2 shop/1"])
    }

    @Test func `tests of the same name in other actions or classes are others`() {
        var search = FlakySearch()
        for (action, group, outcome) in [
            ("test/unit", "A", TestCase.Outcome.passed), ("test/slow", "A", .failed),
            ("test/unit", "B", .error),
        ] {
            var test = TestCase()
            test.name = "pay"
            test.group = group
            test.outcome = outcome
            search.add(
                [test],
                of: .init(revision: "a", execution: "shop/1", action: action, attempt: 1, at: 1))
        }
        #expect(search.found.isEmpty)
    }

    @Test func `the worst come first, with the last time they were seen`() {
        let search = Self.search(
            "a 1 pay- ship- add-", "a 2 pay+ ship+ add-", "b 3 pay- ship-", "b 4 pay+ ship-",
            "c 5 pay+ ship-", "d 6 pay- ship+")
        #expect(Self.told(search) == ["pay 2/4 3/6 shop/3", "ship 1/4 4/6 shop/1"])
        #expect(search.found.map(\.failureRate) == [0.5, 4.0 / 6])
    }

    @Test func `the last time is the latest, in whatever order revisions are told`() {
        var search = FlakySearch()
        for (revision, at, outcome) in [
            ("new", 90, TestCase.Outcome.failed), ("new", 95, .passed), ("old", 10, .failed),
            ("old", 20, .passed),
        ] {
            var test = TestCase()
            test.outcome = outcome
            search.add(
                [test],
                of: .init(
                    revision: revision, execution: "shop/\(at)", action: "a", attempt: 1, at: at))
        }
        #expect(search.found.map(\.seen.at) == [90])
    }
}

@Suite("Slow tests") struct SlowTestsTests {
    @Test func `are those that say so, the slowest first`() {
        let cases = [(3, "c"), (nil, "x"), (9, "a"), (3, "b"), (0, "y")].map { time, name in
            var test = TestCase()
            test.name = name
            test.microseconds = time
            return test
        }
        #expect(SlowTests.slowest(of: cases, atMost: 5).map(\.name) == ["a", "b", "c"])
        #expect(SlowTests.slowest(of: cases, atMost: 1).map(\.name) == ["a"])
    }

    @Test(
        "tell their time as people read it",
        arguments: [
            (0, "0.0ms"), (450, "0.4ms"), (9_999, "9.9ms"), (12_345, "12ms"), (999_999, "999ms"),
            (1_500_000, "1.50s"), (2_010_000, "2.01s"), (125_400_000, "125s"),
        ])
    func times(microseconds: Int, text: String) {
        #expect(TestTime.text(microseconds) == text)
    }
}
