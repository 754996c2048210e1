import Support
import Testing

/// What strangers name is in every answer: branches, messages, reasons, whatever.
@Suite("What strangers have named") struct HostileServerTests {
    private static let place = "/api/v1/pipelines/shop/executions/42"
    /// Sets the title, clears the screen, turns letters round, hides the line.
    private static let evil = "\\u001b]0;x\\u0007\\u009b2J\\u202e\u{202E}\\r\\n"

    private static func play(
        _ asked: PlayedServer.Asked, _ peer: TestSocket, status: String
    ) {
        switch asked.place {
        case "GET /api/v1/pipelines":
            let closed = "{\"stage\":\"\(evil)\",\"reason\":\"\(evil)\",\"by\":\"\(evil)\"}"
            peer.answer(json: Recorded.page(Recorded.pipeline(evil, closed: closed)))
        case "GET /api/v1/executions":
            let execution = Recorded.summary(evil, evil, stage: evil, reason: evil)
            peer.answer(json: Recorded.page(execution))
        case "GET \(place)":
            let waiting =
                "{\"subject\":\"\(evil)\",\"waits-for\":\"\(evil)\",\"ends-when\":\"\(evil)\"}"
            let attempt = Recorded.attempt("failed", stage: evil, job: evil, reason: evil)
            peer.answer(
                json: Recorded.execution(
                    status, name: evil, reason: evil, waiting: waiting, branch: evil,
                    Recorded.stage("failed", name: evil, attempt)))
        case "GET /api/v1/environments":
            peer.answer(json: Recorded.page("{\(hostile(RecordedEnvironment.summary("x")))}"))
        case "GET /api/v1/environments/live":
            let past = RecordedEnvironment.past("stuck", reason: evil)
            peer.answer(json: hostile(RecordedEnvironment.environment(evil, history: past)))
        case "POST /api/v1/environments/live/rollback":
            peer.answer(json: hostile(RecordedEnvironment.plan()))
        case "GET /api/v1/approvals":
            peer.answer(json: Recorded.page(Recorded.approval(stage: evil, subject: evil)))
        case "GET /api/v1/audit/verification":
            peer.answer(json: "{\"clean\":false,\"fault\":\"\(evil)\"}")
        case "POST \(place)/stop":
            let problem = "{\"detail\":\"\(evil)\",\"hint\":\"\(evil)\"}"
            peer.answer(409, "application/problem+json", problem)
        default:
            guard asked.place.hasSuffix("/log") else {
                return peer.answer(json: Recorded.page(anything))
            }
            let log = asked.line.contains("offset=0") ? "\u{1B}c" : ""
            peer.answer(200, "text/plain", headers: ["X-Log-Size": "2"], log)
        }
    }

    /// All that has a name or says something.
    private static func hostile(_ environment: String) -> String {
        ["production", "ada", "app", "web", "r1", "i1", "answers 500", "start r1", "canary"].reduce(
            environment
        ) { $0.replacing("\"\($1)\"", with: "\"\(evil)\"") }
    }

    /// What can be taken for a runner, a secret, a token or a record.
    private static var anything: String {
        let texts = ["id", "name", "by", "event", "about", "status"].map { "\"\($0)\":\"\(evil)\"" }
        let numbers = ["places", "used", "queued", "sequence", "version"].map { "\"\($0)\":1" }
        let rest = [
            "\"roles\":[{\"role\":\"\(evil)\",\"pipelines\":[\"\(evil)\"],\"environments\":[],"
                + "\"token\":\"\(evil)\"}]",
            "\"details\":{\"execution\":\"\(evil)\"}", "\"aliases\":[\"\(evil)\"]",
        ]
        return "{\((texts + numbers + rest).joined(separator: ","))}"
    }

    @Test(
        "has no power over the terminal",
        arguments: [
            ["pipelines"], ["executions"], ["show", "shop/42"], ["why", "shop/42"], ["approvals"],
            ["approve", "shop/42"], ["transitions"], ["runners"], ["secrets"], ["tokens"],
            ["people"], ["audit", "list"], ["audit", "verify"], ["logs", "-f", "shop/42"],
            ["stop", "shop/42"], ["environments"], ["environments", "show", "live"],
            ["environments", "history", "live"], ["rollback", "live", "--dry-run"],
        ], [false, true])
    func hostile(words: [String], asJSON: Bool) throws {
        if asJSON, ["approve", "logs", "stop"].contains(words[0]) { return }
        let status = words[0] == "logs" ? "failed" : Self.evil
        let server = try PlayedServer { Self.play($0, $1, status: status) }
        let console = try Console()
        let said = try Typed.run(
            [
                "/usr/bin/env", "-i", "HOME=\(console.folder.path)", "NO_COLOR=1", "TERM=dumb",
                "SLIPWAY_URL=\(server.url)", Slipway.path,
            ] + words + (asJSON ? ["--json"] : []),
            words[0] == "approve" ? [("[y/N]", "n\n")] : [])
        // It is shown, as what it is.
        #expect(said.output.contains(asJSON ? "\\u001b" : "\\u{1b}"), "\(said.output)")
        // The terminal itself ends each line with both.
        let shown = said.output.replacing("\r\n", with: "\n").unicodeScalars
        let bad = shown.filter { scalar in
            [.control, .format].contains(scalar.properties.generalCategory) && scalar != "\n"
        }
        #expect(bad.isEmpty, "\(said.output)")
    }
}
