import Deployment
import Testing

@Suite struct PaceTests {
    @Test(arguments: [
        // desired, minimum, maximum, least, most: as ECS reckons
        (4, 100, 200, 4, 8), (4, 50, 150, 2, 6), (3, 50, 150, 2, 4), (1, 50, 100, 1, 1),
        (1, 0, 100, 0, 1), (10, 66, 134, 7, 13), (7, 99, 101, 7, 7),
    ])
    func `the least is rounded up, and the most is rounded down`(
        count: Int, minimum: Int, maximum: Int, least: Int, most: Int
    ) {
        let pace = Pace.percents(minimum: minimum, maximum: maximum)
        #expect(pace.least(of: count) == least)
        #expect(pace.most(of: count) == most)
    }

    @Test func `a batch comes before as many go`() {
        #expect(Pace.batch(2).least(of: 5) == 5)
        #expect(Pace.batch(2).most(of: 5) == 7)
        #expect(Pace.batch(2).turns(of: 5) == 3)
    }

    @Test func `with no room none is ever exchanged`() {
        #expect(Pace.percents(minimum: 100, maximum: 100).turns(of: 4) == nil)
        #expect(Pace.percents(minimum: 99, maximum: 101).turns(of: 7) == nil)
        #expect(Pace.percents(minimum: 100, maximum: 100).turns(of: 0) == 0)
    }
}
