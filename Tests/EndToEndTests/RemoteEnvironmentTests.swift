import Dispatch
import Support
import Synchronization
import Testing

@Suite("An environment on a server") struct RemoteEnvironmentTests {
    @Test func `is listed with what is there, who put it there and what moves`() throws {
        let lock = "{\"by\":\"bob\",\"reason\":\"a feast\",\"since\":null}"
        let drift = "{\"kind\":\"missing\",\"role\":\"web\",\"sentence\":\"1 of 2 of r1 missing\"}"
        let moving = RecordedEnvironment.deployment(step: 2)
        let server = try PlayedServer([
            "GET /api/v1/environments": Recorded.page(
                "{\(RecordedEnvironment.summary("deploying", deployment: moving))}",
                "{\(RecordedEnvironment.summary("degraded", drift: drift, lock: lock))}")
        ])
        let said = try Console().run("environments", at: server)
        #expect(said.errors == "")
        let lines = said.output.split(separator: "\n")
        #expect(lines[1].hasPrefix("production   deploying  r1       app 01234567  "))
        #expect(lines[1].hasSuffix(" days  ada"))
        #expect(
            lines.dropFirst(3) == [
                "production: r2, step 2 of 3: watch r2 for 5m", "production: 1 waits",
                "production: locked by bob: a feast", "production: web: 1 of 2 of r1 missing",
                "production: 1 waits",
            ])
        let none = try PlayedServer(["GET /api/v1/environments": Recorded.page()])
        #expect(
            try Console().run("environments", at: none).output
                == "there are no environments; a pipeline describes them under 'environments:'\n")
    }

    @Test func `is a page that tells what moves, who answers and what can be done`() throws {
        let server = try PlayedServer([
            "GET \(RecordedEnvironment.place)": RecordedEnvironment.environment(
                "deploying", deployment: RecordedEnvironment.deployment(step: 2),
                history: RecordedEnvironment.past("deploying"))
        ])
        let said = try Console().run("environments", "show", "production", at: server)
        #expect(said.code == 0)
        let lines = said.output.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines[0] == "production  deploying")
        #expect(lines.contains("    bob approves before 'production'"))
        #expect(lines.contains { $0.hasPrefix("  r0 stays for an instant way back, and ends ") })
        #expect(lines.contains("  left by people, and not put back by pipelines: r0"))
        #expect(lines.contains("deployment of r2 over r1, canary"))
        #expect(lines.contains("  ✓ start r2 beside r1"))
        #expect(lines.contains { $0.hasPrefix("  ▸ watch r2 for 5m (for ") })
        #expect(lines.contains("    end all but r2"))
        #expect(lines.contains("  1 failure so far; i3 exited with code 3"))
        #expect(lines.contains("  web at 127.0.0.1:8080, not yet confirmed by the balancer"))
        let bar = { (full: Int) in
            String(repeating: "█", count: full) + String(repeating: "░", count: 40 - full)
        }
        let lanes = lines.filter { $0.contains("█") }
        #expect(lanes == ["    r1  \(bar(32))  80 %  i1 i2", "    r2  \(bar(8))  20 %  i3"])
        #expect(lines.contains("  i3 answers 500"))
        let deeds = lines.drop { $0 != "what can be done" }.dropFirst().filter { !$0.isEmpty }
        #expect(
            deeds.map { $0.prefix { $0 != "…" }.split(separator: "  ").first ?? "" } == [
                "slipway rollback production", "slipway environments pause production",
                "slipway environments promote production",
                "slipway environments lock production --reason ",
                "slipway environments logs production i3",
            ])
    }

    private static func looks(_ outcome: String, there: Bool = false) -> [String] {
        [
            RecordedEnvironment.environment(
                "deploying", deployment: RecordedEnvironment.deployment(step: 1),
                history: RecordedEnvironment.past("deploying")),
            RecordedEnvironment.environment(
                "deploying", deployment: RecordedEnvironment.deployment(step: 2),
                history: RecordedEnvironment.past("deploying")),
            RecordedEnvironment.environment(
                "serving", history: RecordedEnvironment.past(outcome, reason: "", there: there)),
        ]
    }

    @Test(
        "is followed to the end of its deployment, with its exit code",
        arguments: [
            ("succeeded", false, 0), ("turned back", false, 1), ("stuck", false, 1),
            ("dropped", false, 3), ("dropped", true, 0),
        ] as [(String, Bool, Int32)])
    func following(outcome: String, there: Bool, code: Int32) throws {
        let staged = StagedEnvironment(Self.looks(outcome, there: there))
        let server = try PlayedServer { staged.play($0, $1) }
        let said = try Console().run("environments", "show", "production", "--follow", at: server)
        #expect(said.errors == "")
        #expect(said.code == code)
        #expect(
            said.output.hasPrefix(
                """
                production r2, step 1 of 3: start r2 beside r1
                production r2, step 2 of 3: watch r2 for 5m
                production  serving

                """))
        #expect(said.output.hasSuffix("\nproduction: r2 \(outcome) after 0.0s\n"))
    }

    @Test func `is put back as it was shown, and that is followed`() throws {
        let staged = StagedEnvironment(Self.looks("turned back"))
        let server = try PlayedServer { staged.play($0, $1) }
        let said = try Console().type(
            "rollback", "production", "--follow", at: server, doing: [("[y/N]", "y\n")])
        // Whoever turns back wants just that.
        #expect(said.code == 0)
        let shown = said.output.replacing("\r\n", with: "\n")
        #expect(
            shown.hasPrefix(
                """
                production: r2 is turned back to r1 (4fd2a80c11aa)
                  1. start r1 beside r2
                  instances to start: 2 of web
                Turn 'production' back? [y/N] y

                """))
        let asked = server.asked.filter { $0.line.hasPrefix("POST") }
        #expect(asked.map(\.body) == ["{}", "{\"leaving\":\"r2\"}"])
        #expect(
            asked.map(\.line) == [
                "POST \(RecordedEnvironment.place)/rollback?dry-run=true",
                "POST \(RecordedEnvironment.place)/rollback",
            ])
    }

    @Test(
        "is told what to put back, and how",
        arguments: [
            (
                ["rollback", "production", "--to", "r1", "--by", "rolling", "--yes"],
                "{\"release\":\"r1\",\"strategy\":\"rolling\"}",
                "{\"release\":\"r1\",\"leaving\":\"r2\",\"strategy\":\"rolling\"}"
            ),
            (
                ["deploy", "production", "r1", "--yes"], "{\"release\":\"r1\"}",
                "{\"release\":\"r1\",\"leaving\":\"r2\"}"
            ),
            (["rollback", "production", "--dry-run"], "{}", nil),
        ] as [([String], String, String?)])
    func wishes(words: [String], asked: String, sent: String?) throws {
        let server = try PlayedServer([
            "POST \(RecordedEnvironment.place)/rollback": RecordedEnvironment.plan()
        ])
        let console = try Console()
        let said = try Program.run(
            [
                "/usr/bin/env", "-i", "HOME=\(console.folder.path)", "SLIPWAY_URL=\(server.url)",
                "SLIPWAY_TOKEN=hunter2", Slipway.path,
            ] + words)
        #expect(said.code == 0)
        #expect(server.asked.map(\.body) == [asked] + [sent].compactMap(\.self))
        #expect(
            said.output.hasPrefix(
                "production: from r2 to r1 (4fd2a80c11aa), canary\n  1. start r1 beside r2\n"))
        #expect(said.output.hasSuffix("production: it is under way\n") == (sent != nil))
    }

    @Test func `is left alone where the release is there, or nobody agrees`() throws {
        let there = try PlayedServer([
            "POST \(RecordedEnvironment.place)/rollback": RecordedEnvironment.plan("r2")
        ])
        let said = try Console().run("deploy", "production", "r2", at: there)
        #expect(said.output == "production: r2 (4fd2a80c11aa) is there already\n")
        #expect(there.asked.count == 1)
        let server = try PlayedServer([
            "POST \(RecordedEnvironment.place)/rollback": RecordedEnvironment.plan()
        ])
        let alone = try Console().run("rollback", "production", at: server)
        #expect(alone.code == 2)
        #expect(alone.errors.hasSuffix("\n  hint: add '--yes' if it is meant\n"))
        #expect(
            server.asked.map(\.line) == ["POST \(RecordedEnvironment.place)/rollback?dry-run=true"])
    }

    @Test(
        "is checked for what runs and should not, or should and does not",
        arguments: [("", 0), ("{\"role\":\"web\",\"sentence\":\"1 of 2 of r1 missing\"}", 1)]
            as [(String, Int32)])
    func check(drift: String, code: Int32) throws {
        let text = RecordedEnvironment.environment("serving", drift: drift, history: "")
        let server = try PlayedServer { _, peer in peer.answer(json: text) }
        let said = try Console().run("environments", "show", "production", "--check", at: server)
        #expect(said.code == code, "\(said.errors)")
        #expect(said.output.contains("1 of 2 of r1 missing") == (code == 1))
        let shown = try Console().run("environments", "show", "production", at: server)
        #expect(shown.code == 0)
    }

    @Test func `shows its history, and the logs of its instances`() throws {
        let server = try PlayedServer { asked, peer in
            switch asked.line {
            case "GET \(RecordedEnvironment.place)?history=2":
                peer.answer(
                    json: RecordedEnvironment.environment(
                        "serving",
                        history: RecordedEnvironment.past("stuck", reason: "why\\nno disk")))
            case "GET \(RecordedEnvironment.place)/instances/i3/log?lines=5":
                peer.answer(200, "text/plain", headers: [:], "one\ntwo\n")
            default: peer.answer(404, "text/plain", "no such thing: \(asked.line)")
            }
        }
        let console = try Console()
        let history = try console.run(
            "environments", "history", "production", "--limit", "2", at: server)
        #expect(history.output.contains("\nr2       stuck    "))
        #expect(history.output.contains("  0.0s  canary    git  shop/42\nr2, "))
        #expect(history.output.hasSuffix(" days ago: why\n    no disk\n"))
        let json = try console.run(
            "environments", "history", "production", "--limit", "2", "--json", at: server)
        #expect(json.output.hasPrefix("{\"release\":\"r2\","))
        let log = try console.run(
            "environments", "logs", "production", "i3", "--lines", "5", at: server)
        #expect(log.output == "one\ntwo\n")
    }
}

/// An environment that comes a step further with each piece of news, once it was looked at.
private final class StagedEnvironment: Sendable {
    private let looks: [String]
    private let step = Mutex(0)
    private let looked = DispatchSemaphore(value: 0)

    init(_ looks: [String]) { self.looks = looks }

    func play(_ asked: PlayedServer.Asked, _ peer: TestSocket) {
        switch asked.place {
        case "GET \(RecordedEnvironment.place)":
            peer.answer(json: looks[step.withLock(\.self)])
            looked.signal()
        case "GET /api/v1/events": tell(peer)
        case "POST \(RecordedEnvironment.place)/rollback":
            peer.answer(json: RecordedEnvironment.plan(strategy: "turn back"))
        default: peer.answer(404, "text/plain", "no such thing: \(asked.line)")
        }
    }

    private func tell(_ peer: TestSocket) {
        peer.beginEvents()
        for number in 1..<looks.count {
            _ = looked.wait(timeout: .now() + 20)
            step.withLock { $0 = number }
            peer.send("id: \(number)\nevent: deployment.step\ndata: {}\n\n")
        }
        peer.awaitLeaving()
    }
}
