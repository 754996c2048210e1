import ImageArchives
import ImageSupport
import Images
import Registry
import Support
import Synchronization
import Testing

@Suite(
    "What another repository of the registry has",
    .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)"))
struct MountTests {
    private let registry: TestRegistry

    init() throws { registry = try #require(TestRegistry.running) }

    /// An image that is in one repository, and its push to another through a proxy.
    private func second(
        _ image: SampleImage, _ fate: @escaping @Sendable (FaultyProxy.Asked) -> FaultyProxy.Fate
    ) throws -> (Pushing, from: Repository) {
        let first = try Pushing(image, at: registry.plain)
        _ = try first.push()
        let proxy = try FaultyProxy(before: registry.plain, fate)
        let source = try Repository(
            RegistryHost(parsing: proxy.host), path: first.repository.path)
        return (try Pushing(image, through: proxy), source)
    }

    @Test func `is mounted, and no byte of a layer is sent again`() throws {
        let (pushing, source) = try second(.random([200_000, 100_000])) { _ in .pass }
        let pushed = try pushing.push(from: source)
        #expect(pushed.sent == 0)
        #expect(pushed.mounted == (try pushing.supply.whole().size))
        #expect(!pushing.asked.contains { $0.isUpload })
        #expect(try pushing.tagged(at: registry.plain) == pushing.image.manifest)
    }

    @Test(
        "is sent where it is not to be had from there",
        arguments: [403, 404, 405, 500, 503])
    func refused(status: Int) throws {
        let (pushing, source) = try second(.random([20_000])) { asked in
            asked.target.contains("mount=") ? .answer(status, [:], "") : .pass
        }
        let pushed = try pushing.push(from: source)
        #expect(pushed.mounted == 0)
        #expect(pushed.sent == (try pushing.supply.whole().size))
        #expect(pushing.clock.waits.isEmpty)
    }

    @Test func `is sent where who gives tokens gives none for reading there`() throws {
        let realm = Mutex("")
        let asked = Mutex<[String]>([])
        let (plain, source) = try second(.random([20_000])) { request in
            if request.target.hasPrefix("/token") {
                asked.withLock { $0.append(request.target) }
                return request.target.ranges(of: "scope=").count == 1
                    ? .answer(200, [:], "{\"token\":\"narrow\"}") : .answer(403, [:], "")
            }
            guard request.headers["authorization"] == "Bearer narrow",
                !request.target.contains("mount=")
            else {
                let challenge = "Bearer realm=\"\(realm.withLock { $0 })\",service=\"s\""
                return .answer(401, ["WWW-Authenticate": challenge], "")
            }
            return .pass
        }
        realm.withLock { $0 = "http://\(plain.repository.host)/token" }
        let pushed = try plain.push(from: source)
        #expect(pushed.mounted == 0 && pushed.sent > 20_000)
        #expect(try plain.tagged(at: registry.plain) == plain.image.manifest)
        #expect(asked.withLock { $0.first }?.ranges(of: "scope=").count == 2)
    }

    @Test func `is not given to who has nothing but its name`() throws {
        let image = try SampleImage.random([50_000])
        let (pushing, source) = try second(image) { _ in .pass }
        try image.write(SampleImage.noise(50_000, seed: 9), "blobs/sha256/\(image.layers[0].hex)")
        let problem = #expect(throws: RegistryProblem.self) { try pushing.push(from: source) }
        #expect(problem?.kind == .damaged)
        #expect(problem?.problem.hasPrefix("what is called \(image.layers[0])") == true)
        #expect(!pushing.asked.contains { $0.target.contains("mount=") })
    }
}
