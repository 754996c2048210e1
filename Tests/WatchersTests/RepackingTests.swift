import Couriers
import Git
import Glibc
import Support
import Testing
import Watchers

@Suite("Packs of a mirror") struct RepackingTests {
    @Test(
        "are put into one when they are many, and that is worth it",
        arguments: [
            ([], false), (Array(repeating: 100, count: 49), false),
            (Array(repeating: 100, count: 50), true),
            // Fifty small ones beside a large one: all of that would be written for little.
            ([100_000] + Array(repeating: 100, count: 50), false),
            ([100_000] + Array(repeating: 100, count: 250), true),
            ([1 << 29] + Array(repeating: 100, count: 499), true),
            ([1 << 30] + Array(repeating: 100, count: 499), false),
        ] as [([Int], Bool)])
    func due(sizes: [Int], isDue: Bool) {
        #expect(PackTally(sizes).isDue == isDue)
    }

    /// A mirror after a force-push, with what was there before, wanted and not, in packs of their
    /// own.
    private struct Scene {
        let home: Folder
        let mirror: String
        let wanted: ObjectID
        let unwanted: ObjectID
        let tips: [ObjectID]

        init() throws {
            let repository = try TestRepository.sample()
            let home = try Folder()
            let mirror = home.file("mirror")
            self.home = home
            self.mirror = mirror
            let address = try RemoteAddress(parsing: repository.path)
            func fetch() throws -> ObjectID {
                let into = try Repository.mirror(at: mirror)
                let remote = try Remote.connect(to: address, Access(), for: into)
                try remote.fetch(try remote.refs().refs.map(\.name))
                return try #require(ObjectID(try repository.id("main")))
            }
            try repository.git("tag", "-a", "-m", "One", "v1")
            let first = try fetch()
            func rewritten(_ text: String) throws -> ObjectID {
                try repository.write(text, to: "README")
                try repository.git("commit", "-q", "-a", "--amend", "-m", text)
                return try fetch()
            }
            wanted = try rewritten("wanted")
            unwanted = try rewritten("unwanted")
            tips = [first, try rewritten("last")]
        }

        var packs: [String] {
            get throws { try files(".pack") }
        }

        func files(_ end: String) throws -> [String] {
            try OpenFolder.open("\(mirror)/objects/pack").names().map(\.description)
                .filter { $0.hasSuffix(end) }
        }

        func repack(cutAfter last: Int? = nil) throws {
            try Mirror.repack(
                mirror, keeping: [wanted],
                step: { number throws(GitError) in
                    guard number == last else { return }
                    throw GitError(.other, "go on", problem: "the power is gone", hint: "")
                })
        }

        /// Until nobody reads there. A test that starts a program just then holds our lock for as
        /// long as its child has our files open.
        func repackWhenAlone() throws {
            for _ in 0..<1_000 {
                try repack()
                if try packs.count == 1 { return }
            }
        }

        /// The same, up to a step at which the power goes.
        func repackWhenAlone(cutAfter step: Int) throws {
            for _ in 0..<1_000 {
                do { try repack(cutAfter: step) } catch { return }
            }
            Issue.record("it was never cut after step \(step)")
        }

        /// Whether the commit and all its files are there.
        func has(_ commit: ObjectID) throws -> Bool {
            let said = try Program.run([
                "/usr/bin/git", "-C", mirror, "-c", "safe.directory=*", "rev-list", "--objects",
                commit.description,
            ])
            return said.code == 0
        }

        func isWhole() throws -> Bool {
            try (tips + [wanted]).allSatisfy { try has($0) }
                && Program.run([
                    "/usr/bin/git", "-C", mirror, "-c", "safe.directory=*", "fsck", "--full",
                ]).code == 0
        }
    }

    @Test func `become one, and what no ref and no execution needs is gone`() throws {
        let scene = try Scene()
        try #require(try scene.packs.count == 4)
        try #require(try scene.has(scene.unwanted))
        try scene.repackWhenAlone()
        #expect(try scene.packs.count == 1)
        #expect(try scene.files(".idx").count == 1)
        #expect(try scene.isWhole())
        #expect(try !scene.has(scene.unwanted))
        // Once more harms nothing.
        try scene.repack()
        #expect(try scene.packs.count == 1)
        #expect(try scene.isWhole())
    }

    @Test("are whole wherever that is cut short", arguments: 1...14)
    func cut(step: Int) throws {
        let scene = try Scene()
        try scene.repackWhenAlone(cutAfter: step)
        #expect(try scene.isWhole())
        // As whoever comes next does it.
        try Mirror.sweep(scene.mirror)
        #expect(try scene.isWhole())
        #expect(try scene.packs.count == scene.files(".idx").count)
        try scene.repackWhenAlone()
        #expect(try scene.packs.count == 1)
        #expect(try scene.isWhole())
    }

    @Test func `stay while somebody reads there`() throws {
        let scene = try Scene()
        let before = try scene.packs
        let reader = unsafe open("\(scene.mirror).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        try #require(flock(reader, LOCK_SH) == 0)
        try scene.repack()
        #expect(try scene.packs == before)
        #expect(try scene.has(scene.unwanted))
        close(reader)
        try scene.repackWhenAlone()
        #expect(try scene.packs.count == 1)
    }

    @Test func `are put into one by a watcher that finds nothing new`() throws {
        let repository = try TestRepository.sample()
        let house = try WatchHouse()
        try house.define("shop", repository.path)
        let first = try repository.id("main")
        house.wait("the first look") { $0.executions.count == 1 && $0.looks.count == 1 }
        let address = try RemoteAddress(parsing: repository.path)
        let mirror = house.trees.mirror(of: address)
        let many = """
            for n in $(seq \(PackTally.many)); do
                echo $n | git hash-object -w --stdin | git pack-objects -q objects/pack/pack
            done
            find objects -type f -path 'objects/??/*' -delete
            """
        let made = try Program.run([
            "/usr/bin/env", "-C", mirror, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory",
            "GIT_CONFIG_VALUE_0=*", "/bin/sh", "-euc", many,
        ])
        try #require(made.code == 0, "\(made.errors)")
        func packs() throws -> Int {
            try OpenFolder.open("\(mirror)/objects/pack").names()
                .count { $0.description.hasSuffix(".pack") }
        }
        try #require(try packs() > PackTally.many)
        // The second look begins when the first is over, with all that it has to tidy.
        for count in 2...3 {
            house.watcher.hint(address)
            house.wait("look \(count)") { $0.looks.count >= count }
        }
        #expect(try packs() == 1)
        #expect(house.now.words.isEmpty)
        let tree = try house.trees.folder(of: first)
        #expect(try Program.run(["/bin/cat", "\(tree)/README"]).output == "hello\n")
    }
}
