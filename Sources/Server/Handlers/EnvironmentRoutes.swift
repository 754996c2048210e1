import Conductor
import Deployment
import Engine
import HTTP
import Instances
import JSON
import People
import Pipelines
import Store

/// Environments: what is there, what is moving, and what people do about it.
enum EnvironmentRoutes {
    private static let standardPast = 20
    private static let mostPast = 100
    private static let standardLines = 200
    private static let mostLines = 10_000
    /// Of each part of a log.
    private static let mostBytes = 1 << 20
    private static let environment: [Route.Segment] = [
        "api", "v1", "environments", .parameter(.environment),
    ]

    static let all: [Route] =
        [
            Route(
                .get, ["api", "v1", "environments"], .somewhere(.look),
                "List environments, by name.", query: [.limit, .after],
                answers: [.json("Environments.", ShownEnvironment.summary.page)], handle: list),
            Route(
                .get, environment, .environment(.look),
                "Show an environment: what is there, what is moving, and its history.",
                query: [
                    QueryParameter(
                        name: "history",
                        about: "How many past deployments; \(standardPast) if it is left out.",
                        shape: .whole(0...mostPast))
                ],
                answers: [.json("The environment.", ShownEnvironment.view)], handle: show),
            Route(
                .get, environment + ["instances", .parameter(.instance), "log"],
                .environment(.look), "Read the last lines that an instance has printed.",
                query: [
                    QueryParameter(
                        name: "lines",
                        about: "How many at most; \(standardLines) if it is left out.",
                        shape: .whole(1...mostLines))
                ],
                answers: [.bytes("Its last lines.", "text/plain")], handle: log),
            Route(
                .post, environment + ["rollback"], .environment(.release),
                "Put back a release that was there before, or turn back what is under way.",
                query: [
                    QueryParameter(
                        name: "dry-run", about: "Only tell what would be done.", shape: .truth)
                ],
                body: Rollback.shape.form,
                answers: [.json("What is done, or would be.", ShownRollback.view)],
                handle: rollBack),
            Route(
                .delete, environment, .environment(.administer),
                "End all that runs there, and forget what was there.",
                answers: [.nothing(204, "It is ending.")], handle: clear),
        ] + steering + PromotionRoutes.all

    private static let steering = [
        Route(
            .post, environment + ["lock"], .environment(.release),
            "Let nothing new be deployed until somebody unlocks it.", body: Lock.shape.form,
            answers: [.json("It is locked.", Done.view)]
        ) { call throws(Problem) in
            let lock = try call.body(Lock.shape)
            return try tell(call) { .lock(by: $0, reason: lock.reason, steals: lock.takesOver) }
        },
        Route(
            .post, environment + ["unlock"], .environment(.release), "Let deployments go on.",
            answers: [.json("It is open.", Done.view)]
        ) { call throws(Problem) in try tell(call) { .unlock(by: $0) } },
        Route(
            .post, environment + ["thaw"], .environment(.release),
            "Let what waits for a freeze to end begin all the same.", body: reason.form,
            answers: [.json("It may begin.", Done.view)]
        ) { call throws(Problem) in
            let words = try call.body(reason)
            return try tell(call) { .letThrough(by: $0, reason: words) }
        },
        Route(
            .post, environment + ["pause"], .environment(.release),
            "Stay at the step that the deployment is at.",
            answers: [.json("It is paused.", Done.view)]
        ) { call throws(Problem) in try tell(call) { .pause(by: $0) } },
        Route(
            .post, environment + ["resume"], .environment(.release),
            "Go on with a deployment that is paused.",
            answers: [.json("It goes on.", Done.view)]
        ) { call throws(Problem) in try tell(call) { .resume(by: $0) } },
        Route(
            .post, environment + ["promote"], .environment(.release),
            "Go on without the rest of the time that the step waits.",
            answers: [.json("It goes on.", Done.view)]
        ) { call throws(Problem) in try tell(call) { .promote(by: $0) } },
    ]

    private static func clear(_ call: Call) throws(Problem) -> Deed {
        let name = try call.environment().name
        return .submit(Message(.clear(name), by: try call.person(in: name))) { _ in
            Response(204)
        }
    }

    private static func list(_ call: Call) throws(Problem) -> Deed {
        let limit = try call.limit()
        let after = try call.cursor(EnvironmentName.init(_:))
        let all = call.state.environmentNames.filter { name in after.map { $0 < name } ?? true }
            .compactMap { name in call.state.environment(name).map { (name, $0) } }
            .filter { call.mayLook(at: $0.1.owner) }
        return .look { archive in
            var items: [ShownEnvironment] = []
            for (name, state) in all.prefix(limit) {
                items.append(try ShownEnvironment(name, state, for: call, archive))
            }
            let next = all.count > limit ? "\(all[limit - 1].0)" : nil
            return .json(ShownEnvironment.summary.page, Page(items: items, next: next))
        }
    }

    private static func show(_ call: Call) throws(Problem) -> Deed {
        let (name, state) = try call.environment()
        let past = try call.whole("history", 0...mostPast) ?? standardPast
        return .look { archive in
            .json(
                ShownEnvironment.view,
                try ShownEnvironment(name, state, past: past, for: call, archive))
        }
    }

    private static func log(_ call: Call) throws(Problem) -> Deed {
        let (environment, id) = (try call.environment().name, try call.path(\.instance))
        let lines = try call.whole("lines", 1...mostLines) ?? standardLines
        let home = call.house.home
        return .wait {
            let bytes = InstanceName("\(environment)", "\(id)").flatMap { name in
                LastLines.bytes(of: name, in: home, atMost: lines, upTo: mostBytes)
            }
            guard let bytes else {
                throw Problem.missing(
                    "instance '\(id)' in '\(environment)'",
                    hint: "the logs of the newest are kept, also of those that are gone")
            }
            return .answer(Response(200, ["Content-Type": "text/plain; charset=utf-8"], bytes))
        }
    }

    private static func rollBack(_ call: Call) throws(Problem) -> Deed {
        let wish = try call.body(Rollback.shape)
        let name = try call.environment().name
        let by = try call.person(in: name)
        let command = Command.putBack(
            name, to: wish.release, by: wish.strategy, leaving: wish.leaving)
        let plan: ShownRollback
        do throws(Refusal) {
            plan = try ShownRollback(of: name, command, by: by, in: call)
        } catch {
            throw Problem(error)
        }
        guard try !call.truth("dry-run") else { return .json(ShownRollback.view, plan) }
        return .submit(Message(command, by: by)) { done in
            .json(ShownRollback.view, plan.done(by: done.sequence))
        }
    }

    private static func tell(
        _ call: Call, _ command: (String) -> SiteCommand
    ) throws(Problem) -> Deed {
        let name = try call.environment().name
        let by = try call.person(in: name)
        return .submit(
            Message(.environment(name, command(by.name)), by: by), then: Done.done(nil))
    }
}

// What they send.
extension EnvironmentRoutes {
    private struct Rollback {
        let release: ReleaseID?
        let strategy: Strategy?
        let leaving: ReleaseID?

        static let shape = BodyShape<Rollback>(
            "EnvironmentRollback", "What to put back, and how.", isRequired: false
        ) { members in
            let release = members.release(
                "release", "What to put back; what was there before if left out.")
            let strategy: Strategy?? = members.parsed(
                "strategy", "How; as it was deployed the last time if left out.",
                .words(Strategy.words), "one of \(oneOf(Strategy.words))", orElse: .some(nil)
            ) { Strategy(word: $0).map { .some($0) } }
            let leaving = members.release(
                "leaving", "What you were shown as left: if it has changed, nothing happens.")
            guard let release, let strategy, let leaving else { return nil }
            return Rollback(release: release, strategy: strategy, leaving: leaving)
        }
    }

    private static let reason = BodyShape<String>("EnvironmentThaw", "Why it may begin.") {
        members in
        members.parsed(
            "reason", "Why, for those who will read it later.", .text(atMost: 1_000, atLeast: 1),
            "a text of 1 to 1000 letters"
        ) { 1...1_000 ~= $0.unicodeScalars.count ? $0 : nil }
    }

    private struct Lock {
        let reason: String
        let takesOver: Bool

        static let shape = BodyShape<Lock>("EnvironmentLock", "Why it is locked.") { members in
            let reason: String? = members.parsed(
                "reason", "Why, for those who will wait.", .text(atMost: 1_000, atLeast: 1),
                "a text of 1 to 1000 letters"
            ) { 1...1_000 ~= $0.unicodeScalars.count ? $0 : nil }
            let takesOver = members.truth(
                "takeover", "Whether somebody else's lock is taken over.", orElse: false)
            guard let reason, let takesOver else { return nil }
            return Lock(reason: reason, takesOver: takesOver)
        }
    }
}

extension Members {
    mutating func release(_ name: String, _ about: String) -> ReleaseID?? {
        parsed(
            name, about, .pattern("^r[0-9]{1,9}$", example: "r7"), "a release such as 'r7'",
            orElse: .some(nil)
        ) { ReleaseID($0).map { .some($0) } }
    }
}

extension Call {
    /// One that whoever asks may look at, or they would not have come so far.
    func environment() throws(Problem) -> (
        name: EnvironmentName, state: EnvironmentState
    ) {
        let name = try path(\.environment)
        guard let state = state.environment(name) else { throw .missing("environment '\(name)'") }
        return (name, state)
    }

    /// As the record names them, with the roles that they hold there.
    func person(in name: EnvironmentName) throws(Problem) -> Who {
        guard let caller else { return .person(Person("nobody")) }
        let owner = try environment().state.owner
        return .person(
            Person(
                caller.name.description, roles: caller.roles(on: owner, reaching: [name]),
                token: caller.token))
    }
}
