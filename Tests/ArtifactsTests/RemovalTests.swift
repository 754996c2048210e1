import Artifacts
import FoundationEssentials
import Glibc
import Support
import Testing

@Suite("Removing what others have written") struct RemovalTests {
    private let folder: Folder
    private let store: ArtifactStore

    init() throws {
        folder = try Folder()
        store = try ArtifactStore(at: folder.file("store"), boot: "first")
    }

    private func shell(_ script: String) throws -> String {
        let said = try Program.run(["/bin/sh", "-euc", "cd '\(folder.path)'; " + script])
        try #require(said.code == 0, "\(said.errors)")
        return said.output
    }

    @Test(
        "thousands of folders are gone, wide and deep",
        arguments: [
            "for i in $(seq 12000); do echo many/$i; done | xargs mkdir -p",
            "python3 -c 'import os\nfor i in range(12000):\n "
                + "os.mkdir(\"many\");os.chdir(\"many\")'",
        ])
    func wide(script: String) throws {
        _ = try shell(script)
        store.discard(folder.file("many"))
        #expect(try shell("ls -A . store/trash") == ".:\nstore\n\nstore/trash:\n")
    }

    @Test func `what a killed process left half done is removed by the next, and nothing else`()
        throws
    {
        _ = try shell(
            "mkdir -p out store/staging/1-1/tree/a store/trash/1-2/b/c; echo x > out/f; "
                + "echo x > store/trash/1-3")
        let digest = try store.collect("out", from: folder.path, over: [])
        store.sweep()
        #expect(try shell("ls -A store/staging store/trash") == "store/staging:\n\nstore/trash:\n")
        #expect(try store.digests() == [digest])
    }

    @Test(
        "a workspace that has used up all inodes is removed all the same",
        .enabled(if: getuid() == 0, "only root can make so small a disk"))
    func inodes() throws {
        let script = """
            mkdir disk; mount -t tmpfs -o nr_inodes=40,size=1m small disk
            mkdir disk/store disk/store/trees disk/store/staging disk/store/trash
            mkdir -p disk/workspace/a/b/c disk/workspace/d
            i=0; while : 2>/dev/null >disk/workspace/a/b/f$i; do i=$((i + 1)); done; echo $i
            """
        // A shell ends where a redirection of ':' fails, so it is one of its own.
        _ = try shell("sh -c '\(script)' || true")
        defer { _ = try? shell("umount disk") }
        let small = try ArtifactStore(at: folder.file("disk/store"), boot: "first")
        small.discard(folder.file("disk/workspace"))
        #expect(try shell("ls disk disk/store/trash") == "disk:\nstore\n\ndisk/store/trash:\n")
    }
}
