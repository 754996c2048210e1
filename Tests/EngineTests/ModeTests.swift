import Engine
import Testing

@Suite("Modes") struct ModeTests {
    static let two = """
          - { name: build, actions: { compile: { run: make } } }
          - { name: ship, actions: { release: { run: make ship } } }
        """

    @Test("at most one execution holds a stage", arguments: ["superseded", "queued"])
    func oneHolder(mode: String) throws {
        var house = try House(mode: mode, stages: Self.two)
        _ = try house.start()
        _ = try house.start()
        #expect(house.underWay == ["1/compile"])
        try house.finish("compile")
        #expect(house.underWay == ["1/release", "2/compile"])
    }

    @Test func `of those that wait only the newest remains`() throws {
        var house = try House(stages: Self.two)
        let first = try house.start()
        let second = try house.start()
        let third = try house.start()
        #expect(house.outcome(first) == nil)
        #expect(house.outcome(second) == .superseded)
        #expect(house.outcome(third) == nil)
    }

    @Test func `whoever is inside a stage is never superseded`() throws {
        var house = try House(stages: Self.two)
        let first = try house.start()
        for _ in 0..<5 { _ = try house.start() }
        try house.finish("compile")
        try house.finish("release")
        #expect(house.outcome(first) == .succeeded)
    }

    @Test func `queued executions all run, in order`() throws {
        var house = try House(mode: "queued", stages: Self.two)
        let all = [try house.start(), try house.start(), try house.start()]
        for number in 1...3 {
            #expect(house.attempts("compile").first?.visit.execution.number == number)
            try house.finish("compile")
        }
        for _ in all { try house.finish("release") }
        #expect(all.map { house.outcome($0) } == [.succeeded, .succeeded, .succeeded])
    }

    @Test func `parallel executions do not wait for one another`() throws {
        var house = try House(mode: "parallel", stages: Self.two)
        _ = try house.start()
        _ = try house.start()
        #expect(house.underWay == ["1/compile", "2/compile"])
    }

    @Test func `one that was promised the stage to itself keeps it when the mode changes`() throws {
        var house = try House(stages: Self.two)
        _ = try house.start()
        try house.tell(.define(House.definition(mode: "parallel", stages: Self.two)))
        let second = try house.start()
        #expect(house.underWay == ["1/compile"])
        #expect(house.state.why(second).first?.waitsFor == "shop/1 is in stage 'build'")
        try house.finish("compile")
        #expect(house.underWay == ["1/release", "2/compile"])
    }

    @Test func `an execution keeps the definition that it was born with`() throws {
        var house = try House(stages: Self.two)
        let first = try house.start()
        try house.tell(
            .define(House.definition(stages: "  - { name: only, actions: { one: { run: x } } }")))
        try house.finish("compile")
        #expect(house.stage(of: first) == "ship")
        let second = try house.start()
        #expect(house.stage(of: second) == "only")
    }

    @Test func `defining the same text again changes nothing`() throws {
        var house = try House(stages: Self.two)
        let before = house.records.count
        try house.tell(.define(House.definition(stages: Self.two)))
        #expect(house.records.count == before)
    }
}
