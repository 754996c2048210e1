/// An environment as the API tells of it.
enum RecordedEnvironment {
    static let place = "/api/v1/environments/production"
    private static let then = "2020-01-01T00:00:00.000Z"

    static let release = """
        {"release":"r1","version":"4fd2a80c11aa22bb","commits":{"app":"0123456789abcdef"},
        "since":"\(then)","by":"ada","execution":"shop/41","approvals":[{"id":null,"stage":
        "production","status":"approved","votes":"bob approves","asked":"\(then)","settled":
        "\(then)"}],"kept":null}
        """

    static func deployment(step: Int, cause: String = "null", paused: String = "null") -> String {
        """
        {"release":"r2","version":"77","from":"r1","strategy":"canary","step":\(step),
        "since":"\(then)","deadline":"2100-01-01T00:00:00.000Z","paused-by":\(paused),
        "cause":\(cause),"failures":1,"last-failure":"i3 exited with code 3\\n| no database",
        "steps":[{"kind":"reach","sentence":"start r2 beside r1","milliseconds":9},
        {"kind":"watch","sentence":"watch r2 for 5m","milliseconds":300000},
        {"kind":"reach","sentence":"end all but r2","milliseconds":9}]}
        """
    }

    static func past(_ outcome: String, reason: String = "", there: Bool = false) -> String {
        let isOver = !["waiting", "deploying"].contains(outcome)
        return """
            {"release":"r2","version":"77","strategy":"canary","by":"git","execution":"shop/42",
            "ordered":"\(then)","begun":"\(then)","ended":\(isOver ? "\"\(then)\"" : "null"),
            "outcome":"\(outcome)","reason":"\(reason)","there":\(there)}
            """
    }

    static func summary(
        _ health: String, deployment: String = "null", drift: String = "", lock: String = "null"
    ) -> String {
        """
        "name":"production","about":"what people see","pipeline":"shop","health":"\(health)",
        "release":\(release),"deployment":\(deployment),"lock":\(lock),"waiting":1,
        "drift":[\(drift)]
        """
    }

    static func environment(
        _ health: String, deployment: String = "null", drift: String = "", lock: String = "null",
        history: String
    ) -> String {
        """
        {\(summary(health, deployment: deployment, drift: drift, lock: lock)),
        "traffic":[{"role":"web","listens":["127.0.0.1:8080"],"lanes":[{"release":"r2","percent":
        20,"instances":["i3"]},{"release":"r1","percent":80,"instances":["i1","i2"]}],
        "confirmed":false}],"instances":[{"instance":"i1","release":"r1","role":"web","condition":
        "healthy","since":"\(then)","cause":null},{"instance":"i3","release":"r2","role":"web",
        "condition":"unhealthy","since":"\(then)","cause":"answers 500"}],"queue":[],
        "releases":[{"release":"r0","version":"44","commits":{},"since":null,"by":null,"execution":
        null,"approvals":[],"kept":"2020-01-02T00:00:00.000Z"}],"left":["44"],
        "history":[\(history)]}
        """
    }

    static func plan(_ release: String = "r1", strategy: String = "canary") -> String {
        """
        {"leaves":"r2","release":"\(release)","version":"4fd2a80c11aa22bb","strategy":
        "\(strategy)","steps":[{"kind":"reach","sentence":"start r1 beside r2","milliseconds":1}],
        "launches":[{"role":"web","count":2}],"waits-for":null,"there":\(release == "r2"),
        "sequence":null}
        """
    }
}
