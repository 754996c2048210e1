import FoundationEssentials
import Support
import Testing

@Suite("Installing") struct InstallTests {
    private static let repository: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()
    private static let binaries: String = {
        let parts = Slipway.path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast().joined(separator: "/")
    }()

    /// What is put where a person or a package names it.
    private func install(
        _ options: String..., prefix: String, below destination: String = ""
    ) throws -> Program.Result {
        try Program.run(
            [
                "/usr/bin/env", "PREFIX=\(prefix)", "DESTDIR=\(destination)",
                "\(Self.repository)/scripts/install", "--binaries", Self.binaries,
            ] + options)
    }

    private func all(in path: String) throws -> [String] {
        try Program.run(["/usr/bin/env", "find", path, "-mindepth", "1"]).output
            .split(separator: "\n").map { String($0.dropFirst(path.utf8.count)) }.sorted()
    }

    @Test func `puts a command in place that runs pipelines, and takes it away again`() throws {
        let folder = try Folder()
        let prefix = folder.file("opt")
        let said = try install(prefix: prefix)
        #expect(said.errors == "")
        #expect(said.code == 0)
        try folder.write(CommandTests.good.replacing("make", with: "\"true\""), to: "pipeline.yml")
        // Supervisors are found from where the command was put.
        let ran = try Program.run([
            "/usr/bin/env", "-C", folder.path, "\(prefix)/bin/slipway", "run", "--home",
            folder.file("home"), "pipeline.yml",
        ])
        #expect(ran.output.hasSuffix("shop/1 succeeded\n"), "\(ran.errors)")
        let again = try install(prefix: prefix)
        #expect(!again.output.contains("put ") && again.output.contains("as it was "))
        let removed = try install("--remove", prefix: prefix)
        #expect(removed.errors == "")
        #expect(!FileManager.default.fileExists(atPath: prefix))
        #expect(try install("--remove", prefix: prefix).code == 4)
    }

    @Test func `makes units that systemd understands`() throws {
        let folder = try Folder()
        let prefix = folder.file("opt")
        _ = try install(prefix: prefix)
        let unit = "\(prefix)/lib/systemd/system/slipway.service"
        let actions = "\(prefix)/lib/systemd/system/slipway-actions.service"
        let verified = try Program.run([
            "/usr/bin/env", "systemd-analyze", "verify", "--man=no", unit, actions,
        ])
        #expect(verified.errors == "")
        #expect(verified.code == 0)
        let text = try folder.text(of: "opt/lib/systemd/system/slipway.service")
        #expect(text.contains("ExecStart=\(prefix)/bin/slipway server --home"))
        #expect(text.contains("EnvironmentFile=-\(prefix)/etc/slipway/server.env\n"))
        // In tenths: what is worse than this has lost something on the way.
        let score = try Program.run([
            "/usr/bin/env", "systemd-analyze", "security", "--offline=yes", "--threshold=45", unit,
        ])
        #expect(score.code == 0, "\(score.output)")
    }

    @Test func `leaves to others what is theirs`() throws {
        let folder = try Folder()
        let made = try Program.run([
            "/bin/mkdir", "-p", folder.file("usr/local/bin"), folder.file("var/lib/slipway"),
        ])
        try #require(made.code == 0)
        try folder.write("mine", to: "usr/local/bin/slipway")
        try folder.write("a record", to: "var/lib/slipway/slipway.db")
        let before = try all(in: folder.path)
        let refused = try install(prefix: "/usr/local", below: folder.path)
        #expect(refused.code == 4)
        #expect(
            refused.errors == "install: '\(folder.path)/usr/local/bin/slipway' is there, and was "
                + "not put by this script\n  hint: move it away, then run this again\n")
        #expect(try all(in: folder.path) == before)
        _ = try Program.run(["/bin/rm", folder.file("usr/local/bin/slipway")])
        #expect(try install(prefix: "/usr/local", below: folder.path).code == 0)
        try folder.write("SLIPWAY_LISTEN=[::]:80\n", to: "etc/slipway/server.env")
        try folder.write("mine", to: "usr/local/share/slipway/notes")
        let kept = try install(prefix: "/usr/local", below: folder.path)
        #expect(kept.output.contains("kept \(folder.path)/etc/slipway/server.env\n"))
        let removed = try install("--remove", prefix: "/usr/local", below: folder.path)
        #expect(
            removed.output.contains("left \(folder.path)/etc/slipway/server.env: it was changed"))
        let left = [
            "/etc", "/etc/slipway", "/etc/slipway/server.env", "/usr", "/usr/local",
            "/usr/local/bin", "/usr/local/share", "/usr/local/share/slipway",
            "/usr/local/share/slipway/notes", "/var", "/var/lib", "/var/lib/slipway",
            "/var/lib/slipway/slipway.db",
        ]
        #expect(try all(in: folder.path) == left)
        #expect(try folder.text(of: "var/lib/slipway/slipway.db") == "a record")
    }

    @Test(
        "a mistake changes nothing",
        arguments: [
            (["--sideways"], "/usr/local", "there is no option '--sideways'"),
            (["--binaries"], "/usr/local", "'--binaries' needs a value"),
            (["--create-user"], "/usr/local", "no user can be made below DESTDIR"),
            ([], "usr", "'usr' is no whole path"),
            ([], "/a b", "'/a b' has letters that a unit cannot hold"),
            (["--binaries", "/nowhere"], "/usr/local", "there is no program '/nowhere/slipway'"),
        ])
    func mistakes(options: [String], prefix: String, problem: String) throws {
        let folder = try Folder()
        let said = try Program.run(
            [
                "/usr/bin/env", "PREFIX=\(prefix)", "DESTDIR=\(folder.path)",
                "\(Self.repository)/scripts/install", "--binaries", Self.binaries,
            ] + options)
        #expect(said.code != 0)
        #expect(said.errors.hasPrefix("install: \(problem)\n  hint: "), "\(said.errors)")
        #expect(try all(in: folder.path) == [])
    }
}
