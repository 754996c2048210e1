import Deployment
import Glibc
import Support
import Targets
import Testing

/// What whoever deploys relies on, whatever instances are made with.
@Suite("A target") struct TargetPromises {
    /// A server in a few lines, of what a sandbox and the tests' image both have.
    private static func server(port: String = "$PORT", health: String = "echo; echo well") -> String
    {
        """
        run: |
          mkdir -p /tmp/www/cgi-bin; echo hello > /tmp/www/index.html
          printf '#!/bin/sh\\n%s\\n' '\(health)' > /tmp/www/cgi-bin/health
          chmod 755 /tmp/www/cgi-bin/health
          echo begun
          exec busybox httpd -f -p \(port) -h /tmp/www
        listen: 8080
        health: { path: /cgi-bin/health, interval: 50ms }
        """
    }

    @Test("leads requests to one that is healthy", arguments: TargetKind.all)
    func door(kind: TargetKind) throws {
        let house = try TargetHouse(kind, Self.server())
        try house.launch()
        #expect(try house.healthy().condition == .healthy)
        #expect(try house.get("/").contains("hello"))
    }

    @Test("launches once, however often it is told", arguments: TargetKind.all)
    func once(kind: TargetKind) throws {
        let house = try TargetHouse(kind, Self.server())
        try house.launch()
        try house.launch()
        let first = try house.healthy()
        try house.comeBack()
        try house.launch()
        #expect(try house.healthy() == first)
        #expect(try house.log == "begun\n")
        try house.stop()
        _ = try house.gone()
        try house.launch()
        #expect(try house.sight?.isGone == true)
    }

    struct Unwell: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let service: String
        let cause: String

        init(_ name: String, _ service: String, _ cause: String) {
            testDescription = name
            self.service = service
            self.cause = cause
        }
    }

    private static let unwell = [
        Unwell(
            "never listens", "run: exec busybox tail -f /dev/null\nlisten: 8080",
            "nothing listens on port 8080"),
        Unwell(
            "listens elsewhere", server(port: "9090"),
            "it listens on 9090 and not on 8080, which is its $PORT"),
        Unwell(
            "answers badly", server(health: "echo \"Status: 503 Unwell\"; echo; echo no"),
            "GET /cgi-bin/health is answered with status 503"),
        Unwell(
            "redirects",
            server(health: "echo \"Status: 302 Found\"; echo \"Location: /login\"; echo"),
            "GET /cgi-bin/health is answered with status 302"),
        Unwell(
            "is ill by its own word",
            "run: exec busybox tail -f /dev/null\nhealth: { command: exit 9, interval: 50ms }",
            "the health check ended with code 9"),
    ]

    @Test(
        "says what is wrong with one that is not healthy", arguments: TargetKind.all, unwell)
    func causes(kind: TargetKind, unwell: Unwell) throws {
        let house = try TargetHouse(kind, unwell.service)
        try house.launch()
        let sight = try house.wait { $0.ailment?.contains(unwell.cause) == true }
        #expect(sight.ailment?.contains(unwell.cause) == true, "\(sight)")
    }

    @Test("tells how one ended, with its last words", arguments: TargetKind.all)
    func ended(kind: TargetKind) throws {
        let house = try TargetHouse(
            kind, "run: |\n  echo no license here\n  exit 3\nlisten: 8080")
        try house.launch()
        #expect(try house.gone() == "exited with code 3\n| no license here")
    }

    @Test("asks one to end, and waits for it", arguments: TargetKind.all)
    func asked(kind: TargetKind) throws {
        let house = try TargetHouse(
            kind,
            "run: |\n  trap 'echo bye; exit 0' TERM\n  echo begun\n  while :; do sleep 0.05; done\n"
                + "health: { command: \"true\", interval: 50ms }")
        try house.launch()
        _ = try house.healthy()
        try house.stop()
        try house.stop()
        #expect(try house.gone().hasPrefix("stopped"))
        #expect(try house.log.contains("bye\n"))
    }

    @Test("ends one that does not listen, after its grace", arguments: TargetKind.all)
    func deaf(kind: TargetKind) throws {
        let house = try TargetHouse(
            kind,
            "run: |\n  trap '' TERM\n  while :; do sleep 1000; done\n"
                + "health: { command: \"true\", interval: 50ms }")
        try house.launch()
        _ = try house.healthy()
        try house.stop()
        #expect(try house.gone().hasPrefix("stopped"))
    }

    @Test("names a limit of memory that was too small", arguments: TargetKind.all)
    func memory(kind: TargetKind) throws {
        let house = try TargetHouse(
            kind,
            "run: exec busybox awk 'BEGIN { s = \"12345678\"; while (1) s = s s }'\n"
                + "limits: { memory: 32MiB }")
        try house.launch()
        let cause = try house.gone()
        #expect(cause.hasPrefix("out of memory: it may have 32 MiB"), "\(cause)")
    }

    @Test(
        "finds again what an earlier house began, and forgets what ended", arguments: TargetKind.all
    )
    func found(kind: TargetKind) throws {
        let house = try TargetHouse(kind, Self.server())
        try house.launch()
        let healthy = try house.healthy()
        try house.comeBack()
        #expect(try house.sight == healthy)
        try house.letGo()
        #expect(try house.sight == healthy)
        try house.stop()
        _ = try house.gone()
        try house.comeBack()
        #expect(try house.sight?.isGone == true)
        try house.letGo()
        #expect(try house.sight == nil)
        #expect(try house.log == "begun\n")
    }

    @Test("ends all of one whose supervisor is killed", arguments: TargetKind.all)
    func orphan(kind: TargetKind) throws {
        let house = try TargetHouse(kind, Self.server())
        try house.launch()
        _ = try house.healthy()
        #expect(kill(try house.supervisor, SIGKILL) == 0)
        #expect(try house.gone().contains("its supervisor was killed"))
        #expect(try RunningPrograms.naming(house.folder.path) == [])
    }

    @Test("touches nothing of another house", arguments: TargetKind.all)
    func neighbours(kind: TargetKind) throws {
        let (house, other) = (
            try TargetHouse(kind, Self.server()), try TargetHouse(kind, Self.server())
        )
        try house.launch()
        try other.launch()
        let healthy = try other.healthy()
        _ = try house.healthy()
        try house.stop()
        _ = try house.gone()
        try house.letGo()
        #expect(try other.sight == healthy)
        #expect(try other.get("/").contains("hello"))
    }

    @Test(
        "shows secrets to the instance alone", arguments: TargetKind.all,
        ["token=$(cat /run/secrets/token)", "token=$TOKEN"])
    func secrets(kind: TargetKind, take: String) throws {
        let asked = take.contains("TOKEN") ? "{ TOKEN: token }" : "token"
        let house = try TargetHouse(
            kind,
            """
            run: |
              \(take); [ "${token%-*}" = seven ] && echo right
              echo "it is $token"
              exec busybox tail -f /dev/null
            secrets: \(asked)
            health: { command: "true", interval: 50ms }
            """)
        try house.launch()
        _ = try house.healthy()
        #expect(try RunningPrograms.naming("seven-dwarfs") == [])
        try house.stop()
        _ = try house.gone()
        #expect(try house.log == "right\nit is ***\n")
    }
}
