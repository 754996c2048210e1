import Pipelines
import Simulation
import Store
import Support
import Testing
import Vault

@Suite("Commands on the record") struct RecordCommandTests {
    /// A server's folder with something on record.
    private func home() throws -> Folder {
        let folder = try Folder()
        do {
            let home = try Home(holding: folder.file("home"))
            var store = try home.store()
            try store.append(try Trial.run(seed: 5, length: 80, on: .log()).record)
        }
        // A program that another test starts has the lock too, until it is another program.
        _ = try Program.run(["/usr/bin/flock", folder.file("home/lock"), "/bin/true"])
        return folder
    }

    @Test func `a record is verified, signed, exported and verified again`() throws {
        let folder = try home()
        let path = folder.file("home")
        #expect(try Slipway.run("audit", "verify", "--home", path).output.hasPrefix("clean: "))
        let signed = try Slipway.run(
            "audit", "checkpoint", "--home", path, "--witness", folder.file("witness"))
        #expect(signed.output.hasPrefix("slipway-checkpoint-1 "))
        #expect(try folder.text(of: "witness") == signed.output)
        let export = folder.file("export")
        #expect(try Slipway.run("audit", "export", "--home", path, export).code == 0)
        let said = try Slipway.run(
            "audit", "verify", "--export", export, "--witness", folder.file("witness"), "--json")
        #expect(said.output.hasPrefix("{\"clean\":true,"))
        #expect(try Slipway.run("audit", "export", "--home", path, export).code == 4)
    }

    @Test func `tampering is told with its exit code`() throws {
        let folder = try home()
        let export = folder.file("export")
        _ = try Slipway.run("audit", "export", "--home", folder.file("home"), export)
        let text = try folder.text(of: "export/records.log")
        try folder.write(
            text.replacing("refs/heads/main", with: "refs/heads/evil"), to: "export/records.log")
        let said = try Slipway.run("audit", "verify", "--export", export)
        #expect(said.code == 1)
        #expect(said.output.hasPrefix("tampered with: altered at record "))
    }

    @Test func `a backup restores into a new folder, and nothing is overwritten unasked`() throws {
        let folder = try home()
        let path = folder.file("home")
        let backup = folder.file("backup.db")
        #expect(try Slipway.run("backup", "--home", path, backup).code == 0)
        #expect(try Slipway.run("backup", "--home", path, backup).code == 4)
        let new = folder.file("new")
        #expect(try Slipway.run("restore", "--home", new, backup).code == 0)
        let refused = try Slipway.run("restore", "--home", new, backup)
        #expect(refused.code == 4)
        #expect(refused.errors.contains("hint: add --replace"))
        #expect(try Slipway.run("restore", "--home", new, "--replace", backup).code == 0)
        try folder.write("no database", to: "text")
        let mistaken = try Slipway.run("restore", "--home", new, folder.file("text"))
        #expect(mistaken.code == 4)
        #expect(mistaken.errors.contains("text': it is no backup of a record\n  hint: name a file"))
        #expect(try Slipway.run("rebuild", "--home", new).output.hasPrefix("rebuilt from "))
    }

    @Test func `a folder without a record is said to have none`() throws {
        let folder = try Folder()
        let said = try Slipway.run("rebuild", "--home", folder.file("nothing"))
        #expect(said.code == 4)
        #expect(said.errors.contains("there is none\n  hint: name the folder"))
    }

    @Test func `a folder that a server holds is left alone`() throws {
        let folder = try home()
        let held = try Home(holding: folder.file("home"))
        let said = try Slipway.run("rebuild", "--home", held.path)
        #expect(said.code == 4)
        #expect(said.errors.contains("holds it\n  hint: ask the running server instead"))
    }
    @Test func `secrets are sealed with a new key, and by nobody while a server holds the folder`()
        throws
    {
        let folder = try home()
        let path = folder.file("home")
        let name = try #require(SecretName("registry"))
        _ = try Vault.open(in: path).set(name, to: Array("hunter2".utf8), at: 1)
        let before = try folder.text(of: "home/secrets.key")
        do {
            let held = try Home(holding: path)
            let refused = try Slipway.run("rotate-key", "--home", held.path)
            #expect(refused.code == 4)
            #expect(refused.errors.contains("holds it\n  hint: "))
        }
        _ = try Program.run(["/usr/bin/flock", folder.file("home/lock"), "/bin/true"])
        let said = try Slipway.run("rotate-key", "--home", path)
        #expect(said.output == "1 secret sealed with a new key in '\(path)/secrets.key'\n")
        #expect(try folder.text(of: "home/secrets.key") != before)
        #expect(try Vault.open(in: path).value(of: name) == Array("hunter2".utf8))

        let lost = try Slipway.run(
            "rotate-key", "--home", path, "--key-file", folder.file("no-key"))
        #expect(lost.code == 4)
        #expect(lost.errors.contains("there are 1 secrets and no key"))
    }
}
