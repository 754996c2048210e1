import Git
import Support
import Testing

@Suite("Names of commits") struct NamingTests {
    private func resolve(_ name: String, in made: TestRepository) throws -> Repository.Resolved {
        try made.ask { try $0.resolve(name) }
    }

    @Test func `a branch, a tag, a full ref, digits and HEAD are found`() throws {
        let made = try TestRepository.sample()
        try made.git("tag", "light", "main~1")
        try made.git("tag", "-a", "-m", "annotated", "v1.0", "main~1")
        let main = try made.object("main")
        let first = try made.object("main~1")
        let rows: [(String, ObjectID, String?)] = [
            ("HEAD", main, "refs/heads/main"),
            ("main", main, "refs/heads/main"),
            ("refs/heads/main", main, "refs/heads/main"),
            ("light", first, "refs/tags/light"),
            ("v1.0", first, "refs/tags/v1.0"),
            (first.description, first, nil),
            (String(first.description.prefix(9)), first, nil),
            (first.description.prefix(9).uppercased(), first, nil),
            (try made.id("v1.0"), first, nil),
        ]
        for (name, commit, reference) in rows {
            let found = try resolve(name, in: made)
            #expect(found.commit == commit, "\(name)")
            #expect(found.reference == reference.map { RawName($0) }, "\(name)")
        }
    }

    @Test(
        "a name is never an expression",
        arguments: [
            "main~1", "HEAD^", ":/Say", "main@{0}", "HEAD^{/Say}", "-x", "", "..", "main:README",
            "main\u{0}", "refs/heads/../heads/main", "refs/heads/main.lock", "@", "--all", "abc",
        ])
    func expression(name: String) throws {
        let made = try TestRepository.sample()
        let error = try failure { _ = try resolve(name, in: made) }
        #expect(error.kind == .unknownName)
        #expect(error.problem == "no branch, tag or commit has that name")
    }

    @Test(
        "a hostile name of a branch is only a name",
        arguments: ["-x", "--upload-pack=x", "`id`", "$(id)", "a;b", "ünï", "x'y\"z", "a\u{202e}b"])
    func hostile(name: String) throws {
        let made = try TestRepository.sample()
        try made.git("update-ref", "refs/heads/\(name)", "main")
        #expect(try resolve(name, in: made).commit == made.object("main"))
        let names = try made.ask { try $0.references() }.map(\.name)
        #expect(names.contains(RawName("refs/heads/\(name)")))
    }

    @Test func `a ref whose name is no text is listed byte for byte`() throws {
        let made = try TestRepository.sample()
        try made.shell("git update-ref \"$(printf 'refs/heads/caf\\351')\" main")
        let names = try made.ask { try $0.references() }.map(\.name)
        let name = RawName(Array("refs/heads/caf".utf8) + [0xE9])
        #expect(names == [name, RawName("refs/heads/main")])
        #expect(name.text == nil)
        #expect(name.description == "refs/heads/caf\\xe9")
    }

    @Test func `refs are listed with what they stand for, and broken ones hide nothing`() throws {
        let made = try TestRepository.sample()
        try made.git("tag", "-a", "-m", "annotated", "v1")
        try made.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
        try made.git("pack-refs", "--all")
        try made.git("branch", "later", "main~1")
        try made.shell("echo nonsense > .git/refs/heads/broken")
        let references = try made.ask { try $0.references() }
        let expected = [
            Reference(
                name: RawName("refs/heads/alias"), target: .name(RawName("refs/heads/main"))),
            Reference(
                name: RawName("refs/heads/later"), target: .object(try made.object("main~1"))),
            Reference(name: RawName("refs/heads/main"), target: .object(try made.object("main"))),
            Reference(name: RawName("refs/tags/v1"), target: .object(try made.object("v1"))),
        ]
        #expect(references == expected)
    }

    @Test func `a branch and a tag of one name are told apart by the one who asks`() throws {
        let made = try TestRepository.sample()
        try made.git("branch", "v1", "main")
        try made.git("tag", "v1", "main~1")
        let error = try failure { _ = try resolve("v1", in: made) }
        #expect(error.kind == .ambiguousName)
        #expect(error.hint == "write 'refs/heads/v1' or 'refs/tags/v1'")
        #expect(try resolve("refs/tags/v1", in: made).commit == made.object("main~1"))
    }

    @Test func `digits that begin two objects are not enough`() throws {
        let made = try TestRepository()
        // Two of these begin alike: there are more of them than 4 digits tell apart.
        let list = (0..<700).map { "blob\nmark :\($0 + 1)\ndata <<E\n\($0)\nE\n" }.joined()
        try made.git("fast-import", "--quiet", input: list)
        try made.commit("Begin")
        let ids = try made.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
        let groups = Dictionary(grouping: ids.split(separator: "\n")) { $0.prefix(4) }
        let prefix = try #require(groups.first { $0.value.count > 1 }?.key)
        let error = try failure { _ = try resolve(String(prefix), in: made) }
        #expect(error.kind == .ambiguousName)
        #expect(error.hint == "write more of them")
    }

    @Test func `a file is no commit`() throws {
        let made = try TestRepository.sample()
        let file = try made.id("main:README")
        let error = try failure { _ = try resolve(file, in: made) }
        #expect(error.problem == "it is a file or a folder, and no commit")
    }

    @Test func `a repository without a commit says so`() throws {
        let made = try TestRepository()
        for name in ["HEAD", "main"] {
            let error = try failure { _ = try resolve(name, in: made) }
            #expect(error.kind == .noCommit)
            #expect(error.problem == "the repository has no commit yet")
        }
        #expect(try made.ask { try $0.head() } == .unborn(RawName("main")))
    }

    @Test func `a commit that is checked out by itself is on no branch`() throws {
        let made = try TestRepository.sample()
        try made.git("checkout", "-q", "--detach", "main~1")
        #expect(try made.ask { try $0.head() } == .detached(try made.object("main~1")))
        #expect(try resolve("HEAD", in: made).reference == nil)
    }
}
