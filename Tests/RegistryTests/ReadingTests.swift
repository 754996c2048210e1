import Glibc
import ImageSupport
import Images
import Registry
import Support
import Testing

@Suite(
    "What a registry has", .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)"))
struct ReadingTests {
    private let registry: TestRegistry

    init() throws { registry = try #require(TestRegistry.running) }

    @Test func `is read once and then only told to be the same`() throws {
        let proxy = try FaultyProxy(before: registry.plain) { _ in .pass }
        let pushing = try Pushing(.random([1_000]), through: proxy)
        let pushed = try pushing.push()
        let reference = Reference(pushing.repository, tag: try Tag(parsing: "v1"))
        #expect(try pushing.client.manifest(of: reference, known: pushed.digest) == .unchanged)
        let other = Digest(of: [1])
        guard
            case .manifest(let digest, _, _) = try pushing.client.manifest(
                of: reference, known: other)
        else {
            Issue.record("there is no manifest")
            return
        }
        #expect(digest == pushed.digest)
        let none = Reference(pushing.repository, tag: try Tag(parsing: "none"))
        #expect(try pushing.client.manifest(of: none) == .missing)
    }

    @Test func `comes back byte for byte`() throws {
        let pushing = try Pushing(.random([3_000_000]), at: registry.plain)
        _ = try pushing.push()
        let file = try Fetched(pushing.image.folder.file("fetched"))
        let blob = Descriptor(.dockerLayer, pushing.image.layers[0], size: 3_000_000)
        try pushing.client.fetch(blob, of: pushing.repository, into: file.descriptor)
        let same = try Program.run(["/usr/bin/cmp", pushing.image.blob(blob.digest), file.path])
        #expect(same.code == 0, "\(same.output)")
    }

    @Test func `and is something else than was asked for is not believed`() throws {
        let proxy = try FaultyProxy(before: registry.plain) { asked in
            asked.method == "GET" && asked.target.contains("/blobs/sha256:")
                ? .answer(200, [:], "other") : .pass
        }
        let pushing = try Pushing(.random([5]), through: proxy)
        _ = try pushing.push()
        let file = try Fetched(pushing.image.folder.file("fetched"))
        let blob = Descriptor(.dockerLayer, pushing.image.layers[0], size: 5)
        let problem = #expect(throws: RegistryProblem.self) {
            try pushing.client.fetch(blob, of: pushing.repository, into: file.descriptor)
        }
        #expect(problem?.kind == .lied)
    }

    @Test func `elsewhere is fetched there, where nobody is told the password`() throws {
        let store = try FaultyProxy(before: registry.plain) { _ in .answer(200, [:], "hello") }
        let proxy = try FaultyProxy(before: registry.plain) { asked in
            if asked.headers["authorization"] == nil {
                return .answer(401, ["WWW-Authenticate": "Basic realm=\"a\""], "")
            }
            return .answer(307, ["Location": "http://\(store.host)/kept?signature=1"], "")
        }
        var pushing = try Pushing(SampleImage(layers: []), through: proxy)
        pushing.profile.login = Login(user: "ada", password: "word")
        let file = try Fetched(pushing.image.folder.file("fetched"))
        let blob = Descriptor(.dockerLayer, Digest(of: Array("hello".utf8)), size: 5)
        try pushing.client.fetch(blob, of: pushing.repository, into: file.descriptor)
        #expect(try pushing.image.folder.text(of: "fetched") == "hello")
        #expect(store.asked.map { $0.headers["authorization"] } == [nil])
        #expect(pushing.asked.last?.headers["authorization"] != nil)
    }

    /// A file that a test has something fetched into.
    private final class Fetched {
        let path: String
        let descriptor: Int32

        init(_ path: String) throws {
            self.path = path
            descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            try #require(descriptor >= 0)
        }

        deinit { close(descriptor) }
    }
}
