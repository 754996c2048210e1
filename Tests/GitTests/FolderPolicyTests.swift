import Git
import Support
import Testing

@Suite("Folders that are open to definitions") struct FolderPolicyTests {
    /// `open/` with a repository, and `shut/` with another, which may not be read.
    private struct Disk {
        let folder: Folder
        var policy: FolderPolicy { .within([folder.file("open")]) }

        init() throws {
            folder = try Folder()
            try run(
                """
                for name in open/app shut/keys; do
                  git init -q --bare $name.git
                done
                git init -q open/tree
                """)
        }

        func run(_ script: String) throws {
            let made = try Program.run([
                "/bin/sh", "-euc", "cd \"$1\"; \(script)", "sh", folder.path,
            ])
            #expect(made.code == 0, "\(made.output)")
        }

        func admits(_ path: String) -> Bool { policy.refusal(of: folder.file(path)) == nil }
    }

    @Test func `what lies in one may be read, and nothing else`() throws {
        let disk = try Disk()
        for path in ["open", "open/app.git", "open/tree", "open//tree/.", "open/not/there"] {
            #expect(disk.admits(path), "\(path)")
        }
        for path in [
            "shut/keys.git", "shut/not/there", "open/../shut/keys.git", "open/../open/app.git",
            "opened", "", "..",
        ] {
            #expect(!disk.admits(path), "\(path)")
        }
        #expect(FolderPolicy.within([]).refusal(of: disk.folder.file("open/app.git")) != nil)
        #expect(FolderPolicy.within(["/"]).refusal(of: disk.folder.file("shut/keys.git")) == nil)
        #expect(FolderPolicy.anywhere.refusal(of: "/etc/../etc") == nil)
    }

    @Test(
        "what leads out of one is found out",
        arguments: [
            "ln -s ../shut/keys.git open/x", "ln -s ../shut open/x",
            "mkdir open/x; ln -s ../../shut/keys.git open/x/.git",
            "mkdir open/x; echo \"gitdir: ../../shut/keys.git\" > open/x/.git",
            "mkdir open/x; echo \"gitdir: $PWD/shut/keys.git\" > open/x/.git",
            "cp -r open/app.git open/x; echo ../../shut/keys.git > open/x/commondir",
            "cp -r open/app.git open/x; rm -r open/x/objects; "
                + "ln -s ../../shut/keys.git/objects open/x/",
            "cp -r open/app.git open/x; rm -r open/x/refs; ln -s ../../shut/keys.git/refs open/x/",
            "cp -r open/app.git open/x; mkdir -p open/x/objects/info; "
                + "echo $PWD/shut/keys.git/objects > open/x/objects/info/alternates",
            "cp -r open/app.git open/x; cp -r open/app.git open/y; mkdir -p open/x/objects/info; "
                + "echo ../../y/objects > open/x/objects/info/alternates; "
                + "echo $PWD/shut/keys.git/objects > open/y/objects/info/alternates",
        ])
    func leaks(script: String) throws {
        let disk = try Disk()
        try disk.run(script)
        #expect(!disk.admits("open/x"))
        #expect(disk.admits("open/app.git"))
    }

    @Test func `a link to a folder that is open, and one that is itself a link, are followed`()
        throws
    {
        let disk = try Disk()
        try disk.run("ln -s open/app.git way; mv open real; ln -s real open")
        #expect(disk.admits("way"))
        #expect(disk.admits("open/app.git"))
        #expect(disk.admits("real/app.git"))
        #expect(!disk.admits("shut/keys.git"))
    }

    @Test func `it is told in the same words whether something is there or not`() throws {
        let disk = try Disk()
        let there = try #require(disk.policy.refusal(of: disk.folder.file("shut/keys.git")))
        let nowhere = try #require(disk.policy.refusal(of: disk.folder.file("shut/none.git")))
        #expect(there.problem == nowhere.problem && there.hint == nowhere.hint)
        #expect(
            there.problem
                == "it is on the server's machine, and not in a folder there that is open "
                + "to definitions: '\(disk.folder.file("open"))'")
        #expect(
            FolderPolicy.within([]).refusal(of: "/srv")?.description == """
                cannot use the repository '/srv': it is on the server's machine, and no folder \
                there is open to definitions
                  hint: whoever hosts the server names its folder in 'server.yml' under 'folders'; \
                or reach it by https:// or ssh://
                """)
    }

    @Test func `several who want the same get what the widest of them may`() {
        #expect(
            FolderPolicy.widest([.within(["/a"]), .within(["/a", "/b"])]) == .within(["/a", "/b"]))
        #expect(FolderPolicy.widest([.within(["/a"]), .anywhere]) == .anywhere)
        #expect(FolderPolicy.widest([]) == .within([]))
    }
}
