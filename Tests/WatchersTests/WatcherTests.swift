import Engine
import Git
import Glibc
import Pipelines
import Support
import Testing
import Watchers
import Watching

@Suite("A watcher", .serialized) struct WatcherTests {
    @Test func `a pipeline starts with what is there, and again with each push that is heard`()
        throws
    {
        let repository = try TestRepository.sample()
        let house = try WatchHouse()
        try house.define("shop", repository.path)
        let first = try repository.id("main")
        house.wait("the first look") { $0.executions == ["shop \(first)"] }
        #expect(house.watcher.status.map(\.isHeard) == [true])
        try repository.shell("echo x > x; git add x; git commit -q -m x")
        let second = try repository.id("main")
        house.wait("the second") { $0.executions == ["shop \(first)", "shop \(second)"] }
        // From packed refs alone.
        try repository.shell("git pack-refs --all; git commit -q --allow-empty -m y")
        let third = try repository.id("main")
        house.wait("the third") { $0.executions.last == "shop \(third)" }
        let folder = try house.trees.folder(of: second)
        #expect(try Program.run(["/bin/cat", "\(folder)/x"]).output == "x\n")
        #expect(try house.trees.folder(of: second) == folder)
    }

    @Test func `a source without the credential of another sees nothing by it`() throws {
        let repository = try TestRepository.sample()
        let house = try WatchHouse()
        try house.define("shop", repository.path, "branches: [main], credential: key")
        let first = try repository.id("main")
        house.wait("the first look") { $0.executions == ["shop \(first)"] }
        try house.define("spy", repository.path)
        house.wait("the refusal") { told in
            told.words.contains { word in
                guard case .unusable(let source, let error) = word else { return false }
                return source.description == "spy/app" && error.kind == .unauthorized
            }
        }
        try repository.shell("git commit -q --allow-empty -m x")
        let second = try repository.id("main")
        house.wait("the second") { $0.executions == ["shop \(first)", "shop \(second)"] }
    }

    @Test func `what happens to a branch is seen for what it is`() throws {
        let repository = try TestRepository.sample()
        let house = try WatchHouse()
        try house.define("shop", repository.path, "branches: ['**'], tags: ['v*']")
        house.wait("the first look") { $0.notes.count == 1 }
        try repository.shell(
            "for n in $(seq 500); do git commit -q --allow-empty -m $n; done; git tag -a -m 1 v1")
        let many = try repository.id("main")
        house.wait("500 commits and a tag") { told in
            told.created.contains { $0.1.ref == "refs/heads/main" && $0.1.commit == many }
                && told.created.contains { $0.1.ref == "refs/tags/v1" && $0.1.commit == many }
        }
        try repository.shell("git reset -q --hard HEAD~400")
        try repository.git("commit", "-q", "--allow-empty", "--amend", "-m", "rewritten")
        let rewritten = try repository.id("main")
        house.wait("the force-push") { $0.created.last?.1.commit == rewritten }
        #expect(house.now.created.last?.1.message == "rewritten\n")
        try repository.shell("git checkout -q --detach; git branch -q -D main")
        house.wait("the deletion") { $0.notes.last == "refs/heads/main: it is gone" }
        let before = house.now.created.count
        try repository.shell("git branch -q main")
        house.wait("the branch made anew") { $0.created.count == before + 1 }
        #expect(house.now.created.last?.1.commit == rewritten)
    }

    @Test func `the first push to an empty repository starts an execution`() throws {
        let repository = try TestRepository()
        let house = try WatchHouse()
        try house.define("shop", repository.path)
        house.wait("the first look") { $0.notes.count == 1 }
        try repository.commit("First")
        house.wait("the first push") { $0.executions.count == 1 }
    }

    @Test func `a merge counts by what it brings in`() throws {
        let repository = try TestRepository.sample()
        let house = try WatchHouse()
        try house.define("shop", repository.path, "branches: [main], paths: ['src/**']")
        house.wait("the first look") { $0.executions.count == 1 }
        try repository.shell("git checkout -q -b side; echo x > side; git add side")
        try repository.commit("Outside")
        try repository.shell("git checkout -q main; git merge -q --no-ff -m Outside side")
        house.wait("a merge of what does not count") {
            $0.notes == ["refs/heads/main: it changes none of the files that count"]
        }
        try repository.shell("git checkout -q side; echo x > src/x; git add src")
        try repository.commit("Inside")
        try repository.shell("git checkout -q main; git merge -q --no-ff -m Inside side")
        house.wait("a merge of what counts") { $0.executions.count == 2 }
    }

    @Test func `a remote is asked once, however many pipelines watch it`() throws {
        let repository = try TestRepository.sample()
        let transport = try Transport.git(repository)
        let house = try WatchHouse()
        for number in 0..<10 { try house.define("p\(number)", transport.address.description) }
        house.wait("all first looks") { $0.executions.count == 10 }
        try repository.commit("More")
        let before = transport.connections
        house.watcher.hint(transport.address)
        house.wait("all second looks") { $0.executions.count == 20 }
        #expect(transport.connections == before + 1)
    }

    @Test func `remotes that hang keep nobody else waiting, and no server from going down`() throws
    {
        let silent = try Transport.silent()
        let repository = try TestRepository.sample()
        let house = try WatchHouse()
        for number in 0..<20 {
            try house.define("p\(number)", silent.address.description + "/\(number)")
        }
        try house.define("shop", repository.path)
        house.wait("the first look") { $0.executions.count == 1 }
        try repository.commit("More")
        house.wait("the second") { $0.executions.count == 2 }
        // None of those that hang has been given up yet: nobody waited for that.
        #expect(house.now.words == [])
        house.watcher.stop()
    }

    @Test func `a remote that was down is asked again, and all of it is seen at once`() throws {
        var plan = Rota.Plan()
        plan.backOff = .milliseconds(20)
        plan.longestBackOff = .milliseconds(100)
        plan.interval = .seconds(3_600)
        let repository = try TestRepository.sample()
        let away = "\(repository.path)-away"
        let house = try WatchHouse(plan: plan)
        try house.define("shop", repository.path)
        house.wait("the first look") { $0.executions.count == 1 }
        #expect(unsafe rename(repository.path, away) == 0)
        house.watcher.hint(try RemoteAddress(parsing: repository.path))
        house.wait("three failures") { told in
            told.words.contains { if case .failed(_, _, 3) = $0 { true } else { false } }
        }
        for word in house.now.words {
            guard case .failed(_, let error, _) = word else { continue }
            #expect(error.kind == .notARepository, "\(error)")
        }
        try TestRepository.git(["commit", "-q", "--allow-empty", "-m", "1"], in: away)
        try TestRepository.git(["commit", "-q", "--allow-empty", "-m", "2"], in: away)
        #expect(unsafe rename(away, repository.path) == 0)
        house.wait("the return") {
            $0.executions.count == 2 && $0.words.last == .recovered(remote: repository.path)
        }
        #expect(house.now.executions.last == "shop \(try repository.id("main"))")
    }

    @Test func `what nobody told of is found by asking`() throws {
        var plan = Rota.Plan()
        plan.interval = .milliseconds(20)
        let repository = try TestRepository.sample()
        let transport = try Transport.open(.git, to: repository)
        let house = try WatchHouse(plan: plan)
        try house.define("shop", transport.address.description)
        house.wait("the first execution") { $0.executions.count == 1 }
        try repository.commit("Next")
        house.wait("the second execution") { $0.executions.count == 2 }
        #expect(house.now.executions.last == "shop \(try repository.id("main"))")
        #expect(house.now.words == [])
    }

    @Test func `one that hangs all at once keeps nobody waiting who was asked together with it`()
        throws
    {
        var plan = Rota.Plan()
        plan.interval = .milliseconds(50)
        let repositories = try (0..<3).map { _ in try TestRepository.sample() }
        let sign = repositories[1].folder.file("hang")
        // Only the second one looks for the sign.
        let hanging = "{ while [ -e '\(sign)' ]; do sleep 0.1; done; cat; }"
        let transports = try repositories.enumerated().map { number, repository in
            try Transport.git(repository, through: number == 1 ? hanging : nil)
        }
        let house = try WatchHouse(plan: plan)
        for (number, transport) in transports.enumerated() {
            try house.define("p\(number)", transport.address.description)
        }
        house.wait("all first looks") { $0.executions.count == 3 }
        try repositories[1].folder.write("", to: "hang")
        for number in [0, 2] { try repositories[number].commit("More") }
        house.wait("the pushes to the others") { $0.executions.count == 5 }
        for number in [0, 2] { try repositories[number].commit("Still more") }
        house.wait("the next pushes to the others") { $0.executions.count == 7 }
        #expect(house.now.words == [])
        house.watcher.stop()
    }

    @Test func `what could not be recorded is seen again`() throws {
        var plan = Rota.Plan()
        plan.backOff = .milliseconds(10)
        let repository = try TestRepository.sample()
        let house = try WatchHouse(plan: plan)
        house.refuse(3)
        try house.define("shop", repository.path)
        house.wait("the first look") { $0.executions.count == 1 }
    }

    @Test func `a damaged mirror is made anew`() throws {
        let repository = try TestRepository.sample()
        let house = try WatchHouse()
        try house.define("shop", repository.path)
        house.wait("the first look") { $0.executions.count == 1 }
        let mirrors = house.home.file("mirrors")
        _ = try Program.run(
            ["/bin/sh", "-c", "chmod -R u+w '\(mirrors)'; rm -r '\(mirrors)'/*/objects/*"])
        try repository.commit("More")
        house.wait("the second look") { $0.executions.count == 2 }
    }

    @Test func `another start of the machine makes trees anew, and old ones go`() throws {
        let repository = try TestRepository.sample()
        let house = try WatchHouse()
        try house.define("shop", repository.path)
        house.wait("the first look") { $0.executions.count == 1 }
        let commit = try repository.id("main")
        let folder = try house.trees.folder(of: commit)
        house.watcher.stop()
        #expect(unsafe truncate("\(folder)/README", 0) == 0)
        let later = try WatchHouse(boot: "next", home: house.home)
        #expect(try later.trees.folder(of: commit) == folder)
        #expect(try Program.run(["/bin/cat", "\(folder)/README"]).output == "hello\n")
        #expect(try later.trees.retire(keeping: [commit], inUse: []) == 0)
        #expect(try later.trees.retire(keeping: [], inUse: []) == 1)
        #expect(throws: GitError.self) { try later.trees.folder(of: commit) }
    }

    @Test("a repository of another user's is read", .enabled(if: getuid() == 0))
    func owner() throws {
        let repository = try TestRepository.sample()
        _ = try Program.run(["/bin/chown", "-R", "65534:65534", repository.path])
        let house = try WatchHouse()
        try house.define("shop", repository.path)
        house.wait("the first look") { $0.executions.count == 1 }
        _ = try Program.run(["/bin/chown", "-R", "0:0", repository.path])
    }

    @Test func `an address that is none is told, with the source that has it`() throws {
        let house = try WatchHouse()
        try house.define("shop", ".")
        house.wait("the word") { $0.words.count == 1 }
        guard case .unusable(let source, let error)? = house.now.words.first else { return }
        #expect(source.description == "shop/app")
        #expect(error.kind == .address)
    }
}
