import Support
import Testing

/// Rows of the escape suite (`Trials/escapes`), which looks these tests up by their numbers: what
/// the house does with what it is given, seen from outside.
@Suite("What a pipeline must not bring about") struct EscapeTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        try folder.write("hello\n", to: "greeting")
    }

    private func shell(_ script: String) throws -> Program.Result {
        let git = "git -c user.name=Ada -c user.email=ada@example.com"
        return try Program.run([
            "/bin/sh", "-c", "cd '\(folder.path)' && git() { command \(git) \"$@\"; } && \(script)",
        ])
    }

    private func run(
        _ actions: String, name: String = "shop", file: String = "pipeline.yml",
        _ options: String = ""
    ) throws -> Program.Result {
        try folder.write(
            "name: \(name)\nsources: { app: { git: . } }\nstages:\n  - name: try\n    actions:\n"
                + actions.split(separator: "\n").map { "      \($0)\n" }.joined(), to: file)
        return try shell("'\(Slipway.path)' run --home home \(options) \(file)")
    }

    @Test(
        arguments: [
            "ext::sh -c touch% marker", "ext::sh", "-u./x", "--upload-pack=touch", "fd::17/foo",
            "ssh://-oProxyCommand=touch/x", "ssh://git@-oProxyCommand=touch/x", "rsync://host/x",
        ])
    func `E57: an address that is an option, a program or no way to a repository is refused`(
        address: String
    ) throws {
        try folder.write(
            "name: shop\nsources: { app: { git: '\(address)' } }\n"
                + "stages: [ { name: a, actions: { b: { run: 'true' } } } ]\n", to: "pipeline.yml")
        let said = try shell("'\(Slipway.path)' lint pipeline.yml")
        #expect(said.code == 2)
        #expect(said.output.contains("1 error") || said.errors.contains("error:"))
    }

    @Test(
        arguments: [
            "ext::sh -c 'touch marker'", "file:///", "-u./x", "ssh://-oProxyCommand=touch/x",
        ])
    func `E57: a submodule's address is never followed`(address: String) throws {
        try folder.write("[submodule \"s\"]\n\tpath = s\n\turl = \(address)\n", to: ".gitmodules")
        let made = try shell(
            "git init -q -b main . && git add .gitmodules greeting && "
                + "git commit -qm first && git update-index --add --cacheinfo "
                + "160000,$(git rev-parse HEAD),s && git commit -qm second")
        #expect(made.code == 0, "\(made.errors)")
        let said = try run("a: { run: ls }")
        #expect(said.code != 0)
        #expect(said.errors.contains("submodule 's'") && said.errors.contains("not checked out"))
        #expect(try shell("test -e marker").code == 1)
    }

    @Test func `E59: git never runs where a stage has written`() throws {
        let marker = folder.file("marker")
        let said = try run(
            """
            write:
              run: |
                mkdir -p .git/hooks out/.git/objects out/.git/refs
                printf '[core]\\n\\tfsmonitor = touch \(marker)\\n' > .git/config
                cp .git/config out/.git/config
                echo 'ref: refs/heads/main' | tee .git/HEAD > out/.git/HEAD
              outputs: { tree: out }
            read: { after: write, inputs: [tree, app], run: 'cat .git/config' }
            """)
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(said.output.contains("fsmonitor = touch"))
        #expect(try shell("test -e marker").code == 1)
    }

    @Test(
        arguments: ["-x", "a;$(id)`id`", "a'b\"c", "--upload-pack=touch", "${HOME}"])
    func `E60: what a branch is called reaches a command as a value, and nothing else`(name: String)
        throws
    {
        let quoted = name.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''")
        let made = try shell(
            "git init -q -b main . && git add greeting && git commit -qm first && "
                + "git update-ref 'refs/heads/\(quoted)' HEAD && "
                + "git symbolic-ref HEAD 'refs/heads/\(quoted)'")
        #expect(made.code == 0, "\(made.errors)")
        let said = try run(
            "show: { run: 'printf \"<%s|%s>\" \"$NAME\" \"$SLIPWAY_REF\"', "
                + "environment: { NAME: '#{app.branch}' } }")
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(said.output.contains("<\(name)|refs/heads/\(name)>"))
    }

    @Test(
        arguments: [
            "https://one.example%0ahost=two.example/x", "https://one.example/%0D%0Ax",
            "\"https://one.example\\nhost=two.example/x\"", "https://one.example%00/x",
        ])
    func `E62: a line's end in an address is refused, written out or not`(address: String) throws {
        try folder.write(
            "name: shop\nsources: { app: { git: \(address) } }\n"
                + "stages: [ { name: a, actions: { b: { run: 'true' } } } ]\n", to: "pipeline.yml")
        let said = try shell("'\(Slipway.path)' lint pipeline.yml")
        #expect(said.code == 2)
        #expect("\(said.output)\(said.errors)".contains("is no address of a repository"))
    }

    @Test func `E63: what a repository's settings hold is neither kept nor shown`() throws {
        let made = try shell(
            """
            git init -q -b main . && git add greeting && git commit -qm first && \
            git remote add origin https://ada:t0ken-in-url@git.example.com/shop.git && \
            git config http.extraHeader 'Authorization: Basic t0ken-in-url' && \
            printf 't0ken-in-url' > .git/FETCH_HEAD
            """)
        #expect(made.code == 0, "\(made.errors)")
        let said = try run("look: { run: 'ls -A; grep -r t0ken-in[-]url . || echo nothing' }")
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(said.output.contains("look | nothing\n") && !said.output.contains("| .git\n"))
        #expect(try shell("grep -rl t0ken-in-url home").output == "")
    }

    @Test func `E64: a bare repository in the tree is files, and none of its settings is used`()
        throws
    {
        let marker = folder.file("marker")
        let made = try shell(
            """
            git init -q -b main . && git init -q --bare tree/inner && \
            git -C tree/inner config core.fsmonitor 'touch \(marker)' && \
            git -C tree/inner config core.worktree .. && echo x > tree/file && \
            git add greeting tree && git commit -qm first
            """)
        #expect(made.code == 0, "\(made.errors)")
        let said = try run("look: { run: 'cat tree/inner/config tree/file' }")
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(said.output.contains("fsmonitor = touch"))
        #expect(try shell("test -e marker").code == 1)
    }

    @Test func `E68: a secret is hidden in each of the forms that tools give it`() throws {
        try folder.write("p4$$w0rd/with+more \"signs\"\n", to: "secret")
        let said = try run(
            """
            show:
              secrets: token
              run: |
                python3 - <<'EOF'
                import base64, json, urllib.parse
                value = open("/run/secrets/token", "rb").read()
                text = value.decode()
                for pad in range(3):
                    print("base64", base64.b64encode(b"x" * pad + value).decode())
                print("url", urllib.parse.quote(text, safe=""), urllib.parse.quote_plus(text))
                print("hex", value.hex(), value.hex().upper())
                print("json", json.dumps(text))
                print("plain", text)
                EOF
            """, "--secret token=secret")
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        let lines = said.output.split(separator: "\n").filter { $0.contains("show | ") }
        #expect(lines.count == 7)
        for line in lines { #expect(line.contains("***"), "\(line)") }
        let forms = ["p4$$w0rd", "cDQkJHcwcmQ", "7034242477307264", "p4%24%24w0rd"]
        for form in forms { #expect(!said.output.contains(form)) }
        #expect(try shell("grep -rlF 'p4$$w0rd' home --exclude-dir=sources").output == "")
    }

    @Test func `E69: an action cannot change what another has made or how it ended`() throws {
        let said = try run(
            """
            make: { run: 'mkdir out; echo right > out/f', outputs: { made: out } }
            spoil:
              after: make
              inputs: [app, made]
              run: |
                ! sh -c 'echo wrong > /inputs/made/f' 2>/dev/null
                ! rm -f /inputs/made/f 2>/dev/null
                ! chmod 777 /inputs/made 2>/dev/null
                echo succeeded > report; echo made=wrong >> "$SLIPWAY_EXPORTS"
                ls / | tr '\\n' ' '; test ! -e /run/slipway/report
                exit 9
            """)
        #expect(said.code == 1)
        #expect(said.output.contains("try/spoil failed: exit code 9"))
        let read = try run(
            """
            make: { run: 'mkdir out; echo right > out/f', outputs: { made: out } }
            read: { after: make, inputs: [app, made], run: cat /inputs/made/f }
            """)
        #expect(read.output.contains("read | right\n"))
        #expect(try shell("'\(Slipway.path)' audit verify --home home").code == 0)
    }

    @Test func `E70: what one pipeline keeps in a cache is a miss for every other`() throws {
        let use = """
            use:
              run: mkdir -p deps; cat deps/x || echo cold; echo poisoned > deps/x
              caches: { path: deps, key: one }
            """
        #expect(try run(use, name: "fork", file: "fork.yml").output.contains("| cold\n"))
        #expect(try run(use, name: "fork", file: "fork.yml").output.contains("| poisoned\n"))
        #expect(try run(use, name: "release", file: "release.yml").output.contains("| cold\n"))
    }
}
