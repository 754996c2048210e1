import Engine
import Pipelines
import Testing

/// Every state in which an execution can wait, and the sentence that people are told.
@Suite("Why it waits") struct WhyTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var mode = "superseded"
        let stages: String
        /// Of the first execution that has not ended, if this does not say otherwise.
        var number: Int?
        var trouble: String?
        /// Brings the house to where the execution waits.
        let reach: @Sendable (inout House) throws -> Void
        /// `SUBJECT: WAITS until ENDS`, `since` and `deadline` in seconds behind it.
        let told: [String]
    }

    static let one = "  - { name: ship, actions: { release: { run: c } } }"
    static let chain = """
          - name: build
            actions:
              one: { run: a }
              side: { run: b }
              two: { after: [one, side], run: c }
        """

    static let rows: [Row] = atDoors + atGates + inStages + onRunners

    private static let atDoors: [Row] = [
        Row(
            testDescription: "a closed transition", stages: one,
            reach: { house in
                try house.tell(.close(house.name, name("ship"), reason: "freeze"), by: House.bea)
                try house.pass(.seconds(5))
                _ = try house.start()
            },
            told: [
                "shop/1: the way into stage 'ship' is closed by bea: freeze until somebody opens "
                    + "it; since 5"
            ]),
        Row(
            testDescription: "a transition that is closed while it waits there",
            mode: "queued", stages: one, number: 2,
            reach: { house in
                _ = try house.start()
                _ = try house.start()
                try house.pass(.seconds(5))
                try house.tell(.close(house.name, name("ship"), reason: "freeze"), by: House.bea)
            },
            told: [
                "shop/2: the way into stage 'ship' is closed by bea: freeze until somebody opens "
                    + "it; since 5"
            ]),
        Row(
            testDescription: "an earlier execution that comes first", mode: "queued",
            stages: "  - { name: ship, before: [{ wait: 1h }], actions: { release: { run: c } } }",
            number: 2,
            reach: { house in
                _ = try house.start()
                _ = try house.start()
            },
            told: [
                "shop/2: shop/1 comes first at stage 'ship' until shop/1 has entered the stage or "
                    + "ended; since 0"
            ]),
        Row(
            testDescription: "an execution that is in the stage", stages: one, number: 2,
            reach: { house in
                _ = try house.start()
                try house.pass(.seconds(3))
                _ = try house.start()
            },
            told: ["shop/2: shop/1 is in stage 'ship' until shop/1 leaves the stage; since 3"]),
        Row(
            testDescription: "an earlier version that is put back first", stages: one,
            number: 4,
            reach: { house in
                for _ in 1...2 {
                    _ = try house.start()
                    try house.finish("release")
                }
                _ = try house.start()
                _ = try house.start()
                try house.tell(.rollBack(house.name, name("ship"), to: nil), by: House.ada)
            },
            told: [
                "shop/4: shop/5 puts an earlier version back in stage 'ship' first until shop/5 "
                    + "has entered the stage or ended; since 0"
            ]),
    ]

    private static func gated(_ gate: String) -> String {
        "  - { name: ship, before: [\(gate)], actions: { release: { run: c } } }"
    }

    private static let atGates: [Row] = [
        Row(
            testDescription: "an approval", stages: gated("{ approval: { by: [ada, admins] } }"),
            reach: { house in
                _ = try house.start()
                try house.pass(.seconds(9))
            },
            told: [
                "shop/1: it needs an approval by ada or admins before entering stage 'ship' until "
                    + "they approve or reject, or the time for it is over; since 0; deadline 604800"
            ]),
        Row(
            testDescription: "an approval by anybody",
            stages: gated("{ approval: { within: 1h } }"), reach: { _ = try $0.start() },
            told: [
                "shop/1: it needs an approval by somebody who may approve before entering stage "
                    + "'ship' until they approve or reject, or the time for it is over; since 0; "
                    + "deadline 3600"
            ]),
        Row(
            testDescription: "the second of two approvals, with four eyes",
            stages: gated("{ approval: { needed: 2, four-eyes: true, within: 1h } }"),
            reach: { house in
                _ = try house.start()
                try house.answer(by: House.bea)
            },
            told: [
                "shop/1: it needs one more approval by somebody who may approve, not by who wrote "
                    + "or started it, before entering stage 'ship'; bea approved until they "
                    + "approve or reject, or the time for it is over; since 0; deadline 3600"
            ]),
        Row(
            testDescription: "a set time", stages: gated("{ wait: 10m }"),
            reach: { _ = try $0.start() },
            told: [
                "shop/1: it waits for a set time (after 10m) before entering stage 'ship' until "
                    + "the time is over; since 0; deadline 600"
            ]),
        Row(
            testDescription: "a window",
            stages: gated("{ window: { open: Mon-Fri 09:00-17:00, zone: Europe/London } }"),
            reach: { _ = try $0.start() },
            told: [
                "shop/1: its window, which is open Mon-Fri 09:00-17:00 Europe/London, is closed "
                    + "before entering stage 'ship' until the window opens; since 0"
            ]),
        Row(
            testDescription: "a check that runs", stages: gated("{ check: { run: probe } }"),
            reach: { house in
                _ = try house.start()
                try house.pass(.seconds(2))
                try house.tell(.started(try #require(house.attempts("before-1").first)))
            },
            told: [
                "the check before entering stage 'ship': it is running until it ends; since 2"
            ]),
        Row(
            testDescription: "a check that is tried again",
            stages: gated("{ check: { run: probe, every: 1m, within: 10m } }"),
            reach: { house in
                _ = try house.start()
                try house.pass(.seconds(2))
                try house.fail("before-1")
            },
            told: [
                "the check before entering stage 'ship': it failed and is tried again after a "
                    + "pause until the pause is over; since 2; deadline 62"
            ]),
        Row(
            testDescription: "an approval on the way out",
            stages: "  - { name: ship, actions: { release: { run: c } }, "
                + "on-success: [{ wait: 10m }] }",
            reach: { house in
                _ = try house.start()
                try house.finish("release")
            },
            told: [
                "shop/1: it waits for a set time (after 10m) before leaving stage 'ship' until "
                    + "the time is over; since 0; deadline 600"
            ]),
    ]

    @Test("is told in a sentence: ", arguments: rows)
    func told(row: Row) throws {
        var house = try House(mode: row.mode, stages: row.stages)
        try row.reach(&house)
        let live = house.state.pipelines[house.name]?.executions.filter { !$0.isFinished } ?? []
        let execution = try #require(
            row.number.map { number in live.first { $0.id.number == number } } ?? live.first)
        let told = house.state.why(execution.id, trouble: row.trouble).map { reason in
            let since = reason.since.map { "; since \($0.milliseconds / 1_000)" } ?? ""
            let deadline = reason.deadline.map { "; deadline \($0.milliseconds / 1_000)" } ?? ""
            let end = "until \(reason.endsWhen)\(since)\(deadline)"
            return "\(reason.subject): \(reason.waitsFor) \(end)"
        }
        #expect(told == row.told)
        // Told again from the record alone, it is the same.
        #expect(try house.replayed().why(execution.id, trouble: row.trouble).count == told.count)
        #expect(try house.replayed() == house.state)
    }

    @Test func `nothing is said of what has ended`() throws {
        var house = try House(stages: Self.one)
        let id = try house.start()
        try house.finish("release")
        #expect(house.state.why(id).isEmpty)
    }
}
