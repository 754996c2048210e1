import Git
import Support
import Testing

@Suite("Opening a repository") struct OpeningTests {
    @Test func `the repository around a folder is found`() throws {
        let made = try TestRepository.sample()
        let found = try Repository.discover(around: made.path + "/src/deep")
        #expect(found.folder == made.path)
        #expect(found.isBare == false)
    }

    @Test func `a bare repository is its own folder`() throws {
        let made = try TestRepository(bare: true)
        let found = try Repository.open(at: made.path)
        #expect(found.isBare == true)
        #expect(found.folder == made.path)
        let error = try failure { _ = try made.ask { try $0.workingTree() } }
        #expect(error.kind == .noWorkingTree)
    }

    @Test func `a linked working tree has its own branch and the same commits`() throws {
        let made = try TestRepository.sample()
        try made.git("worktree", "add", "-q", "-b", "side", "../linked")
        let linked = try Repository.open(at: made.folder.file("linked"))
        let main = try made.object("main")
        let head = try linked.head()
        let commit = try linked.commit(main).id
        #expect(head == .branch(RawName("side"), main))
        #expect(commit == main)
        #expect(linked.folder == made.folder.file("linked"))
    }

    @Test func `objects are found in the repository it borrows them from`() throws {
        let made = try TestRepository.sample()
        try TestRepository.git(
            ["clone", "-q", "--shared", made.path, "clone"], in: made.folder.path)
        let main = try made.object("main")
        let clone = try Repository.open(at: made.folder.file("clone"))
        let commit = try clone.commit(main)
        #expect(commit.id == main)
    }

    @Test func `a shallow clone says so, and names what is missing`() throws {
        let made = try TestRepository.sample()
        let source = "file://" + made.path
        try TestRepository.git(["clone", "-q", "--depth=1", source, "clone"], in: made.folder.path)
        let main = try made.object("main")
        let parent = try made.object("main~1")
        let clone = try Repository.open(at: made.folder.file("clone"))
        let parents = try clone.commit(main).parents
        #expect(clone.isShallow == true)
        #expect(parents == [parent])
        let error = try #require(throws: GitError.self) { try clone.commit(parent) }
        #expect(error.kind == .missingObject)
        #expect(error.description.contains("git fetch --unshallow"))
    }

    @Test func `a folder in no repository is said to be in none`() throws {
        let folder = try Folder()
        let error = try failure { _ = try Repository.discover(around: folder.path) }
        #expect(
            error.description == """
                cannot find the repository around '\(folder.path)': there is none
                  hint: name a folder inside a repository, or make one with 'git init'
                """)
    }

    @Test func `a folder that is not there is said not to be there`() throws {
        let error = try failure { _ = try Repository.open(at: "/nonexistent/folder") }
        #expect(error.kind == .file)
        #expect(error.problem == "No such file or directory")
    }

    @Test func `names by SHA-256 are refused with a sentence`() throws {
        let folder = try Folder()
        try TestRepository.git(["init", "-q", "--object-format=sha256", "it"], in: folder.path)
        let error = try failure { _ = try Repository.open(at: folder.file("it")) }
        #expect(error.kind == .unsupported)
        #expect(
            error.problem == "its objects are named by SHA-256, which libgit2 cannot read yet")
    }

    @Test func `a sparse working tree can be opened`() throws {
        let made = try TestRepository.sample()
        try made.git("sparse-checkout", "set", "src")
        let head = try made.ask { try $0.head() }
        #expect(head == .branch(RawName("main"), try made.object("main")))
    }

    @Test func `a damaged repository is said to be damaged`() throws {
        let made = try TestRepository.sample()
        let hex = try made.id("main^{tree}")
        let place = ".git/objects/\(hex.prefix(2))/\(hex.dropFirst(2))"
        try made.shell("chmod u+w \(place) && printf garbage > \(place)")
        let error = try failure { _ = try made.checkOut(hex) }
        #expect(error.kind == .corrupt)
        #expect(error.hint.contains("git fsck"))
    }

    @Test func `another's repository is not trusted`() throws {
        // Only who is root can give a folder away.
        let made = try TestRepository.sample()
        guard try made.shell("id -u") == "0" else { return }
        try made.shell("chown -R 12345 .")
        let error = try failure { _ = try Repository.open(at: made.path) }
        #expect(error.kind == .notOwned)
        #expect(error.description.contains(made.path))
        #expect(error.hint.contains("as the owner of that folder"))
    }

    @Test func `a configuration that points at other files is refused`() throws {
        let made = try TestRepository.sample()
        let other = try Folder()
        try made.git("config", "core.worktree", other.path)
        let error = try failure { _ = try Repository.open(at: made.path) }
        #expect(error.kind == .unsupported)
        #expect(error.problem.contains("core.worktree"))
        #expect(error.problem.contains(other.path))
    }
}
