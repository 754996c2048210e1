import Support
import Testing

@Suite("The manual page") struct ManualTests {
    static let commands = [
        "run", "logs", "tests", "history", "clean", "doctor", "lint", "plan", "schema", "login",
        "logout", "servers", "pipelines", "executions", "show", "why", "start", "stop", "retry",
        "skip", "rollback", "environments", "deploy", "approvals", "approve", "reject",
        "transitions", "validate", "runners", "secrets", "tokens", "people", "audit",
        "rebuild",
        "backup", "restore", "completion", "manual",
    ]

    private func shown() throws -> Program.Result {
        let page = try Slipway.run("manual").output
        let folder = try Folder()
        try folder.write(page, to: "slipway.1")
        return try Program.run([
            "/usr/bin/env", "groff", "-man", "-ww", "-Tutf8", "-P-c", "-rLL=80n",
            folder.file("slipway.1"),
        ])
    }

    @Test func `is read by groff without a complaint, in eighty columns`() throws {
        let said = try shown()
        #expect(said.code == 0)
        #expect(said.errors == "")
        for line in said.output.split(separator: "\n") {
            // What is printed bold is printed twice, with a step back between.
            #expect(line.filter { $0 != "\u{8}" }.count <= 160)
        }
        for section in ["NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES"] {
            #expect(Self.plain(said.output).contains("\n\(section)\n"))
        }
    }

    @Test("tells every option of a command", arguments: commands)
    func options(command: String) throws {
        let page = Self.plain(try shown().output)
        #expect(page.contains("\n   slipway \(command)\n"))
        let offered = try Slipway.run("complete", command, "--").output
        for line in offered.split(separator: "\n").dropFirst() {
            let option = String(line.prefix { $0 != "\t" })
            if option == "--help" { continue }
            #expect(page.contains("\n       \(option)"), "\(option)")
            #expect(try Slipway.run("help", command).output.contains("\n  \(option)"))
        }
    }

    /// Without the steps back by which `groff` makes letters bold and underlined.
    private static func plain(_ text: String) -> String {
        text.reduce(into: "") { plain, character in
            if character == "\u{8}" { plain.removeLast() } else { plain.append(character) }
        }
    }
}
