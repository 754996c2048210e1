import Git
import Support
import Testing

@Suite("Trees and settings made to harm") struct HostileTreeTests {
    /// A tree of one entry, made as no `git add` would.
    private func tree(
        _ mode: String, _ name: String, in made: TestRepository
    ) throws -> String {
        let id = try made.id(mode == "40000" ? "main^{tree}" : "main:README")
        let bytes = stride(from: 0, to: 40, by: 2).map { place in
            UInt8(id.dropFirst(place).prefix(2), radix: 16) ?? 0
        }
        let entry = Array("\(mode) \(name)".utf8) + [0] + bytes
        let octal = entry.map { "\\" + String(Int($0) + 0o1000, radix: 8).dropFirst() }.joined()
        return try made.shell(
            "printf '\(octal)' | git hash-object --literally -w -t tree --stdin")
    }

    @Test(
        "a name that could do harm is refused",
        arguments: [
            ".git", ".GIT", ".Git", "git~1", "GIT~1", ".git ", ".git.", ".git . ", ".git:x",
            ".git::$INDEX_ALLOCATION", ".git\\config", ".g\u{200c}it", "\u{feff}.git", ".", "..",
            "a/b", "../x", "/etc",
        ])
    func name(name: String) throws {
        let made = try TestRepository.sample()
        for mode in ["100644", "40000"] {
            let tree = try tree(mode, name, in: made)
            let error = try failure { _ = try made.checkOut(tree) }
            #expect(error.kind == .dangerousName)
        }
    }

    @Test(
        "a name that only looks like it is not",
        arguments: [
            ".gitignore", ".github", "git", ".gitx", "git~2", "...", "-rf", "a\\b", ".git-x",
        ])
    func harmless(name: String) throws {
        let made = try TestRepository.sample()
        let out = try made.checkOut(try tree("100644", name, in: made))
        #expect(try out.folder.text(of: name) == "hello\n")
    }

    @Test func `the list of submodules must not be a link`() throws {
        let made = try TestRepository.sample()
        for name in [".gitmodules", ".GITMODULES", "gitmod~1"] {
            let error = try failure { _ = try made.checkOut(try tree("120000", name, in: made)) }
            #expect(error.problem == "'.gitmodules' must not be a link")
            _ = try made.checkOut(try tree("100644", name, in: made))
        }
    }

    @Test func `a link and a folder of one name do not make a way outside`() throws {
        let made = try TestRepository.sample()
        let victim = try Folder()
        let link = try made.git("hash-object", "-w", "--stdin", input: victim.path)
        let file = try made.id("main:README")
        let inner = try made.git("mktree", input: "100644 blob \(file)\tplanted\n")
        // `mktree` sorts and keeps both: a link 'x', and a folder 'x'.
        let tree = try made.git(
            "mktree", input: "120000 blob \(link)\tx\n040000 tree \(inner)\tx\n")
        let error = try failure { _ = try made.checkOut(tree) }
        #expect(error.problem == "File exists")
        #expect(throws: (any Error).self) { try victim.text(of: "planted") }
    }

    @Test func `a tree ten thousand folders deep is an error and no crash`() throws {
        let made = try TestRepository.sample()
        let file = try made.id("main:README")
        var lines = "commit refs/heads/deep\ncommitter A <a@b> 1 +0000\ndata 1\nx\n"
        lines += "M 100644 \(file) " + String(repeating: "d/", count: 10_000) + "f\n\n"
        try made.git("fast-import", "--quiet", input: lines)
        let error = try failure { _ = try made.checkOut("deep^{tree}") }
        #expect(error.kind == .overLimit)
        #expect(error.problem == "its folders are nested more than 256 deep")
        let main = try made.object("main")
        let deep = try made.object("deep")
        // To compare it needs no folder: it is either an error or a list of paths.
        let paths = try? made.ask { try $0.changedPaths(from: main, to: deep) }
        #expect(paths.map { $0.contains { $0.bytes.count == 20_001 } } != false)
    }

    @Test func `a small tree that stands for a huge one stops at a limit`() throws {
        let made = try TestRepository.sample()
        var tree = try made.id("main^{tree}")
        for _ in 0..<9 {
            let list = (0..<10).map { "040000 tree \(tree)\t\($0)\n" }.joined()
            tree = try made.git("mktree", input: list)
        }
        var limits = TreeLimits()
        limits.entries = 1_000
        let many = try failure { _ = try made.checkOut(tree, limits: limits) }
        #expect(many.problem == "it has more than 1000 entries")
        limits = TreeLimits()
        limits.bytes = 10
        let large = try failure { _ = try made.checkOut(tree, limits: limits) }
        #expect(large.problem == "it has more than 10 bytes")
    }

    @Test func `what a repository's settings would run is not run`() throws {
        let made = try TestRepository.sample()
        let marker = made.folder.file("marker")
        let script = made.folder.file("evil")
        try made.folder.write("#!/bin/sh\ntouch \(marker)\ncat\n", to: "evil")
        try made.shell("chmod +x \(script); mkdir hooks; cp \(script) hooks/post-checkout")
        try made.shell("cp \(script) hooks/post-index-change; cp -r hooks/. .git/hooks/")
        for (key, value) in [
            ("core.fsmonitor", script), ("core.sshCommand", script), ("core.pager", script),
            ("core.hooksPath", made.path + "/hooks"), ("diff.external", script),
            ("filter.evil.smudge", script), ("filter.evil.clean", script),
            ("filter.evil.process", script), ("core.editor", script),
            ("alias.status", "!" + script),
            ("core.attributesFile", made.path + "/attributes"), ("diff.evil.textconv", script),
        ] {
            try made.git("config", key, value)
        }
        try made.write("* filter=evil diff=evil\n", to: "attributes")
        try made.write("* filter=evil diff=evil\n", to: ".gitattributes")
        try made.write("changed\n", to: "README")
        try made.shell("rm -f \(marker)")
        let main = try made.object("main")
        let first = try made.object("main~1")
        try made.ask { repository in
            _ = try repository.workingTree()
            _ = try repository.changedPaths(from: first, to: main)
            _ = try repository.resolve("main")
            _ = try repository.references()
        }
        #expect(try made.checkOut("main^{tree}").folder.text(of: "README") == "hello\n")
        #expect(throws: (any Error).self) { try made.folder.text(of: "marker") }
        // The trap has teeth: git itself steps into it.
        try made.git("add", "README")
        #expect(try made.folder.text(of: "marker") == "")
    }
}
