import Addresses
import Couriers
import Git
import Glibc
import Support
import Testing

@Suite("A courier") struct CourierTests {
    @Test("brings what a remote has, by each way there is", arguments: Transport.Kind.allCases)
    func fetching(kind: Transport.Kind) throws {
        let repository = try TestRepository.sample()
        try repository.git("tag", "-a", "-m", "One", "v1")
        try repository.git("branch", "other", "HEAD~1")
        let scene = try Scene(try Transport.open(kind, to: repository))
        let refs = try scene.look()
        let tip = try repository.id("main")
        #expect(refs.head == "refs/heads/main")
        #expect(
            refs.refs.map { "\($0.name) \($0.commit)" } == [
                "refs/heads/main \(tip)", "refs/heads/other \(try repository.id("main~1"))",
                "refs/tags/v1 \(tip)",
            ])
        #expect(try scene.courier.ask(.fetch(["refs/heads/main", "refs/tags/v1"])) == .done)
        let news = try scene.news(tip)
        #expect(news.message == "Add a program\n\nWith a body.\n")
        #expect(news.people == ["Ada Example <ada@example.org>"])
        #expect(news.commits.map(\.description) == [tip, try repository.id("main~1")])
        #expect(news.paths == ["README", "src/deep/file", "src/link", "src/run"])
        let tree = try scene.tree(tip)
        #expect(try scene.read("\(tree)/src/deep/file") == "deep\n")
    }

    @Test("sees what was pushed since", arguments: Transport.Kind.allCases)
    func again(kind: Transport.Kind) throws {
        let repository = try TestRepository.sample()
        let scene = try Scene(try Transport.open(kind, to: repository))
        let before = try #require(ObjectID(try repository.id("main")))
        _ = try scene.look()
        _ = try scene.courier.ask(.fetch(["refs/heads/main"]))
        try repository.shell("git checkout -q -b side; echo x > side; git add side")
        try repository.commit("Aside")
        try repository.shell("git checkout -q main; echo y > README; git commit -q -a -m Own")
        try repository.shell("git merge -q --no-ff -m Merged side")
        _ = try scene.look()
        _ = try scene.courier.ask(.fetch(["refs/heads/main"]))
        let news = try scene.news(try repository.id("main"), before: before)
        #expect(news.paths == ["README", "side"])
        #expect(news.commits.count == 3)
    }

    @Test(
        "lists what a remote has without a mirror, and fetches nothing then",
        arguments: Transport.Kind.allCases)
    func listing(kind: Transport.Kind) throws {
        let repository = try TestRepository.sample()
        try repository.git("tag", "-a", "-m", "One", "v1")
        let scene = try Scene(try Transport.open(kind, to: repository))
        let refs = try scene.look(mirrors: false)
        #expect(unsafe access(scene.home.file("mirror"), F_OK) != 0)
        #expect(scene.failure { _ = try scene.courier.ask(.fetch(["refs/heads/main"])) } != nil)
        #expect(try scene.look() == refs)
        #expect(refs.refs.map(\.name) == ["refs/heads/main", "refs/tags/v1"])
    }

    @Test func `compares a new branch with where it parts from the others`() throws {
        let repository = try TestRepository.sample()
        let scene = try Scene(try Transport.open(.folder, to: repository))
        let main = try #require(ObjectID(try repository.id("main")))
        try repository.shell("git checkout -q -b side; echo x > side; git add side")
        try repository.commit("Aside")
        _ = try scene.look()
        _ = try scene.courier.ask(.fetch(["refs/heads/main", "refs/heads/side"]))
        let news = try scene.news(try repository.id("side"), seen: [main])
        #expect(news.paths == ["side"])
        #expect(news.commits.count == 1)
    }

    @Test func `cannot compare with a commit that is gone, and says so`() throws {
        let repository = try TestRepository.sample()
        let scene = try Scene(try Transport.open(.folder, to: repository))
        _ = try scene.look()
        _ = try scene.courier.ask(.fetch(["refs/heads/main"]))
        let gone = ObjectID(String(repeating: "1", count: 40))
        #expect(try scene.news(try repository.id("main"), before: gone).paths == nil)
    }

    @Test func `sees that an empty repository has nothing`() throws {
        let scene = try Scene(try Transport.open(.git, to: try TestRepository(bare: true)))
        #expect(try scene.look().refs == [])
    }

    @Test func `knows a tag of a file from a damaged mirror`() throws {
        let repository = try TestRepository.sample()
        try repository.shell("git tag file HEAD:README")
        let scene = try Scene(try Transport.open(.folder, to: repository))
        let refs = try scene.look()
        _ = try scene.courier.ask(.fetch(["refs/tags/file"]))
        let file = try #require(refs.refs.last { $0.name == "refs/tags/file" })
        #expect(scene.failure { _ = try scene.news(file.commit.description) }?.kind == .unknownName)
    }

    @Test func `is given up when a remote says nothing, and the next one is not harmed`() throws {
        let scene = try Scene(try Transport.silent(), silence: .milliseconds(300))
        let error = try #require(scene.failure { _ = try scene.look() })
        #expect(error.kind == .timedOut)
        #expect(error.operation == "look at '\(scene.transport.address)'")
        #expect(scene.courier.isSpent)
        let other = try Scene(try Transport.open(.git, to: try TestRepository.sample()))
        #expect(try other.look().refs.count == 1)
    }

    @Test func `survives a remote that goes away in the middle of a pack`() throws {
        let repository = try TestRepository.sample()
        try repository.shell("head -c 300000 /dev/urandom > large")
        try repository.commit("Large")
        let transport = try Transport.git(repository, through: "dd bs=1 count=20000 status=none")
        let scene = try Scene(transport)
        _ = try scene.look()
        let error = scene.failure { _ = try scene.courier.ask(.fetch(["refs/heads/main"])) }
        #expect(error?.kind == .unreachable)
        // What came is of no use, and does no harm.
        let mended = try Scene(try Transport.git(repository), home: scene.home)
        _ = try mended.look(sweeps: true)
        #expect(try mended.courier.ask(.fetch(["refs/heads/main"])) == .done)
        #expect(try mended.news(try repository.id("main")).commits.count == 3)
    }

    @Test func `takes off the locks of one that was killed`() throws {
        let repository = try TestRepository.sample()
        let scene = try Scene(try Transport.open(.folder, to: repository))
        _ = try scene.look()
        let locks = ["refs/heads/main.lock", "packed-refs.lock", "objects/pack/tmp_pack_x"]
        for lock in locks { try scene.home.write("", to: "mirror/\(lock)") }
        _ = try scene.look()
        #expect(scene.failure { _ = try scene.courier.ask(.fetch(["refs/heads/main"])) } != nil)
        _ = try scene.look(sweeps: true)
        #expect(try scene.courier.ask(.fetch(["refs/heads/main"])) == .done)
        for lock in locks { #expect(unsafe access(scene.home.file("mirror/\(lock)"), F_OK) != 0) }
    }

    @Test func `a tree of an earlier start of the machine is made anew`() throws {
        let repository = try TestRepository.sample()
        let scene = try Scene(try Transport.open(.folder, to: repository))
        _ = try scene.look()
        _ = try scene.courier.ask(.fetch(["refs/heads/main"]))
        let tip = try repository.id("main")
        let tree = try scene.tree(tip, boot: "one")
        // As a power failure leaves what was never written out.
        #expect(unsafe truncate("\(tree)/README", 0) == 0)
        #expect(try scene.tree(tip, boot: "one") == tree)
        #expect(try scene.read("\(tree)/README") == "")
        #expect(try scene.tree(tip, boot: "two") == tree)
        #expect(try scene.read("\(tree)/README") == "hello\n")
    }
}

/// A courier, and a remote that it is sent to.
struct Scene {
    let transport: Transport
    let courier: Courier
    let home: Folder

    /// The program as it was built, beside the tests.
    static let program: String = {
        let folder = CommandLine.arguments[0].split(
            separator: "/", omittingEmptySubsequences: false)
        return folder.dropLast().joined(separator: "/") + "/slipway-courier"
    }()

    init(_ transport: Transport, silence: Duration = .seconds(20), home: Folder? = nil) throws {
        self.transport = transport
        self.home = try home ?? Folder()
        courier = try Courier.start(
            Self.program, patience: .init(silence: silence, whole: .seconds(60)))
    }

    func look(
        policy: AddressPolicy = AddressPolicy(allowing: [.loopback]), access: Access? = nil,
        at address: RemoteAddress? = nil, sweeps: Bool = false, mirrors: Bool = true
    ) throws -> RemoteRefs {
        let look = CourierJob.Look(
            address ?? transport.address, access ?? transport.access, FetchPolicy(policy),
            mirror: mirrors ? home.file("mirror") : nil, sweeps: sweeps)
        guard case .refs(let refs) = try courier.ask(.look(look)) else { throw Misheard() }
        return refs
    }

    func news(_ tip: String, before: ObjectID? = nil, seen: [ObjectID] = []) throws -> News {
        let question = CourierJob.Question(
            mirror: home.file("mirror"), tip: try #require(ObjectID(tip)), before: before,
            seen: seen, wantsPaths: true)
        guard case .news(let news) = try courier.ask(.news(question)) else { throw Misheard() }
        return news
    }

    func tree(_ commit: String, boot: String = "this") throws -> String {
        let writing = CourierJob.Writing(
            mirror: home.file("mirror"), commit: try #require(ObjectID(commit)),
            trees: home.file("trees"), boot: boot, from: transport.address, transport.access,
            FetchPolicy(AddressPolicy(allowing: [.loopback])), submodules: home.file("submodules"))
        guard case .tree(let path, _) = try courier.ask(.write(writing)) else { throw Misheard() }
        return path
    }

    func read(_ path: String) throws -> String {
        try Program.run(["/bin/cat", path]).output
    }

    func failure(_ body: () throws -> Void) -> GitError? {
        do {
            try body()
            return nil
        } catch {
            return error as? GitError
        }
    }

    struct Misheard: Error {}
}
