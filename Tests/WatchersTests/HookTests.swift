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
        let message = try Self.message(of: repository, lines: "", ["USER": "eve"])
        try HookSocket.tell(message, at: house.home.file("hook.sock"))
        let commit = try Self.push(to: repository)
        let told = try Self.message(
            of: repository, lines: "0 \(commit) refs/heads/main\n", ["USER": "eve"])
        try HookSocket.tell(told, at: house.home.file("hook.sock"))
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
        let message = HookMessage(
            repository: "/elsewhere", address: transport.address.description,
            lines: "0 \(commit) refs/heads/main\n", environment: ["GL_USERNAME": "eve"])
        try HookSocket.tell(message, at: house.home.file("hook.sock"))
        house.wait("the push") { $0.executions.count == 2 }
        #expect(house.now.created.last?.1.authors.contains("eve") == true)
    }

    @Test func `a server that is not there keeps nobody waiting`() throws {
        let folder = try Folder()
        let message = HookMessage(repository: "/x", address: nil, lines: "", environment: [:])
        #expect(throws: GitError.self) { try HookSocket.tell(message, at: folder.file("none")) }
        let long = folder.file(String(repeating: "x", count: 200))
        #expect(throws: GitError.self) { try HookSocket.tell(message, at: long) }
        #expect(throws: GitError.self) { try HookSocket.listen(at: long) }
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
            (["USER": "git", "GITEA_PUSHER_NAME": "eve"], "eve"), ([:], nil),
            (["REMOTE_USER": "", "LOGNAME": "eve"], "eve"),
        ] as [([String: String], String?)])
    func pusher(environment: [String: String], expected: String?) {
        let message = HookMessage(
            repository: "/x", address: nil, lines: "a b refs/heads/main\n", environment: environment
        )
        #expect(message.pushes == [Push(ref: "refs/heads/main", commit: "b", pusher: expected)])
        #expect(HookMessage(parsing: message.bytes) == message)
    }

    @Test func `what a hook says is bounded, and damage says nothing`() throws {
        let lines = (0..<100_000).map { "a b refs/heads/\($0)" }.joined(separator: "\n")
        let message = HookMessage(repository: "/x", address: nil, lines: lines, environment: [:])
        #expect(message.bytes.count <= HookMessage.maximumLength)
        #expect(message.pushes.count == HookMessage.maximumPushes)
        let whole = HookMessage(
            repository: "/x", address: nil, lines: "a b r\n", environment: ["USER": "a\u{1B}[2Jb"])
        #expect(HookMessage(parsing: whole.bytes)?.pushes.first?.pusher == "a[2Jb")
        for count in 0..<whole.bytes.count {
            _ = HookMessage(parsing: Array(whole.bytes.prefix(count)))
        }
        #expect(HookMessage(parsing: Array("hello".utf8)) == nil)
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
                == "hook tell --socket /nowhere/hook.sock --address https://x/y "
                + "\(repository.path)\n\(line)")
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

    @Test func `nothing is installed where there is no repository`() throws {
        #expect(throws: GitError.self) { try HookScript(of: try Folder().path) }
    }

    private static func message(
        of repository: TestRepository, lines: String, _ environment: [String: String]
    ) throws -> HookMessage {
        HookMessage(
            repository: repository.path, address: nil, lines: lines, environment: environment)
    }

    private static func push(to repository: TestRepository) throws -> String {
        let work = try TestRepository.sample()
        try work.git("push", "-q", repository.path, "main")
        return try work.id("main")
    }
}
