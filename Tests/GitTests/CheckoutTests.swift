import Git
import Support
import Testing

@Suite("Checking out a tree") struct CheckoutTests {
    private func list(_ folder: Folder) throws -> String {
        let format = "%M %P %l\\n"
        let script = "find \"$1\" -mindepth 1 -printf '\(format)' | sort -k2"
        return try Program.run(["/bin/sh", "-c", script, "sh", folder.path]).output
    }

    @Test func `files, programs, links and folders are as they were committed`() throws {
        let made = try TestRepository.sample()
        let out = try made.checkOut("main^{tree}")
        #expect(
            try list(out.folder) == """
                -rw-r--r-- README \n\
                drwxr-xr-x src \n\
                drwxr-xr-x src/deep \n\
                -rw-r--r-- src/deep/file \n\
                lrwxrwxrwx src/link run
                -rwxr-xr-x src/run \n
                """)
        #expect(try out.folder.text(of: "README") == "hello\n")
        #expect(out.result.entries == 6)
    }

    @Test func `a sealed tree can be read by all and written by nobody`() throws {
        let made = try TestRepository.sample()
        let out = try made.checkOut("main^{tree}", modes: .sealed)
        #expect(
            try list(out.folder) == """
                -r--r--r-- README \n\
                dr-xr-xr-x src \n\
                dr-xr-xr-x src/deep \n\
                -r--r--r-- src/deep/file \n\
                lrwxrwxrwx src/link run
                -r-xr-xr-x src/run \n
                """)
        _ = try Program.run(["/bin/chmod", "-R", "u+w", out.folder.path])
    }

    @Test func `nothing is converted on the way`() throws {
        let made = try TestRepository()
        try made.write("* text=auto eol=crlf ident\n", to: ".gitattributes")
        try made.write("$Id$\nline\n", to: "file")
        try made.commit("Ask for other line ends")
        let out = try made.checkOut("main^{tree}")
        #expect(try out.folder.text(of: "file") == "$Id$\nline\n")
    }

    @Test func `links that lead outside are kept as they are and followed by nobody`() throws {
        let made = try TestRepository()
        let victim = try Folder()
        try made.shell("ln -s / root; ln -s ../../.. up; ln -s \(victim.path) victim")
        try made.commit("Lead outside")
        let out = try made.checkOut("main^{tree}")
        #expect(try list(out.folder).contains("victim \(victim.path)\n"))
        #expect(try list(out.folder).contains("root /\n"))
    }

    @Test func `names that are no text come out byte for byte`() throws {
        let made = try TestRepository()
        try made.shell("printf x > \"$(printf 'b\\377d')\"; printf y > \"$(printf 'new\\nline')\"")
        try made.commit("Name badly")
        let out = try made.checkOut("main^{tree}")
        let names = try Program.run(
            ["/bin/sh", "-c", "cd \"$1\" && ls --quoting-style=escape", "sh", out.folder.path])
        #expect(names.output == "b\\377d\nnew\\nline\n")
    }

    @Test func `names that differ only in case are two files`() throws {
        let made = try TestRepository()
        try made.shell("echo a > readme; echo b > README; mkdir A; echo c > A/x; ln -s / a")
        try made.commit("Fold")
        let out = try made.checkOut("main^{tree}")
        #expect(try out.folder.text(of: "readme") == "a\n")
        #expect(try out.folder.text(of: "README") == "b\n")
        #expect(try out.folder.text(of: "A/x") == "c\n")
    }

    @Test func `another repository's place is an empty folder and is reported`() throws {
        let made = try TestRepository.sample()
        let commit = try made.id("main")
        try made.git("update-index", "--add", "--cacheinfo", "160000,\(commit),libs/inner")
        try made.git("commit", "-qm", "Add inner")
        let out = try made.checkOut("main^{tree}")
        #expect(
            out.result.submodules == [
                Submodule(path: RawName("libs/inner"), commit: try made.object("main~1"))
            ])
        #expect(try list(out.folder).contains("drwxr-xr-x libs/inner \n"))
    }

    @Test func `what Git LFS left in a file's place is reported`() throws {
        let made = try TestRepository()
        try made.write(
            """
            version https://git-lfs.github.com/spec/v1
            oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
            size 12345\n
            """, to: "big.bin")
        try made.write("version https://example.org\n", to: "small")
        try made.commit("Add a pointer")
        #expect(try made.checkOut("main^{tree}").result.pointers == [RawName("big.bin")])
    }

    @Test func `a folder that is not empty is left as it is`() throws {
        let made = try TestRepository.sample()
        let target = try Folder()
        try target.write("mine", to: "README")
        let tree = try made.object("main^{tree}")
        let error = try failure {
            try made.ask { repository in
                let folder = try OpenFolder.open(target.path)
                _ = try repository.checkOut(tree: tree, into: folder)
            }
        }
        #expect(error.operation == "make file '\(target.path)/README'")
        #expect(error.problem == "File exists")
        #expect(try target.text(of: "README") == "mine")
    }

    @Test func `what is missing is named with its path`() throws {
        let made = try TestRepository.sample()
        let hex = try made.id("main:src/deep/file")
        try made.shell("rm -f .git/objects/\(hex.prefix(2))/\(hex.dropFirst(2))")
        let error = try failure { _ = try made.checkOut("main^{tree}") }
        #expect(error.kind == .missingObject)
        #expect(error.operation.hasPrefix("read 'src/deep/file' of tree "))
    }
}
