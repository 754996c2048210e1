import Client
import HTTP
import JSON
import Pipelines

/// Brings into an environment just what is in another: what would be done is shown first, and the
/// answer holds for just that.
struct EnvironmentPromotion {
    let name: String
    let source: String

    func run(_ arguments: Arguments, _ remote: Remote) throws(ClientError) -> Int32 {
        let told = try remote.client.ask(call(isDry: true, release: nil))
        let plan = try told.read(PromotionWords.self, from: remote.client.address)
        if !remote.face.isJSON { show(plan) }
        if arguments.has("--dry-run") || plan.there {
            if remote.face.isJSON { Output.print(JSONLines.line(told.body) + "\n") }
            return ExitCode.success
        }
        try arguments.agree(to: Report.visible("Promote \(plan.release) into '\(name)'?"))
        let done = try remote.client.ask(call(isDry: false, release: plan.release))
        return try StartCommand.began(done, remote, arguments)
    }

    private func call(isDry: Bool, release: String?) -> ServerCall {
        var call = ServerCall(.post, "environments", name, "promotion")
        if isDry { call.query = [.init("dry-run", "true")] }
        var members = [JSON.Member("from", .string(source))]
        if let release { members.append(.init("release", .string(release))) }
        call.body = .init("application/json", Array(JSON.object(members).text.utf8))
        call.headers.append(.init("Idempotency-Key", Client.newKey()))
        return call
    }

    private func show(_ plan: PromotionWords) {
        func say(_ text: String) { Output.print(Report.visible(text) + "\n") }
        let version = ShortVersion.of(plan.version)
        if plan.there { return say("\(name): \(version) is there already") }
        say("\(name): \(plan.release) of '\(source)' (\(version)), which \(plan.brought) brought")
        for part in plan.revisions {
            say("  \(part.source) at \(ShortVersion.of(part.version))")
        }
        say("stage '\(plan.stage)' would be run:")
        for gate in plan.gates { say("  first: \(gate)") }
        for (index, step) in plan.steps.enumerated() { say("  \(index + 1). \(step.sentence)") }
    }
}
