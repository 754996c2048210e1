import Attempts
import Engine
import Git
import Glibc
import Pipelines
import Support
import Testing
import Watchers
import Watching

@Suite("Hooks") struct HookTests {
    @Test func `a hook tells of a push and who it was`() throws {
        let repository = try TestRepository(bare: true)
        let house = try WatchHouse(hooks: true)
        try house.define("shop", repository.path)
        house.wait("the first look") { $0.notes.count == 1 }
        let commit = try Self.push(to: repository)
        try Self.tell(
            house.home.file("hook.sock"), repository.path, by: "eve",
            "0 \(commit) refs/heads/main\n")
        house.wait("the push") { $0.executions == ["shop \(commit)"] }
    }

    @Test func `a hook may name the address by which pipelines know its repository`() throws {
        let repository = try TestRepository.sample()
        let transport = try Transport.git(repository)
        let house = try WatchHouse(hooks: true)
        try house.define("shop", transport.address.description)
        house.wait("the first look") { $0.executions.count == 1 }
        try repository.commit("More")
        let commit = try repository.id("main")
        try Self.tell(
            house.home.file("hook.sock"), "/elsewhere", transport.address.description, by: "eve",
            "0 \(commit) refs/heads/main\n")
        house.wait("the push") { $0.executions.count == 2 }
        #expect(house.now.created.last?.1.authors.contains("eve") == true)
    }

    @Test func `a server that is not there keeps nobody waiting`() throws {
        let folder = try Folder()
        let none = try Program.run([Self.teller, folder.file("none"), "/x"])
        #expect(none.code == 4)
        #expect(
            none.errors == "slipway-tell: cannot tell the server: No such file or directory\n")
        let long = folder.file(String(repeating: "x", count: 200))
        let refused = try Program.run([Self.teller, long, "/x"])
        #expect(refused.code == 4)
        #expect(
            refused.errors
                == "slipway-tell: cannot tell the server: the path of its socket is too long\n")
        #expect(throws: GitError.self) { try HookSocket.listen(at: long) }
    }

    @Test func `what never ends is not waited for either`() throws {
        let folder = try Folder()
        let pipe = folder.file("pipe")
        let waited = try Program.run([
            "/bin/sh", "-c",
            "mkfifo '\(pipe)' && exec 3<>'\(pipe)' && { '\(Self.teller)' /none /x <&3; echo $?; }",
        ])
        #expect(waited.output == "\(128 + SIGALRM)\n")
    }

    @Test func `only the server's user and group may speak to its socket`() throws {
        let folder = try Folder()
        let socket = try HookSocket.listen(at: folder.file("hook.sock"))
        #expect(try mode(of: folder.file("hook.sock")) == 0o660)
        _ = socket
    }

    @Test(
        "who pushed is taken from whoever knows best",
        arguments: [
            (["USER": "git"], "git"), (["USER": "git", "GL_USERNAME": "eve"], "eve"),
            (["USER": "git", "GITEA_PUSHER_NAME": "eve"], "eve"), ([:], ""),
            (["REMOTE_USER": "", "LOGNAME": "eve"], "eve"),
            (["SLIPWAY_PUSHER": "$(id) \"eve\"", "GL_USERNAME": "x"], "$(id) \"eve\""),
        ] as [([String: String], String)])
    func pusher(environment: [String: String], expected: String) throws {
        let folder = try Folder()
        let (part, who) = (folder.file("part"), folder.file("who"))
        try folder.write(
            "printf %s \"$SLIPWAY_PUSHER\" > '\(part)'; /bin/mv '\(part)' '\(who)'\n", to: "tell")
        let script = HookScript.text(
            program: "/bin/sh", socket: folder.file("tell"), repository: "/x", address: nil)
        // The hook does not wait for it; here it is waited for.
        try folder.write(script + "until [ -e '\(who)' ]; do :; done\n", to: "hook")
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let ran = try Program.run(
            ["/usr/bin/env", "-i"] + variables + ["/bin/sh", folder.file("hook")])
        #expect(ran.code == 0)
        #expect(try folder.text(of: "who") == expected)
    }

    @Test func `what a hook says is bounded, and damage says nothing`() throws {
        let lines = (0..<100_000).map { "a b refs/heads/\($0)\n" }.joined()
        let folder = try Folder()
        let socket = try HookSocket.listen(at: folder.file("hook.sock"))
        try Self.tell(folder.file("hook.sock"), "/x", by: "eve", lines)
        let message = try #require(socket.heard().first)
        #expect(message.repository == "/x")
        #expect(message.pushes.count == HookMessage.maximumPushes)
        #expect(message.pushes.last == Push(ref: "refs/heads/199", commit: "b", pusher: "eve"))

        var fields = Fields()
        fields.add("repository", "/x")
        fields.add("pusher", "a\u{1B}[2Jb")
        fields.add("lines", "a b r\n")
        #expect(HookMessage(parsing: fields.bytes)?.pushes.first?.pusher == "a[2Jb")
        for count in 0..<fields.bytes.count {
            _ = HookMessage(parsing: Array(fields.bytes.prefix(count)))
        }
        fields.add("lines", String(repeating: "a b r\n", count: 10_000))
        #expect(HookMessage(parsing: fields.bytes) == nil)
        #expect(HookMessage(parsing: Array("hello".utf8)) == nil)
    }

    @Test func `a line that is cut off is not told`() throws {
        let folder = try Folder()
        let socket = try HookSocket.listen(at: folder.file("hook.sock"))
        let long = "a b refs/heads/" + String(repeating: "x", count: 30_000)
        try Self.tell(folder.file("hook.sock"), "/x", by: "", "a b refs/heads/main\n\(long)\n")
        let message = try #require(socket.heard().first)
        #expect(message.pushes == [Push(ref: "refs/heads/main", commit: "b", pusher: nil)])
    }

    @Test func `another hook goes on to be run, and comes back when ours is removed`() throws {
        let repository = try TestRepository(bare: true)
        let own = "\(repository.path)/hooks/post-receive"
        try repository.shell(
            "printf '#!/bin/sh\\ncat >> heard; exit 3\\n' > hooks/post-receive; "
                + "chmod +x hooks/post-receive")
        let before = try Program.run(["/bin/cat", own]).output
        let script = try HookScript(of: repository.path)
        let program = repository.folder.file("it's-slipway")
        try repository.folder.write(
            "#!/bin/sh\ncd '\(repository.path)'; (echo \"$@\"; cat) >> told; : > done\n",
            to: "it's-slipway")
        #expect(unsafe chmod(program, 0o755) == 0)
        let text = HookScript.text(
            program: program, socket: "/nowhere/hook.sock", repository: repository.path,
            address: "https://x/y")
        #expect(try script.install(text) == .installed(besides: own + ".before-slipway"))
        #expect(try script.install(text) == .replaced)
        #expect(script.isInstalled)
        let commit = try Self.push(to: repository)
        let line = "\(String(repeating: "0", count: 40)) \(commit) refs/heads/main\n"
        #expect(try repository.shell("cat heard") + "\n" == line)
        // It is not waited for by the push; here it is.
        try repository.shell("until [ -e done ]; do :; done")
        #expect(
            try repository.shell("cat told") + "\n"
                == "/nowhere/hook.sock \(repository.path) https://x/y\n\(line)")
        #expect(try script.remove() == .removed(restored: true))
        #expect(try Program.run(["/bin/cat", own]).output == before)
        #expect(try script.remove() == .absent)
        #expect(unsafe access(own + ".before-slipway", F_OK) != 0)
    }

    @Test func `a push through an installed hook starts an execution that knows who it was`() throws
    {
        let repository = try TestRepository(bare: true)
        let house = try WatchHouse(hooks: true)
        let installed = try Program.run([
            Self.slipway, "hook", "install", "--home", house.home.path, repository.path,
        ])
        #expect(installed.output == "installed\n")
        #expect(installed.errors == "")
        try house.define("shop", repository.path)
        house.wait("the first look") { $0.notes.count == 1 }
        let work = try TestRepository.sample()
        try work.shell("GL_USERNAME=eve git push -q '\(repository.path)' main")
        house.wait("the push") { $0.executions.count == 1 }
        #expect(house.now.created.last?.1.authors.contains("eve") == true)
        house.watcher.stop()
        #expect(unsafe access(house.home.file("hook.sock"), F_OK) != 0)
        // Without a server a push is what it always was.
        try work.commit("More")
        #expect(try work.git("push", repository.path, "main") == "")
        let removed = try Program.run([Self.slipway, "hook", "remove", repository.path])
        #expect(removed.output == "removed\n")
    }

    private static let slipway = String(Scene.program.dropLast("-courier".count))
    private static let teller = slipway + "-tell"

    @Test func `nothing is installed where there is no repository`() throws {
        #expect(throws: GitError.self) { try HookScript(of: try Folder().path) }
    }

    /// As a hook does, with these words and this on standard input.
    private static func tell(_ words: String..., by pusher: String, _ lines: String) throws {
        let told = try Program.run(
            ["/usr/bin/env", "SLIPWAY_PUSHER=\(pusher)", teller] + words, input: lines)
        #expect(told.errors == "")
        #expect(told.code == 0)
    }

    private static func push(to repository: TestRepository) throws -> String {
        let work = try TestRepository.sample()
        try work.git("push", "-q", repository.path, "main")
        return try work.id("main")
    }
}
