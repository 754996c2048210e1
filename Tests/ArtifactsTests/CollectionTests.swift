import Artifacts
import FoundationEssentials
import Glibc
import Support
import Testing

@Suite("Collecting an artifact") struct CollectionTests {
    /// A store and a workspace over one layer, made by a script.
    private struct Scene {
        let folder: Folder
        let store: ArtifactStore

        init(_ script: String) throws {
            folder = try Folder()
            store = try ArtifactStore(at: folder.file("store"), boot: "first")
            let made = try Program.run([
                "/bin/sh", "-euc",
                "cd '\(folder.path)'; mkdir -p upper lower; umask 022; " + script,
            ])
            try #require(made.code == 0, "\(made.errors)")
        }

        func collect(_ path: String) throws(ArtifactError) -> String {
            try store.collect(path, from: folder.file("upper"), over: [folder.file("lower")])
        }

        /// The content of an artifact: what `find` says of it, in order.
        func listing(_ digest: String) throws -> String {
            let tree = try store.folder(of: digest)
            let said = try Program.run([
                "/bin/sh", "-euc",
                "cd '\(tree)'; find . -mindepth 1 "
                    + "\\( -type f -printf '%P %m ' -exec cat {} \\; \\) "
                    + "-o -type l -printf '%P -> %l\\n' -o -printf '%P/\\n' | sort",
            ])
            return said.output
        }
    }

    @Test func `a folder is taken with modes, links and empty folders`() throws {
        let scene = try Scene(
            "mkdir -p upper/out/a/empty; echo hi > upper/out/a/f; chmod 4755 upper/out/a/f; "
                + "ln -s a/f upper/out/link; mkfifo upper/other")
        let digest = try scene.collect("out")
        #expect(try scene.listing(digest) == "a/\na/empty/\na/f 755 hi\nlink -> a/f\n")
        #expect(!FileManager.default.fileExists(atPath: scene.folder.file("upper/out")))
    }

    @Test func `a single file becomes a tree with that file`() throws {
        let scene = try Scene("mkdir upper/out; echo hi > upper/out/app; echo no > upper/out/b")
        #expect(try scene.listing(scene.collect("out/app")) == "app 644 hi\n")
    }

    @Test func `what the commands did not touch is taken from the layer, which stays`() throws {
        let scene = try Scene(
            "mkdir -p lower/out/deep upper/out; echo old > lower/out/kept; echo x > lower/out/new; "
                + "echo d > lower/out/deep/f; echo fresh > upper/out/new")
        let listing = try scene.listing(scene.collect("out"))
        #expect(listing == "deep/\ndeep/f 644 d\nkept 644 old\nnew 644 fresh\n")
        #expect(try scene.folder.text(of: "lower/out/kept") == "old\n")
        #expect(try scene.folder.text(of: "lower/out/new") == "x\n")
    }

    @Test(
        "what the commands removed is not brought back",
        .enabled(if: getuid() == 0, "who is not root cannot make what an overlay leaves behind"))
    func removed() throws {
        let scene = try Scene(
            "mkdir -p lower/out/gone lower/out/hidden upper/out/hidden; echo 1 > lower/out/gone/f; "
                + "echo 2 > lower/out/hidden/f; echo 3 > lower/out/kept; "
                + "mknod upper/out/gone c 0 0; echo 4 > upper/out/hidden/g; "
                + "setfattr -n trusted.overlay.opaque -v y upper/out/hidden 2>/dev/null || "
                + "python3 -c 'import os; os.setxattr(\"upper/out/hidden\", "
                + "\"trusted.overlay.opaque\", b\"y\")'")
        #expect(try scene.listing(scene.collect("out")) == "hidden/\nhidden/g 644 4\nkept 644 3\n")
    }

    @Test(
        "what no artifact can hold is refused, and the words tell why",
        arguments: [
            ("mkdir upper/out; ln -s /etc/shadow upper/out/x", "a link to '/etc/shadow', outside"),
            ("mkdir -p upper/out/a; ln -s ../../x upper/out/a/l", "a link to '../../x', outside"),
            ("mkdir upper/out; mkfifo upper/out/p", "'p' in output 'out' is a FIFO"),
            (
                "mkdir upper/out; python3 -c 'import socket; "
                    + "socket.socket(socket.AF_UNIX).bind(\"upper/out/s\")'",
                "'s' in output 'out' is a socket"
            ),
            ("mkdir upper/out; mkfifo \"upper/out/$(printf 'a\\033b')\"", "'a\\u{1b}b' in output"),
            ("mkdir upper/other", "no 'out'; beside it there is 'other'"),
            ("ln -s /etc upper/out", "'out' in output 'out' is a link to '/etc'"),
        ])
    func refused(script: String, words: String) throws {
        let scene = try Scene(script)
        do throws(ArtifactError) {
            _ = try scene.collect("out")
            Issue.record("it was taken")
        } catch {
            #expect(error.description.contains(words), "\(error)")
        }
    }

    @Test func `a link on the way to an output is not followed`() throws {
        let scene = try Scene("ln -s /etc upper/out")
        #expect(throws: ArtifactError.self) { try scene.collect("out/passwd") }
    }

    @Test func `the same content has the same digest, whenever and however it was made`() throws {
        let first = try Scene("mkdir -p upper/out; echo 1 > upper/out/a; echo 2 > upper/out/b")
        let second = try Scene(
            "mkdir -p upper/x lower/x; echo 2 > lower/x/b; echo 1 > upper/x/a; touch -d 2001-01-01 "
                + "upper/x/a")
        let third = try Scene("mkdir -p upper/out; echo 1 > upper/out/a; echo 3 > upper/out/b")
        let digest = try first.collect("out")
        #expect(try second.collect("x") == digest)
        #expect(try third.collect("out") != digest)
    }

    @Test func `content that is there already is kept once`() throws {
        let scene = try Scene("mkdir upper/a upper/b; echo 1 > upper/a/f; echo 1 > upper/b/f")
        #expect(try scene.collect("a") == scene.collect("b"))
        #expect(try scene.store.digests().count == 1)
    }

    @Test func `names that are no text are kept as they are`() throws {
        let scene = try Scene("mkdir upper/out; touch \"upper/out/$(printf 'a\\377\\nb')\"")
        let tree = try scene.store.folder(of: scene.collect("out"))
        let said = try Program.run(["/bin/sh", "-c", "ls '\(tree)' | od -An -c | tr -d ' \\n'"])
        #expect(said.output == "a377\\nb\\n")
    }

    @Test func `what nobody names any more is removed, and nothing else`() throws {
        let scene = try Scene("mkdir upper/a upper/b; echo 1 > upper/a/f; echo 2 > upper/b/f")
        let kept = try scene.collect("a")
        let gone = try scene.collect("b")
        #expect(try scene.store.retire(keeping: [kept]) == 1)
        scene.store.sweep()
        let trash = scene.folder.file("store/trash")
        #expect(try FileManager.default.contentsOfDirectory(atPath: trash) == [])
        #expect(try scene.store.digests() == [kept])
        #expect(throws: ArtifactError.self) { try scene.store.folder(of: gone) }
    }

    @Test func `what was made or found again a moment ago is spared`() throws {
        let scene = try Scene("mkdir upper/a upper/b upper/c; echo 1 | tee upper/a/f > upper/c/f")
        let old = try scene.collect("a")
        let other = try scene.collect("b")
        for digest in [old, other] {
            let tree = scene.folder.file("store/trees/\(digest)")
            _ = try Program.run(["/bin/touch", "-d", "@0", tree])
        }
        #expect(try scene.collect("c") == old)
        #expect(try scene.store.retire(keeping: [], sparing: .seconds(3_600)) == 1)
        #expect(try scene.store.digests() == [old])
        #expect(try scene.store.retire(keeping: []) == 1)
    }

    @Test func `a workspace is removed however its users left it`() throws {
        let scene = try Scene(
            "echo safe > outside; mkdir -p upper/locked/in; echo x > upper/locked/in/f; "
                + "ln -s ../outside upper/link; chmod 0 upper/locked/in; chmod 0 upper/locked; "
                + "python3 -c 'import os\nos.chdir(\"upper\")\nfor i in range(3000):\n "
                + "os.mkdir(\"d\"); os.chdir(\"d\")'")
        scene.store.discard(scene.folder.file("upper"))
        #expect(!FileManager.default.fileExists(atPath: scene.folder.file("upper")))
        #expect(try scene.folder.text(of: "outside") == "safe\n")
    }

    @Test func `after the machine went down an artifact is read before it is used`() throws {
        let scene = try Scene("mkdir upper/a upper/b; echo 1 > upper/a/f; echo 2 > upper/b/f")
        let whole = try scene.collect("a")
        let torn = try scene.collect("b")
        let file = try scene.store.folder(of: torn) + "/f"
        try Data().write(to: URL(filePath: file))
        #expect(throws: Never.self) { try scene.store.folder(of: torn) }
        let later = try ArtifactStore(at: scene.folder.file("store"), boot: "second")
        #expect(try later.folder(of: whole).hasSuffix("\(whole)/tree"))
        do throws(ArtifactError) {
            _ = try later.folder(of: torn)
            Issue.record("it was given out")
        } catch {
            #expect(error.description.contains("run the action again"), "\(error)")
        }
        #expect(try later.digests() == [whole])
    }

    @Test func `what may be damaged does not stand in for what is new`() throws {
        let scene = try Scene("mkdir upper/a upper/b; echo 1 > upper/a/f; echo 1 > upper/b/f")
        let digest = try scene.collect("a")
        let file = try scene.store.folder(of: digest) + "/f"
        try Data().write(to: URL(filePath: file))
        let later = try ArtifactStore(at: scene.folder.file("store"), boot: "second")
        let again = try later.collect("b", from: scene.folder.file("upper"), over: [])
        #expect(again == digest)
        #expect(FileManager.default.contents(atPath: file) == Data("1\n".utf8))
    }

    @Test func `what a house that is gone has left half done is swept`() throws {
        let scene = try Scene(
            "mkdir -p store/staging/1-7/tree/deep store/trash/1-9/d; chmod 0 store/trash/1-9/d; "
                + "echo x > store/staging/1-7/tree/deep/f")
        scene.store.sweep()
        for place in ["staging", "trash"] {
            let left = try FileManager.default.contentsOfDirectory(
                atPath: scene.folder.file("store/\(place)"))
            #expect(left == [])
        }
    }
}
