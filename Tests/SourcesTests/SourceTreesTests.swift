import Dispatch
import Sources
import Support
import Synchronization
import Testing

@Suite("Trees of sources") struct SourceTreesTests {
    @Test func `a commit's files are there, to be read by all and written by nobody`() throws {
        let made = try TestRepository.sample()
        let cache = try Cache()
        let tree = try cache.tree(try made.look())
        #expect(
            try list(tree) == [
                "-r--r--r-- README", "dr-xr-xr-x src", "dr-xr-xr-x src/deep",
                "-r--r--r-- src/deep/file", "lrwxrwxrwx src/link run", "-r-xr-xr-x src/run",
            ])
        #expect(try mode(of: tree) == 0o555)
        #expect(try mode(of: cache.trees.folder) == 0o755)
        #expect(try mode(of: cache.trees.folder + "/sealed") == 0o755)
    }

    @Test func `an open tree can be written by its owner`() throws {
        let made = try TestRepository.sample()
        let tree = try Cache(.open).tree(try made.look())
        #expect(tree.contains("/open/"))
        let cache = try Cache(.open)
        let again = try cache.tree(try made.look())
        #expect(try list(again).contains("-rw-r--r-- README"))
        #expect(try mode(of: again) == 0o755)
    }

    @Test func `it is made once`() throws {
        let made = try TestRepository.sample()
        let cache = try Cache()
        let seen = try made.look()
        let first = try cache.tree(seen)
        let inode = try Program.run(["/usr/bin/stat", "-c", "%i", first]).output
        // Another commit with the same files, and the repository gone: nothing has to be read.
        try made.git("commit", "-q", "--allow-empty", "-m", "Nothing new")
        let other = try made.look()
        try made.shell("rm -rf .git")
        #expect(try cache.tree(seen) == first)
        #expect(try cache.tree(other) == first)
        #expect(try Program.run(["/usr/bin/stat", "-c", "%i", first]).output == inode)
    }

    @Test func `changes come along, what was removed and what is ignored does not`() throws {
        let made = try TestRepository.sample()
        try made.write("*.o\n", to: ".gitignore")
        try made.commit("Ignore objects")
        try made.shell("echo changed > README; rm src/deep/file; echo o > x.o; ln -s /nowhere new")
        try made.shell("chmod -x src/run; mkdir more; echo n > more/file; git add more")
        try made.shell("printf x > \"$(printf 'b\\377d')\"")
        let cache = try Cache()
        let tree = try cache.tree(try made.look())
        #expect(
            try list(tree).filter { !$0.contains("b") } == [
                "-r--r--r-- .gitignore", "-r--r--r-- README", "dr-xr-xr-x more",
                "-r--r--r-- more/file", "lrwxrwxrwx new /nowhere", "dr-xr-xr-x src",
                "lrwxrwxrwx src/link run", "-r--r--r-- src/run",
            ])
        #expect(try list(tree).count == 9)
        #expect(try text(tree + "/README") == "changed\n")
    }

    @Test func `a snapshot is addressed by what is in it`() throws {
        let made = try TestRepository.sample()
        let cache = try Cache()
        try made.write("one\n", to: "README")
        let one = try made.look()
        let first = try cache.tree(one)
        try made.write("two\n", to: "README")
        let second = try cache.tree(try made.look())
        #expect(first != second)
        #expect(try cache.tree(one) == first)
        #expect(try text(first + "/README") == "one\n")
        #expect(try text(second + "/README") == "two\n")
    }

    @Test func `files that change under way are not taken for what was looked at`() throws {
        let made = try TestRepository.sample()
        let cache = try Cache()
        try made.write("one\n", to: "README")
        let seen = try made.look()
        try made.write("two\n", to: "README")
        let error = try failure { _ = try cache.tree(seen) }
        #expect(error.problem == "its files have changed since they were looked at")
        #expect(try list(cache.trees.folder + "/sealed") == [])
        #expect(try list(cache.trees.folder + "/making") == [])
    }

    @Test func `a plain folder is copied with its links and empty folders, without git's`() throws {
        let folder = try Folder()
        let script = """
            cd "$1"; mkdir -p empty inner/.git; echo x > inner/file; ln -s ../../etc up
            printf '#!/bin/sh\\n' > run; chmod 750 run; echo y > inner/.git/config
            """
        _ = try Program.run(["/bin/sh", "-ec", script, "sh", folder.path])
        let tree = try Cache()
        let path = try tree.tree(try LocalSource.look(at: folder.path))
        #expect(
            try list(path) == [
                "dr-xr-xr-x empty", "dr-xr-xr-x inner", "-r--r--r-- inner/file", "-r-xr-xr-x run",
                "lrwxrwxrwx up ../../etc",
            ])
    }

    @Test func `a folder that became a link is not followed`() throws {
        let made = try TestRepository.sample()
        let outside = try Folder()
        try outside.write("secret", to: "file")
        try made.shell("rm -rf src/deep; ln -s \(outside.path) src/deep")
        let cache = try Cache()
        let tree = try cache.tree(try made.look())
        #expect(try list(tree).contains("lrwxrwxrwx src/deep \(outside.path)"))
        #expect(try list(tree).contains { $0.contains("deep/file") } == false)
    }

    @Test func `a torn tree from a crash is never taken and goes with the garbage`() throws {
        let made = try TestRepository.sample()
        let cache = try Cache()
        let torn = cache.trees.folder + "/making/torn"
        _ = try Program.run(["/bin/mkdir", "-p", torn + "/tree/src"])
        let seen = try made.look()
        let tree = try cache.tree(seen)
        #expect(try list(tree).count == 6)
        #expect(try cache.trees.removeUnused(keeping: [seen.key]) == 0)
        #expect(try list(cache.trees.folder + "/making") == [])
        #expect(try list(tree).count == 6)
    }

    @Test func `what nobody keeps is removed, sealed or not`() throws {
        let made = try TestRepository.sample()
        let cache = try Cache()
        let old = try made.look(try made.id("main~1"))
        let new = try made.look("main")
        _ = try cache.tree(old)
        let kept = try cache.tree(new)
        #expect(try cache.trees.removeUnused(keeping: [new.key]) == 1)
        #expect(try list(cache.trees.folder + "/discarded") == [])
        #expect(
            try Program.run(["/bin/ls", cache.trees.folder + "/sealed"]).output == new.key + "\n")
        #expect(try list(kept).count == 6)
        #expect(try cache.tree(old) != kept)
    }

    @Test func `who makes the same tree at the same time gets the same one`() throws {
        let made = try TestRepository()
        // Enough that nobody is done before the others have begun.
        try made.shell("for n in $(seq 1000); do echo $n > $n; done")
        try made.commit("Add many")
        let cache = try Cache()
        let trees = cache.trees
        let seen = try made.look()
        let outcomes = Mutex<[Result<String, any Error>]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let outcome = Result { try trees.tree(for: seen).path }
            outcomes.withLock { $0.append(outcome) }
        }
        let paths = try outcomes.withLock { try $0.map { try $0.get() } }
        #expect(paths.count == 4)
        #expect(Set(paths).count == 1)
        #expect(try list(paths[0]).count == 1000)
        #expect(try list(trees.folder + "/making") == [])
    }

    @Test func `Git LFS pointers are warned of, also when the tree was there already`() throws {
        let made = try TestRepository()
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
        for number in 1...7 { try made.write(pointer, to: "big-\(number)") }
        try made.commit("Add pointers")
        let cache = try Cache()
        let words = """
            only Git LFS pointers are there, and not the content, of 7 files: 'big-1', 'big-2', \
            'big-3', 'big-4', 'big-5' and 2 more
            """
        for _ in 1...2 {
            let warnings = try cache.trees.tree(for: try made.look()).warnings
            #expect(warnings.map(\.description) == [words])
        }
        try made.write("new", to: "other")
        for _ in 1...2 {
            let warnings = try cache.trees.tree(for: try made.look()).warnings
            #expect(warnings.map(\.description) == [words])
        }
    }

    @Test func `a repository that happens to lie inside is left out, with a warning`() throws {
        let made = try TestRepository.sample()
        try TestRepository.git(["init", "-q", "other"], in: made.path)
        try made.shell("echo x > other/file; echo y > new")
        let seen = try made.look()
        let expected = "left out, because they are repositories of their own: 'other'"
        #expect(seen.warnings.map(\.description) == [expected])
        let cache = try Cache()
        #expect(try list(try cache.tree(seen)).contains { $0.contains("other") } == false)
    }
}
