import Sources
import Support
import Testing

@Suite("Submodules of a local source") struct SubmoduleTests {
    /// A repository with another in 'libs/inner'.
    private func nested() throws -> (inner: TestRepository, outer: TestRepository) {
        let inner = try TestRepository(named: "inner")
        try inner.write("inner\n", to: "file")
        try inner.commit("Begin")
        let outer = try TestRepository.sample()
        try outer.git("submodule", "--quiet", "add", inner.path, "libs/inner")
        try outer.commit("Add inner")
        return (inner, outer)
    }

    @Test func `the local checkout's commit is included`() throws {
        let (_, outer) = try nested()
        let cache = try Cache()
        let seen = try outer.look()
        #expect(seen.changes == 0)
        let tree = try cache.tree(seen)
        #expect(
            try list(tree + "/libs") == ["dr-xr-xr-x inner", "-r--r--r-- inner/file"])
        #expect(try mode(of: tree + "/libs/inner") == 0o555)
    }

    @Test func `changes in the local checkout make another version`() throws {
        let (_, outer) = try nested()
        try outer.write("changed\n", to: "libs/inner/file")
        let seen = try outer.look()
        #expect(seen.changes == 1)
        let cache = try Cache()
        #expect(try text(try cache.tree(seen) + "/libs/inner/file") == "changed\n")
    }

    @Test func `one that is not checked out is an error that names it`() throws {
        let (_, outer) = try nested()
        try outer.git("submodule", "--quiet", "deinit", "--force", "libs/inner")
        let cache = try Cache()
        let error = try failure { _ = try cache.tree(try outer.look()) }
        #expect(
            error.description == """
                cannot use submodule 'libs/inner' of '\(outer.path)': it is not checked out in \
                '\(outer.path)'
                  hint: run 'git submodule update --init --recursive' in '\(outer.path)'
                """)
        #expect(try list(cache.trees.folder + "/sealed") == [])
    }

    @Test func `a checkout without the commit is an error that names it`() throws {
        let (_, outer) = try nested()
        let gone = String(repeating: "1", count: 40)
        try outer.git("update-index", "--cacheinfo", "160000,\(gone),libs/inner")
        try outer.git("commit", "-qm", "Point nowhere")
        let cache = try Cache()
        let error = try failure { _ = try cache.tree(try outer.look("main")) }
        #expect(error.problem == "its checkout does not have commit \(gone)")
    }

    @Test func `a link in its place is not taken for it`() throws {
        let (inner, outer) = try nested()
        try outer.shell("rm -rf libs/inner; ln -s \(inner.path) libs/inner")
        let cache = try Cache()
        let error = try failure { _ = try cache.tree(try outer.look("main")) }
        #expect(error.operation == "use submodule 'libs/inner' of '\(outer.path)'")
    }

    @Test func `one inside another is included too`() throws {
        let (inner, middle) = try nested()
        defer { withExtendedLifetime(inner) {} }
        let outer = try TestRepository(named: "outermost")
        try outer.git("submodule", "--quiet", "add", middle.path, "middle")
        try outer.git("submodule", "--quiet", "update", "--init", "--recursive")
        try outer.commit("Add middle")
        let cache = try Cache()
        let tree = try cache.tree(try outer.look())
        #expect(try text(tree + "/middle/libs/inner/file") == "inner\n")
        try outer.write("new", to: "new")
        let snapshot = try cache.tree(try outer.look())
        #expect(try text(snapshot + "/middle/libs/inner/file") == "inner\n")
    }
}
