import Client
import HTTP
import JSON
import Pipelines

/// Puts a release into an environment that was there before: what would be done is shown first, and
/// the answer holds for just that.
struct EnvironmentRollback {
    let name: String
    let release: String?
    let strategy: String?

    init(_ name: String, to release: String?, _ arguments: Arguments) throws(UsageError) {
        if let release, !Self.isRelease(release) {
            throw UsageError(
                "'\(Report.visible(release))' is no release", hint: "write it as 'r7'")
        }
        self.name = name
        self.release = release
        strategy = arguments.value(of: "--by")
        if let strategy, !Strategy.words.contains(strategy) {
            throw UsageError(
                "'--by \(Report.visible(strategy))' is no strategy",
                hint: "there are \(oneOf(Strategy.words))")
        }
    }

    private static func isRelease(_ text: String) -> Bool {
        text.first == "r" && Int(text.dropFirst()).map { "r\($0)" == text && $0 > 0 } == true
    }

    func run(_ arguments: Arguments, _ remote: Remote) throws(ClientError) -> Int32 {
        let isDry = arguments.has("--dry-run")
        let told = try remote.client.ask(call(isDry: true, [.string("release", release)]))
        let plan = try told.read(RollbackWords.self, from: remote.client.address)
        if !remote.face.isJSON { show(plan) }
        if isDry || plan.there {
            if remote.face.isJSON { Output.print(JSONLines.line(told.body) + "\n") }
            return ExitCode.success
        }
        try arguments.agree(to: Report.visible(question(plan)))
        let done = try remote.client.ask(
            call(
                isDry: false,
                [
                    .string("release", plan.turnsBack ? nil : plan.release),
                    .string("leaving", plan.leaves),
                ]))
        if arguments.has("--follow") {
            var following = EnvironmentFollowing(
                remote, name, of: plan.turnsBack ? plan.leaves : plan.release,
                wantsBack: plan.turnsBack)
            return try following.run()
        }
        let said = "\(name): \(plan.waitsFor.map { "it waits: \($0)" } ?? "it is under way")"
        Output.print(
            remote.face.isJSON ? JSONLines.line(done.body) + "\n" : Report.visible(said) + "\n")
        return ExitCode.success
    }

    private func call(isDry: Bool, _ members: [JSON.Member?]) -> ServerCall {
        var call = ServerCall(.post, "environments", name, "rollback")
        if isDry { call.query = [.init("dry-run", "true")] }
        let body = JSON.object((members + [.string("strategy", strategy)]).compactMap(\.self))
        call.body = .init("application/json", Array(body.text.utf8))
        call.headers.append(.init("Idempotency-Key", Client.newKey()))
        return call
    }

    private func show(_ plan: RollbackWords) {
        func say(_ text: String) { Output.print(Report.visible(text) + "\n") }
        guard let release = plan.release else {
            return say(
                "\(name): \(plan.leaves ?? "what is there") is taken away; nothing was there")
        }
        let version = plan.version.map { " (\(ShortVersion.of($0)))" } ?? ""
        if plan.there { return say("\(name): \(release)\(version) is there already") }
        let old = plan.leaves ?? "nothing"
        say(
            plan.turnsBack
                ? "\(name): \(old) is turned back to \(release)\(version)"
                : "\(name): from \(old) to \(release)\(version), \(plan.strategy)")
        for (index, step) in plan.steps.enumerated() { say("  \(index + 1). \(step.sentence)") }
        let launches = plan.launches.map { "\($0.count) of \($0.role)" }
        say(
            launches.isEmpty
                ? "  all of its instances are there still"
                : "  instances to start: \(launches.joined(separator: ", "))")
        if let wait = plan.waitsFor { say("  first: \(wait)") }
    }

    private func question(_ plan: RollbackWords) -> String {
        guard let release = plan.release else { return "Take it away from '\(name)'?" }
        return plan.turnsBack ? "Turn '\(name)' back?" : "Put \(release) into '\(name)'?"
    }
}

extension JSON.Member {
    fileprivate static func string(_ name: String, _ value: String?) -> Self? {
        value.map { Self(name, .string($0)) }
    }
}
