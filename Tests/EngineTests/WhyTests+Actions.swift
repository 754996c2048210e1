import Engine
import Pipelines
import Testing

// What the actions of a stage wait for, and places on runners.
extension WhyTests {
    static let inStages: [Row] = [
        Row(
            testDescription: "actions that come before", stages: chain,
            reach: { house in
                _ = try house.start()
                try house.finish("side")
            },
            told: [
                "action 'one': its runner is starting it until the runner has begun; since 0",
                "action 'two': it comes after 'one' until 'one' succeeded; since 0",
            ]),
        Row(
            testDescription: "an action before it that has failed", stages: chain,
            reach: { house in
                _ = try house.start()
                try house.fail("one")
            },
            told: [
                "action 'side': its runner is starting it until the runner has begun; since 0",
                "action 'two': it is not begun any more, since 'one' did not succeed until the "
                    + "others of stage 'build' have ended; since 0",
            ]),
        Row(
            testDescription: "the end of what runs, when it is stopped", stages: chain,
            reach: { house in
                let id = try house.start()
                try house.tell(.started(try #require(house.attempts("one").first)))
                try house.finish("side")
                try house.tell(.stop(id, .wait, reason: "too slow"), by: House.ada)
            },
            told: [
                "action 'one': it is running, and shop/1 stops then until it ends; since 0",
                "action 'two': it is not begun any more, since shop/1 was stopped: too slow until "
                    + "what runs has ended; since 0",
            ]),
        Row(
            testDescription: "an approval in a stage",
            stages: "  - { name: ship, actions: { ask: { approval: [bea] } } }",
            reach: { _ = try $0.start() },
            told: [
                "action 'ask': it needs an approval by bea in stage 'ship' until they approve or "
                    + "reject, or the time for it is over; since 0; deadline 604800"
            ]),
        Row(
            testDescription: "a pause before another try",
            stages: "  - { name: b, actions: { one: { run: a, retry: 2 } } }",
            reach: { house in
                _ = try house.start()
                try house.pass(.seconds(4))
                try house.fail("one")
            },
            told: [
                "action 'one': it failed and is tried again after a pause until the pause is "
                    + "over; since 4; deadline 5"
            ]),
    ]

    static let onRunners: [Row] = [
        Row(
            testDescription: "a runner that begins nothing, for want of room", stages: one,
            trouble: "only 3 MiB are left", reach: { _ = try $0.start() },
            told: [
                "action 'release': nothing new is begun here: only 3 MiB are left until that is "
                    + "mended; since 0"
            ]),
        Row(
            testDescription: "places that are taken",
            stages: "  - { name: b, actions: { one: { run: a }, two: { run: a }, "
                + "three: { run: a } } }",
            reach: { house in
                try house.tell(.configure(.process, places: 1), by: House.ada)
                _ = try house.start()
            },
            told: [
                "action 'one': its runner is starting it until the runner has begun; since 0",
                "action 'two': runner 'process' has its only place taken; it is next until a "
                    + "place is free; since 0",
                "action 'three': runner 'process' has its only place taken; 1 waits ahead until "
                    + "a place is free; since 0",
            ]),
        Row(
            testDescription: "a runner without places", stages: one,
            reach: { house in
                try house.tell(.configure(.process, places: 0), by: House.ada)
                _ = try house.start()
            },
            told: [
                "action 'release': runner 'process' has no places until an administrator gives it "
                    + "some (slipway runners set process --places N); since 0"
            ]),
        Row(
            testDescription: "an environment that another execution changes", mode: "parallel",
            stages: "  - { name: ship, actions: "
                + "{ put: { deploy: { environment: live, image: x } } } }",
            number: 2,
            reach: { house in
                _ = try house.start()
                _ = try house.start()
            },
            told: [
                "action 'put': shop/1 changes environment 'live' in stage 'ship' until that has "
                    + "ended; since 0"
            ]),
        Row(
            testDescription: "an attempt that was given up and may still run", stages: one,
            reach: { house in
                let id = try house.start()
                try house.tell(.stop(id, .abandon, reason: "hangs"), by: House.ada)
                try house.tell(.retry(id, name("ship"), .all), by: House.ada)
            },
            told: [
                "action 'release', attempt 2: shop/1/ship:1/release#1 is not known to have ended "
                    + "until its runner confirms the end; since 0"
            ]),
    ]
}
