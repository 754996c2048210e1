import Conductor
import Engine
import HTTP
import JSON
import People
import Pipelines
import Store

/// The house itself: how it is, who asks, what runs where.
enum HouseRoutes {
    static let all: [Route] = [
        Route(
            .get, ["healthz"], .anybody, "Tell that the server lives.",
            answers: [.bytes("`ok`", "text/plain")]
        ) { _ in .answer(.text(200, "text/plain", "ok\n")) },
        Route(
            .get, ["readyz"], .anybody, "Tell whether the server takes on new work.",
            answers: [
                .bytes("`ok`", "text/plain"), .bytes("Why not.", "text/plain", status: 503),
            ], handle: ready),
        Route(
            .get, ["metrics"], .house(.look), "Show figures, as Prometheus reads them.",
            answers: [.bytes("Figures.", "text/plain")], handle: metrics),
        Route(
            .get, ["api", "v1", "openapi.json"], .anybody, "Describe all of this (OpenAPI 3.1).",
            answers: [
                .bytes("The description.", "application/json"),
                .nothing(304, "It has not changed."),
            ]
        ) { call in .answer(.tagged("application/json", OpenAPI.text, for: call.request)) },
        Route(
            .get, ["api", "v1", "me"], .anyToken, "Show who you are here, and what you may do.",
            answers: [.json("You.", callerView)]
        ) { call throws(Problem) in
            guard let caller = call.caller else { throw .unauthorized }
            let token = call.state.people.tokens[caller.token]
            return .json(callerView, ShownCaller(caller: caller, expires: token?.expires))
        },
        Route(
            .get, ["api", "v1", "runners"], .somewhere(.look), "List runners, by name.",
            answers: [.json("Runners.", ShownRunner.view.page)], handle: runners),
        Route(
            .put, ["api", "v1", "runners", .parameter(.runner)], .house(.administer),
            "Say how many actions a runner runs at once.", body: placesShape.form,
            answers: [.json("It is so now.", Done.view)], handle: configure),
        Route(
            .get, ["badges", .parameter(.badge)], .ownRule(.look),
            "Show how the newest execution of a pipeline ended, as a picture.",
            answers: [.bytes("The picture.", "image/svg+xml")], handle: badge),
    ]

    private static func ready(_ call: Call) -> Deed {
        guard let trouble = call.house.desk.trouble else {
            return .answer(.text(200, "text/plain", "ok\n"))
        }
        return .answer(.text(503, "text/plain", "\(trouble)\n"))
    }

    private static func metrics(_ call: Call) -> Deed {
        .answer(
            .text(
                200, "text/plain; version=0.0.4; charset=utf-8",
                call.house.meter.text(
                    of: call.state, trouble: call.house.desk.trouble,
                    watched: call.house.watched())))
    }

    private static func runners(_ call: Call) -> Deed {
        let state = call.state
        let names =
            Set(state.runners.places.keys).union(state.runners.underWay.map(\.runner))
            .union(state.runners.queue.map(\.runner)).union([.process])
        let items = names.sorted().map { ShownRunner(name: $0, state: state.runners) }
        return .json(ShownRunner.view.page, Page(items: items, next: nil))
    }

    private static func configure(_ call: Call) throws(Problem) -> Deed {
        let places = try call.body(placesShape)
        let runner = try call.path(\.runner)
        return .submit(
            Message(.configure(runner, places: places), by: call.person()), then: Done.done(nil))
    }

    private static let placesShape = BodyShape<Int>("Places", "How much it may do.") { members in
        members.whole(
            "places", "How many actions at once; with 0 it starts nothing.", 0...100_000)
    }

    /// Pictures in pages cannot bring a token, so whoever hosts says which are for anybody.
    private static func badge(_ call: Call) throws(Problem) -> Deed {
        let name = try call.path(\.pipeline)
        let open = call.house.settings.publicBadges
        if !(!open.isEmpty && open.admit(name.description)) {
            guard let caller = call.caller else { throw .unauthorized }
            guard caller.may(.look, on: name) else { throw .missing("pipeline '\(name)'") }
        }
        _ = try call.pipeline()
        return .look { archive in
            let last = try archive.executions(of: name.description, limit: 1).first
            let badge = Badge(label: name.description, status: last?.status ?? "never run")
            var response = Response.text(200, "image/svg+xml", badge.svg)
            response.headers.add("Cache-Control", "no-cache")
            return .answer(response)
        }
    }
}

let grantView = View<Grant>(
    "Grant", "A role, and where it is held.",
    [
        .word("role", "The role.", among: Role.allCases.map(\.rawValue)) { $0.role.rawValue },
        .texts("pipelines", "Patterns over pipelines; everywhere if empty.") {
            $0.pipelines.map(\.text)
        },
        .texts("environments", "Patterns over environments; all if empty.") {
            $0.environments.map(\.text)
        },
    ])

private struct ShownCaller {
    let caller: Caller
    let expires: Token.Instant?
}

private let callerView = View<ShownCaller>(
    "Caller", "Whoever asks.",
    [
        .text("name", "Their name.") { $0.caller.name.description },
        .text("token", "The id of the token that they showed.") { $0.caller.token.description },
        .time("expires", "When that ends by itself.") { $0.expires.map { Int($0.wall) } },
        .list("roles", "What they may do, and where.", of: grantView) { $0.caller.grants },
    ])

struct ShownRunner {
    let name: RunnerName
    let state: RunnerStates

    static let view = View<ShownRunner>(
        "Runner", "A runner.",
        [
            .text("name", "Its name.") { $0.name.description },
            .count("places", "How many actions it runs at once.") { $0.state.places(of: $0.name) },
            .count("used", "How many run now.") { $0.state.used(of: $0.name) },
            .count("queued", "How many wait for a place.") { shown in
                shown.state.queue.count { $0.runner == shown.name }
            },
        ])
}
