import Balancer
import Testing

@Suite("Shares of the requests") struct SharesTests {
    @Test(
        "keep the hundredths exactly, whoever shares them",
        arguments: [
            [(100, 1)], [(100, 50)], [(50, 3), (50, 7)], [(10, 3), (90, 2)], [(1, 50), (99, 1)],
            [(1, 1), (99, 1)], [(33, 4), (33, 5), (34, 6)], [(1, 1), (99, 200)],
            [(7, 13), (93, 1)],
        ] as [[(Int, Int)]])
    func exact(lanes: [(Int, Int)]) {
        let weights = Shares.weights(of: lanes.map { (percent: $0.0, members: $0.1) })
        let sums = weights.map { $0.reduce(0, +) }
        let whole = sums.reduce(0, +)
        for (lane, sum) in zip(lanes, sums) { #expect(100 * sum == lane.0 * whole) }
        #expect(weights.joined().allSatisfy { 0...Shares.greatestWeight ~= $0 })
        #expect(weights.allSatisfy { ($0.max() ?? 0) - ($0.min() ?? 0) <= 1 })
    }

    @Test(
        "are even within a lane where whole weights allow it",
        arguments: [
            ([(100, 4)], [[1, 1, 1, 1]]),
            ([(50, 3), (50, 7)], [[7, 7, 7], .init(repeating: 3, count: 7)]),
            ([(10, 3), (90, 3)], [[1, 1, 1], [9, 9, 9]]), ([(5, 1), (95, 2)], [[2], [19, 19]]),
        ] as [([(Int, Int)], [[Int]])])
    func even(lanes: [(Int, Int)], weights: [[Int]]) {
        #expect(Shares.weights(of: lanes.map { (percent: $0.0, members: $0.1) }) == weights)
    }

    @Test func `who has no part has no weight, and a lane without members is nobody's`() {
        #expect(Shares.weights(of: [(0, 2), (100, 1)]) == [[0, 0], [1]])
        #expect(Shares.weights(of: [(50, 0), (50, 1)]) == [[], [1]])
        #expect(Shares.weights(of: [(0, 2)]) == [[0, 0]])
        #expect(Shares.weights(of: []).isEmpty)
    }
}
