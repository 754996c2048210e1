import Pipelines
import Premises
import Service
import Testing

@Suite("What is kept of what was run") struct KeepingTests {
    private static let day: Int64 = 86_400_000

    /// Of each pipeline one a day, the last of them today.
    private static func remains(_ counts: [String: Int], bytes: Int = 100) -> [Remains] {
        counts.flatMap { pipeline, count in
            (1...count).map { number in
                Remains(
                    pipeline: pipeline, number: number, lastMade: Int64(number - count) * day,
                    bytes: bytes)
            }
        }
    }

    private static func removed(_ keep: Keeping, _ remains: [Remains]) -> [String] {
        keep.outlived(remains, at: 0).map(\.name).sorted()
    }

    @Test func `of each pipeline the newest stay`() {
        var keep = Keeping()
        keep.executions = 2
        #expect(Self.removed(keep, Self.remains(["a": 3, "b": 4])) == ["a/1", "b/1", "b/2"])
    }

    @Test func `nothing stays that is older than its age`() {
        var keep = Keeping()
        keep.age = .seconds(86_400)
        #expect(Self.removed(keep, Self.remains(["a": 4])) == ["a/1", "a/2"])
    }

    @Test func `the oldest go when they need more than the disk`() {
        var keep = Keeping()
        keep.disk = Size(bytes: 250, description: "250")
        #expect(Self.removed(keep, Self.remains(["a": 4])) == ["a/1", "a/2"])
    }

    @Test func `a small old one does not stay where a newer one had to go`() {
        var keep = Keeping()
        keep.disk = Size(bytes: 250, description: "250")
        let remains = [
            Remains(pipeline: "a", number: 3, lastMade: 3, bytes: 200),
            Remains(pipeline: "a", number: 2, lastMade: 2, bytes: 100),
            Remains(pipeline: "a", number: 1, lastMade: 1, bytes: 10),
        ]
        #expect(Self.removed(keep, remains) == ["a/1", "a/2"])
    }

    @Test func `without a rule all stay that are among the newest`() {
        #expect(Self.removed(Keeping(), Self.remains(["a": 500])) == [])
        #expect(Self.removed(Keeping(), Self.remains(["a": 501])) == ["a/1"])
    }
}
