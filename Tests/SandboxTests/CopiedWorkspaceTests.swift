import Attempts
import FoundationEssentials
import Glibc
import Sandbox
import Support
import Testing

/// In a folder on a file system that no overlay can be laid over: an overlay.
@Suite("Where the workspace can only be a copy") struct CopiedWorkspaceTests {
    /// Runs the attempt with its folder on an overlay, and gives back what that folder has then.
    private func run(_ attempting: Attempting) throws -> AttemptFolder {
        try attempting.prepare()
        for name in ["upper", "work"] {
            #expect(unsafe mkdir(attempting.folder.file(name), 0o755) == 0)
        }
        let here = attempting.folder.path
        let options =
            "lowerdir=\(here)/attempt,upperdir=\(here)/upper,workdir=\(here)/work"
            + (getuid() == 0 ? "" : ",userxattr")
        try Outside.run(
            attempting, after: "mount -t overlay overlay -o \(options) \(here)/attempt",
            network: false)
        return AttemptFolder("\(here)/upper")
    }

    private func layer(_ script: String) throws -> Folder {
        let folder = try Folder()
        #expect(unsafe chmod(folder.path, 0o755) == 0)
        let made = try Program.run(["/bin/sh", "-euc", "cd \"$1\"\n\(script)", "sh", folder.path])
        #expect(made.code == 0, "\(made.errors)")
        return folder
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    @Test func `it begins with what the layers show together, and never changes them`() throws {
        let lower = try layer(
            """
            echo old > file; echo gone > removed; mkdir -p both/deep empty hidden
            echo low > both/low; echo low > both/file; echo no > hidden/never; ln -s file link
            printf '#!/bin/sh\\n' > run; chmod 750 run; touch -d @1000000000 run both
            : > "$(printf 'bad\\377name')"
            """)
        let upper = try layer(
            "mkdir both; echo high > both/file; echo plain > hidden; echo 1 > new")
        var attempting = try Attempting(
            """
            cat file both/file both/low hidden new; readlink link; stat -c '%a %Y %u' run
            stat -c '%a' empty both/deep; ls bad*name | wc -l
            echo changed > file; rm removed; rm -r both
            """)
        attempting.spec.layers = [upper.path, lower.path]
        let folder = try run(attempting)
        let log = try text(folder.log).split(separator: "\n").map(String.init)
        #expect(
            log.first?.hasPrefix("slipway: files are copied before the first step: cannot ") == true
        )
        #expect(
            log.dropFirst() == [
                "old", "high", "low", "plain", "1", "file", "750 1000000000 1000", "755", "755",
                "1",
            ])
        #expect(try text("\(folder.workspace)/file") == "changed\n")
        #expect(!FileManager.default.fileExists(atPath: "\(folder.workspace)/removed"))
        #expect(!FileManager.default.fileExists(atPath: "\(folder.workspace)/both"))
        #expect(FileManager.default.fileExists(atPath: folder.copied))
        #expect(try lower.text(of: "file") == "old\n")
        #expect(try lower.text(of: "removed") == "gone\n")
    }

    @Test func `what it began with is not counted as written`() throws {
        let lower = try layer("head -c 4000000 /dev/zero > big")
        var attempting = try Attempting("sleep 1; head -c 1000000 /dev/zero > more")
        attempting.spec.layers = [lower.path]
        attempting.spec.limits.disk = 3 << 20
        let bytes = try Data(contentsOf: URL(filePath: try run(attempting).report))
        #expect(try AttemptReport(Fields(parsing: Array(bytes))).end == .succeeded)
    }

    @Test func `a layer that no copy can be made of is told of`() throws {
        let lower = try layer("mkfifo pipe")
        var attempting = try Attempting("echo never")
        attempting.spec.layers = [lower.path]
        let bytes = try Data(contentsOf: URL(filePath: try run(attempting).report))
        #expect(
            try AttemptReport(Fields(parsing: Array(bytes))).end
                == .couldNotStart(
                    "cannot copy 'pipe': it is neither a file nor a folder nor a link"))
    }

    @Test func `elsewhere it is none`() throws {
        let lower = try layer("echo old > file")
        var attempting = try Attempting("cat file")
        attempting.spec.layers = [lower.path]
        #expect(try attempting.run().log == "old\n")
        #expect(!FileManager.default.fileExists(atPath: attempting.attempt.copied))
    }
}
