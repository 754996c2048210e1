import Git
import Support
import Testing

@Suite("Commits") struct CommitTests {
    @Test func `a commit says who made it, when and from what`() throws {
        let made = try TestRepository.sample()
        let id = try made.object("main")
        let commit = try made.ask { try $0.commit(id) }
        #expect(commit.id == id)
        #expect(commit.shortID == (try made.git("rev-parse", "--short", "main")))
        #expect(commit.tree == (try made.object("main^{tree}")))
        #expect(commit.parents == [try made.object("main~1")])
        #expect(commit.message == "Add a program\n\nWith a body.\n")
        #expect(commit.author.person == "Ada Example <ada@example.org>")
        #expect(commit.author.seconds == 1_700_000_000)
        #expect(commit.author.offset == 90)
        #expect(commit.committer == commit.author)
    }

    @Test func `an old commit's letters are read in the encoding they have`() throws {
        let made = try TestRepository.sample()
        try made.shell(
            "printf 'caf\\351' | git -c i18n.commitEncoding=latin1 commit -q --allow-empty -F -")
        let id = try made.object("main")
        #expect(try made.ask { try $0.commit(id) }.message == "café\n")
    }

    @Test func `changed paths are in order, and what was renamed is there twice`() throws {
        let made = try TestRepository.sample()
        let old = try made.object("main")
        try made.shell("git mv README READ.ME; echo more >> src/deep/file; chmod -x src/run")
        try made.shell("printf x > \"$(printf 'b\\377d')\"; rm src/link; mkdir src/link")
        try made.shell("echo y > src/link/inner")
        try made.commit("Change much")
        let new = try made.object("main")
        let paths = try made.ask { try $0.changedPaths(from: old, to: new) }
        #expect(
            paths.map(\.description) == [
                "READ.ME", "README", "b\\xffd", "src/deep/file", "src/link", "src/link/inner",
                "src/run",
            ])
        #expect(try made.ask { try $0.changedPaths(from: new, to: new) } == [])
        let first = try made.object("main~2")
        let all = try made.ask { try $0.changedPaths(from: nil, to: first) }
        #expect(all == [RawName("README")])
    }

    @Test func `a commit that is not there is missing`() throws {
        let made = try TestRepository.sample()
        let id = try #require(ObjectID(String(repeating: "0123456789", count: 4)))
        let error = try failure { _ = try made.ask { try $0.commit(id) } }
        #expect(error.kind == .missingObject)
        #expect(error.operation == "read commit \(id) of '\(made.path)'")
    }

    @Test func `a clean folder has no changes, and a changed one names each`() throws {
        let made = try TestRepository.sample()
        try made.write("*.o\n", to: ".gitignore")
        try made.commit("Ignore objects")
        #expect(try made.ask { try $0.workingTree() }.changes == [])
        try made.shell("echo more >> README; rm src/run; echo o > x.o; mkdir new; echo n > new/n")
        try made.shell("git rm -q --cached src/deep/file; printf x > \"$(printf 'b\\377d')\"")
        let tree = try made.ask { try $0.workingTree() }
        #expect(
            tree.changes.map(\.description) == [
                "README", "b\\xffd", "new/n", "src/deep/file", "src/run",
            ])
        #expect(
            tree.files.map(\.description) == [
                ".gitignore", "README", "b\\xffd", "new/n", "src/deep/file", "src/link",
            ])
    }

    @Test func `looking at a folder writes nothing into its repository`() throws {
        let made = try TestRepository.sample()
        try made.shell("touch README; echo x > new")
        let before = try made.shell("find .git -type f -exec stat -c '%n %Y %Z %s %i' {} + | sort")
        _ = try made.ask { try $0.workingTree() }
        let after = try made.shell("find .git -type f -exec stat -c '%n %Y %Z %s %i' {} + | sort")
        #expect(after == before)
    }

    @Test func `a file that cannot be read is named`() throws {
        let made = try TestRepository.sample()
        guard try made.shell("id -u") != "0" else { return }  // Root reads everything.
        try made.shell("mkdir closed; echo x > closed/file; chmod 0 closed")
        let error = try failure { _ = try made.ask { try $0.workingTree() } }
        #expect(error.problem == "'closed' cannot be read (Permission denied)")
        try made.write("closed/\n", to: ".git/info/exclude")
        #expect(try made.ask { try $0.workingTree() }.changes == [])
        try made.shell("chmod 700 closed")
    }

    @Test func `a pipe is named, unless it is ignored`() throws {
        let made = try TestRepository.sample()
        try made.shell("rm README; mkfifo README")
        let error = try failure { _ = try made.ask { try $0.workingTree() } }
        #expect(error.problem == "'README' is a named pipe")
        try made.shell("git checkout -q README; mkfifo pipe; echo pipe > .git/info/exclude")
        #expect(try made.ask { try $0.workingTree() }.changes == [])
    }
}
