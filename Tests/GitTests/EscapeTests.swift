import Git
import Support
import Testing

/// Rows of the escape suite (`Trials/escapes`), which looks these tests up by their numbers.
@Suite("What a repository must not bring about") struct EscapeTests {
    /// A program that leaves a mark, and whether it has.
    private struct Trap {
        let script: String
        private let marker: String

        init(in folder: Folder) throws {
            (script, marker) = (folder.file("trap"), folder.file("marker"))
            try folder.write("#!/bin/sh\ntouch '\(marker)'\ncat\n", to: "trap")
            _ = try Program.run(["/bin/chmod", "+x", script])
        }

        func snapped() throws -> Bool {
            try Program.run(["/usr/bin/test", "-e", marker]).code == 0
        }
    }

    /// All that reads a repository, done once.
    private func lookAtAll(_ made: TestRepository) throws {
        try made.ask { repository in
            _ = try repository.head()
            _ = try repository.references()
            _ = try repository.workingTree()
        }
        _ = try made.checkOut("main^{tree}")
    }

    @Test func `E58: no hook runs, wherever links and letters put it`() throws {
        let made = try TestRepository.sample()
        let trap = try Trap(in: made.folder)
        // CVE-2024-32004, CVE-2022-39253: a repository of this machine with hooks and settings.
        try made.shell(
            """
            for hook in post-checkout post-index-change pre-commit reference-transaction \
              fsmonitor-watchman; do cp '\(trap.script)' .git/hooks/$hook; done
            git config core.fsmonitor .git/hooks/fsmonitor-watchman
            """)
        try lookAtAll(made)
        #expect(try !trap.snapped())
        // The trap has teeth: git itself steps into it.
        try made.git("checkout", "-q", "-b", "other")
        #expect(try trap.snapped())
    }

    /// A link, and a submodule at a place from which the link would lead away: git once wrote hooks
    /// there.
    @Test(
        arguments: [
            // CVE-2024-32002: where letters' case makes no difference, the two are one.
            (link: "a", target: ".git", folder: "A", name: "x"),
            // CVE-2025-48384: a line's end, lost when the path was written down.
            (link: "sub\r", target: ".git/hooks", folder: "libs", name: "sub"),
        ])
    func `E58: a submodule's path leads into no other folder, and never into '.git'`(
        link: String, target: String, folder: String, name: String
    ) throws {
        let made = try TestRepository.sample()
        let commit = try made.id("main")
        let blob = try made.git("hash-object", "-w", "--stdin", input: target)
        let inner = try made.git(
            "mktree", "--missing", input: "160000 commit \(commit)\t\(name)\n")
        let tree = try made.git(
            "mktree", input: "120000 blob \(blob)\t\(link)\n040000 tree \(inner)\t\(folder)\n")
        let (out, result) = try made.checkOut(tree)
        #expect(result.submodules.map(\.path.description) == ["\(folder)/\(name)"])
        let found = try Program.run([
            "/bin/sh", "-c", "cd '\(out.path)' && find . -mindepth 1 -type d | sort",
        ])
        #expect(found.output == "./\(folder)\n./\(folder)/\(name)\n")
    }

    @Test func `E59: what a stage wrote into a repository's settings is never run`() throws {
        let made = try TestRepository.sample()
        let trap = try Trap(in: made.folder)
        for key in [
            "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "diff.external",
            "filter.x.smudge", "filter.x.clean", "filter.x.process", "diff.x.textconv",
            "credential.helper", "gpg.program", "core.askPass",
        ] {
            try made.git("config", key, trap.script)
        }
        try made.git("config", "alias.status", "!\(trap.script)")
        try made.git("config", "core.hooksPath", made.folder.path)
        try made.write("* filter=x diff=x\n", to: ".gitattributes")
        try made.write("changed\n", to: "README")
        try lookAtAll(made)
        #expect(try !trap.snapped())
        try made.shell("git status >/dev/null || true")
        #expect(try trap.snapped())
    }

    @Test(
        arguments: ["-x", "--upload-pack=touch${IFS}x", "a;$(id)`id`", "-rf", "a|b&c"])
    func `E60: a branch, a tag and a file may be named like an option or a command`(name: String)
        throws
    {
        let made = try TestRepository.sample()
        let main = try made.id("main")
        for kind in ["heads", "tags"] {
            try made.git("update-ref", "refs/\(kind)/\(name)", main)
        }
        let found = try made.ask { try $0.references().map(\.name.description) }
        #expect(found.contains("refs/heads/\(name)") && found.contains("refs/tags/\(name)"))
        let resolved = try made.ask { try $0.resolve("refs/heads/\(name)") }
        #expect(resolved.commit.description == main)
        let file = try made.id("main:README")
        let tree = try made.git("mktree", "-z", input: "100644 blob \(file)\t\(name)\0")
        #expect(try made.checkOut(tree).folder.text(of: name) == "hello\n")
    }

    @Test func `E61: a pointer of Git LFS stays a pointer, and nobody is asked for more`() throws {
        let made = try TestRepository.sample()
        let trap = try Trap(in: made.folder)
        let pointer = """
            version https://git-lfs.github.com/spec/v1
            oid sha256:\(String(repeating: "a", count: 64))
            size 12345

            """
        try made.write(pointer, to: "large.bin")
        try made.write("*.bin filter=lfs diff=lfs merge=lfs -text\n", to: ".gitattributes")
        try made.write("[lfs]\n\turl = http://127.0.0.1:9/internal\n", to: ".lfsconfig")
        try made.commit("Add a large file")
        for key in ["smudge", "clean", "process"] {
            try made.git("config", "filter.lfs.\(key)", trap.script)
        }
        try made.git("config", "filter.lfs.required", "true")
        let (out, result) = try made.checkOut("main^{tree}")
        #expect(try out.text(of: "large.bin") == pointer)
        #expect(result.pointers.map(\.description) == ["large.bin"])
        #expect(try !trap.snapped())
    }

    @Test func `E65: a small repository that stands for a huge tree stops at its limits`() throws {
        let made = try TestRepository.sample()
        var tree = try made.id("main^{tree}")
        for _ in 0..<10 {
            tree = try made.git(
                "mktree", input: (0..<10).map { "040000 tree \(tree)\t\($0)\n" }.joined())
        }
        // Ten thousand million files, in a few kilobytes.
        let error = try failure {
            var limits = TreeLimits()
            limits.entries = 20_000
            _ = try made.checkOut(tree, limits: limits)
        }
        #expect(error.kind == .overLimit)
    }
}
