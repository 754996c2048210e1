import Git
import Sources
import Support
import Testing

@Suite("A local source") struct LocalSourceTests {
    @Test func `a clean folder is its commit`() throws {
        let made = try TestRepository.sample()
        let seen = try LocalSource.look(at: made.path + "/src")
        let id = try made.id("main")
        #expect(seen.folder == made.path)
        #expect(seen.content == .tree(try #require(ObjectID(try made.id("main^{tree}")))))
        #expect(seen.commit == id)
        #expect(seen.short == (try made.git("rev-parse", "--short", "main")))
        #expect(seen.ref == "refs/heads/main")
        #expect(seen.branch == "main")
        #expect(seen.tag == nil)
        #expect(seen.message == "Add a program\n\nWith a body.\n")
        #expect(seen.authors == ["Ada Example <ada@example.org>"])
        #expect(seen.changes == 0)
    }

    @Test func `a tag is named, and a commit by its digits has no branch`() throws {
        let made = try TestRepository.sample()
        try made.git("tag", "-a", "-m", "first", "v1", "main~1")
        let tagged = try made.look("v1")
        #expect(tagged.tag == "v1")
        #expect(tagged.ref == "refs/tags/v1")
        #expect(tagged.branch == nil)
        #expect(tagged.commit == (try made.id("main~1")))
        let digits = try made.look(String(try made.id("main~1").prefix(10)))
        #expect(digits.ref == tagged.commit)
        #expect(digits.branch == nil)
    }

    @Test func `who made a commit for another is named too`() throws {
        let made = try TestRepository.sample()
        try made.shell(
            """
            GIT_AUTHOR_NAME=Bob GIT_AUTHOR_EMAIL=bob@example.org \
            git commit -q --allow-empty -m 'By two'
            """)
        #expect(
            try made.look().authors == ["Bob <bob@example.org>", "Ada Example <ada@example.org>"])
    }

    @Test func `an unknown name brings the nearest one`() throws {
        let made = try TestRepository.sample()
        try made.git("branch", "release-2")
        try made.git("tag", "v1.10")
        for (wrong, right) in [("relaese-2", "release-2"), ("v1.1", "v1.10"), ("mian", "main")] {
            let error = try failure { _ = try made.look(wrong) }
            #expect(
                error.description == """
                    cannot find '\(wrong)' in '\(made.path)': no branch, tag or commit has that name
                      hint: did you mean '\(right)'?
                    """)
        }
    }

    @Test func `changes make another version, and the commit can still be asked for`() throws {
        let made = try TestRepository.sample()
        let clean = try made.look()
        try made.write("changed\n", to: "README")
        let changed = try made.look()
        #expect(changed.commit.hasPrefix(clean.commit + "-"))
        #expect(changed.short.hasPrefix(clean.short + "-"))
        #expect(changed.changes == 1)
        #expect(changed.branch == "main")
        #expect(try made.look() == changed)
        try made.write("changed again\n", to: "README")
        #expect(try made.look().commit != changed.commit)
        #expect(try made.look(nil, .commit) == clean)
        #expect(try made.look("main") == clean)
    }

    @Test func `what is ignored makes no other version`() throws {
        let made = try TestRepository.sample()
        try made.write("*.o\n", to: ".gitignore")
        try made.commit("Ignore objects")
        let clean = try made.look()
        try made.write("x", to: "x.o")
        #expect(try made.look() == clean)
    }

    @Test func `what is excluded makes no other version`() throws {
        let made = try TestRepository.sample()
        let clean = try made.look()
        try made.shell("mkdir .slipway; echo x > .slipway/record")
        #expect(try made.look(without: [made.path + "/.slipway"]) == clean)
        #expect(try made.look().changes == 1)
    }

    @Test func `a repository without a commit has the files that lie there`() throws {
        let made = try TestRepository()
        let error = try failure { _ = try made.look() }
        #expect(error.problem == "the repository has no commit yet")
        try made.write("hello\n", to: "README")
        let seen = try made.look()
        #expect(seen.short == String(seen.commit.prefix(12)))
        #expect(seen.branch == nil)
    }

    @Test func `a commit that is checked out by itself is its own ref`() throws {
        let made = try TestRepository.sample()
        try made.git("checkout", "-q", "--detach", "main")
        let seen = try made.look()
        #expect(seen.ref == seen.commit)
        #expect(seen.branch == nil)
    }

    @Test func `a plain folder is the digest of its files`() throws {
        let folder = try Folder()
        try folder.write("hello\n", to: "README")
        let seen = try LocalSource.look(at: folder.path)
        #expect(seen.content == .folder(digest: seen.commit))
        #expect(try LocalSource.look(at: folder.path) == seen)
        try folder.write("hallo\n", to: "README")
        #expect(try LocalSource.look(at: folder.path).commit != seen.commit)
        let error = try failure { _ = try LocalSource.look(at: folder.path, ref: "main") }
        #expect(error.problem == "there is none")
    }

    @Test(
        "each of these is another content",
        arguments: [
            "mv file other", "chmod +x file", "echo >> file", "rm file && ln -s x file",
            "mkdir empty", "mkdir d && mv file d/file", "rm file && mkdir file", "ln -s file link",
        ])
    func content(change: String) throws {
        let folder = try Folder()
        try folder.write("", to: "file")
        let before = try LocalSource.look(at: folder.path).commit
        _ = try Program.run(["/bin/sh", "-ec", "cd \"$1\" && \(change)", "sh", folder.path])
        #expect(try LocalSource.look(at: folder.path).commit != before)
    }

    @Test func `what is no file is refused by name`() throws {
        let folder = try Folder()
        _ = try Program.run(["/usr/bin/mkfifo", folder.file("pipe")])
        let error = try failure { _ = try LocalSource.look(at: folder.path) }
        #expect(
            error.description == """
                cannot read '\(folder.path)/pipe': it is a named pipe
                  hint: remove it, or have '.gitignore' name it
                """)
    }
}
