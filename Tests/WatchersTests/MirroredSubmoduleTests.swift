import Couriers
import Git
import Glibc
import Support
import Testing

@Suite("Submodules of what was fetched") struct MirroredSubmoduleTests {
    @Test("are fetched from beside their parent", arguments: [Transport.Kind.folder, .git, .ssh])
    func beside(kind: Transport.Kind) throws {
        let (parent, inner) = try Self.nested(written: "../inner")
        let scene = try Scene(try Transport.open(kind, to: parent))
        let tree = try scene.tree(try Self.fetched(parent, scene))
        #expect(try scene.read("\(tree)/lib/README") == "hello\n")
        #expect(try scene.read("\(tree)/lib/deep/README") == "hello\n")
        _ = inner
    }

    @Test(
        "are no way to folders of the server's machine",
        arguments: ["INNER", "file://INNER", "../../../../etc", "./../../inner"])
    func folders(written: String) throws {
        let (parent, inner) = try Self.nested(written: written)
        let scene = try Scene(try Transport.open(.folder, to: parent))
        let commit = try Self.fetched(parent, scene)
        let error = try #require(scene.failure { _ = try scene.tree(commit) })
        #expect(error.problem.contains("it names a folder of the server's machine"))
        _ = inner
    }

    @Test func `that their remote does not have are told`() throws {
        let (parent, inner) = try Self.nested(written: "../inner")
        try parent.shell(
            "git update-index --cacheinfo 160000,\(String(repeating: "1", count: 40)),lib")
        try parent.git("commit", "-q", "-m", "Wrong")
        let scene = try Scene(try Transport.open(.folder, to: parent))
        let commit = try Self.fetched(parent, scene)
        let error = try #require(scene.failure { _ = try scene.tree(commit) })
        #expect(error.problem.hasPrefix("no branch or tag of '\(parent.folder.path)/inner'"))
        _ = inner
    }

    @Test func `without an address are told`() throws {
        let (parent, inner) = try Self.nested(written: "../inner")
        try parent.shell("git rm -q --cached .gitmodules; git commit -q -m Gone")
        let scene = try Scene(try Transport.open(.folder, to: parent))
        let commit = try Self.fetched(parent, scene)
        let error = try #require(scene.failure { _ = try scene.tree(commit) })
        #expect(error.problem == "'.gitmodules' does not tell its address")
        _ = inner
    }

    @Test(
        "have addresses that are reckoned from their parent's",
        arguments: [
            ("https://h/team/shop.git", "../lib.git", "https://h/team/lib.git"),
            ("https://h/team/shop", "./lib", "https://h/team/shop/lib"),
            ("https://h:8/a/b/c", "../../x/y", "https://h:8/a/x/y"),
            ("git@h:team/shop.git", "../lib.git", "git@h:team/lib.git"),
            ("ssh://git@h/srv/shop", "https://other/lib", "https://other/lib"),
            ("/srv/git/shop.git", "../lib.git", "/srv/git/lib.git"),
        ])
    func addresses(parent: String, written: String, expected: String) throws {
        let address = try RemoteAddress(parsing: parent).submodule(written)
        #expect(address.description == expected)
    }

    @Test(
        "have no other addresses",
        arguments: [
            ("https://h/shop.git", "../../x"), ("https://h/shop.git", "/srv/x"),
            ("https://h/shop.git", "file:///srv/x"), ("https://h/shop.git", "ext::sh"),
            ("https://h/shop.git", "-x"), ("/srv/git/shop.git", "../../x"),
        ])
    func refused(parent: String, written: String) throws {
        let address = try RemoteAddress(parsing: parent)
        #expect(throws: GitError.self) { try address.submodule(written) }
    }

    @Test func `are listed as git writes them`() {
        let list = ModuleList(
            parsing: """
                # ours
                [submodule "a b"]
                \tpath = lib/a
                \turl = "https://h/\\"a\\"" 
                [submodule "c"]
                  URL=../c
                  path = c
                  branch = main
                [submodule "d"]
                  path = d
                """)
        #expect(list.address(of: RawName("lib/a")) == "https://h/\"a\"")
        #expect(list.address(of: RawName("c")) == "../c")
        #expect(list.address(of: RawName("d")) == nil)
    }

    /// A repository with a submodule, which has one itself; all of them beside one another.
    private static func nested(
        written: String
    ) throws -> (parent: TestRepository, inner: String) {
        let parent = try TestRepository.sample()
        let inner = "\(parent.folder.path)/inner"
        let deepest = "\(parent.folder.path)/deepest"
        for path in [inner, deepest] {
            try TestRepository.git(["clone", "-q", parent.path, path], in: parent.folder.path)
        }
        try link(deepest, into: inner, at: "deep", written: "../deepest")
        let text = written.replacing("INNER", with: inner)
        try link(inner, into: parent.path, at: "lib", written: text)
        return (parent, inner)
    }

    private static func link(
        _ other: String, into folder: String, at place: String, written: String
    ) throws {
        let id = try TestRepository.git(["rev-parse", "HEAD"], in: other)
        let text = "[submodule \"\(place)\"]\n\tpath = \(place)\n\turl = \(written)\n"
        let blob = try TestRepository.git(
            ["hash-object", "-w", "--stdin"], in: folder, input: text)
        for entry in ["160000,\(id),\(place)", "100644,\(blob),.gitmodules"] {
            try TestRepository.git(
                ["update-index", "--add", "--cacheinfo", entry], in: folder)
        }
        try TestRepository.git(["commit", "-q", "-m", "Link"], in: folder)
    }

    private static func fetched(_ repository: TestRepository, _ scene: Scene) throws -> String {
        _ = try scene.look()
        _ = try scene.courier.ask(.fetch(["refs/heads/main"]))
        return try repository.id("main")
    }
}
