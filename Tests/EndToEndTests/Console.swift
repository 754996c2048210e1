import Support

/// The command in a world of its own: settings of its own, and no server but the one it is told.
///
/// Servers are played here, so that each can be as odd as a test wants it; the real one is tried
/// together with the command where the server is.
struct Console {
    let folder: Folder

    init() throws { folder = try Folder() }

    func run(
        _ words: String..., at server: PlayedServer? = nil, input: String = "",
        environment: [String] = []
    ) throws -> Program.Result {
        try Program.run(line(words, server, environment), input: input)
    }

    /// The same with somebody at a terminal.
    func type(
        _ words: String..., at server: PlayedServer? = nil, environment: [String] = [],
        doing dialogue: [(awaited: String, typed: String)]
    ) throws -> Program.Result {
        try Typed.run(line(words, server, environment), dialogue)
    }

    private func line(
        _ words: [String], _ server: PlayedServer?, _ environment: [String]
    ) -> [String] {
        let place = server.map { ["SLIPWAY_URL=\($0.url)", "SLIPWAY_TOKEN=hunter2"] } ?? []
        return [
            "/usr/bin/env", "-i", "-C", folder.path, "PATH=/usr/bin:/bin", "HOME=\(folder.path)",
            "TERM=dumb",
        ] + place + environment + [Slipway.path] + words
    }
}

/// What a server answers, as the API writes it.
enum Recorded {
    static func page(_ items: String..., next: String? = nil) -> String {
        let next = next.map { "\"\($0)\"" } ?? "null"
        return "{\"items\":[\(items.joined(separator: ","))],\"next\":\(next)}"
    }

    static func summary(
        _ execution: String, _ status: String, stage: String = "test", reason: String = ""
    ) -> String {
        """
        {"execution":"\(execution)","pipeline":"shop","number":42,"version":1,"status":"\(status)",
        "stage":"\(stage)","reason":"\(reason)","cause":"pushed","by":"ada","commits":{"app":
        "0123456789abcdef"},"created":"2020-01-01T00:00:00.000Z",
        "finished":"2020-01-01T00:01:05.000Z"}
        """
    }

    static func pipeline(_ name: String, last: String = "null", closed: String = "") -> String {
        """
        {"name":"\(name)","about":null,"version":3,"mode":"queued","live":0,"last":\(last),
        "waiting":[],"closed":[\(closed)]}
        """
    }

    static func attempt(
        _ status: String = "succeeded", stage: String = "test", job: String = "unit",
        number: Int = 1, reason: String = "", isBegun: Bool = true
    ) -> String {
        let started = isBegun ? "\"2020-01-01T00:00:00.000Z\"" : "null"
        let isOver = ["succeeded", "failed"].contains(status)
        let finished = isOver ? "\"2020-01-01T00:00:02.000Z\"" : "null"
        return """
            {"stage":"\(stage)","visit":1,"job":"\(job)","attempt":\(number),"status":"\(status)",
            "cause":"first","reason":"\(reason)","queued":"2020-01-01T00:00:00.000Z",
            "started":\(started),"finished":\(finished),"log":"/x","tests":"/y"}
            """
    }

    static func stage(_ status: String, name: String = "test", _ attempts: String...) -> String {
        """
        {"name":"\(name)","status":"\(status)","visits":1,"actions":[{"name":"unit","after":[],
        "status":"\(status)","attempts":[\(attempts.joined(separator: ","))]}]}
        """
    }

    static func execution(
        _ status: String, name: String = "shop/42", reason: String = "", waiting: String = "",
        branch: String = "main", _ stages: String...
    ) -> String {
        let isOver = ["succeeded", "failed", "stopped"].contains(status)
        return """
            {"execution":"\(name)","pipeline":"shop","number":42,"version":1,"status":"\(status)",
            "stage":"test","reason":"\(reason)","cause":"pushed","by":"ada","commits":{},
            "created":"2020-01-01T00:00:00.000Z",
            "finished":\(isOver ? "\"2020-01-01T00:01:05.000Z\"" : "null"),
            "revisions":[{"source":"app","ref":"refs/heads/\(branch)","commit":"0123456789abcdef",
            "message":"Say hello","authors":[]}],"variables":{},"artifacts":[],"stopping":null,
            "stages":[\(stages.joined(separator: ","))],"approvals":[],"waiting":[\(waiting)],
            "kept":true}
            """
    }

    static func approval(stage: String = "production", subject: String = "digest-1") -> String {
        """
        {"id":"a-\(stage)","pipeline":"shop","execution":"shop/42","stage":"\(stage)",
        "question":"Is it Monday?","url":null,"subject":"\(subject)","by":["ada","bob"],"needed":2,
        "four-eyes":true,"reason-required":false,"votes":[{"person":"bob","comment":""}],
        "asked":"2020-01-01T00:00:00.000Z","deadline":"2020-01-02T00:00:00.000Z","may-answer":true,
        "ships":[{"source":"app","from":"aaaaaaaaaaaaaaaa","to":"0123456789abcdef","ref":
        "refs/heads/main","known":true,"cut":false,"commits":[{"id":"0123456789abcdef","subject":
        "Say hello","author":"Ada","time":null}]}]}
        """
    }
}
