import ImageArchives
import ImageSupport
import Images
import Registry
import Support
import Synchronization
import Testing

@Suite(
    "A push through a network that fails",
    .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)"))
struct FaultTests {
    private let registry: TestRegistry

    init() throws { registry = try #require(TestRegistry.running) }

    /// Counts down, from any thread.
    private final class Times: Sendable {
        private let left: Mutex<Int>

        init(_ times: Int) { left = Mutex(times) }

        func next() -> Bool {
            left.withLock { left in
                left -= 1
                return left >= 0
            }
        }
    }

    private static let size = 400_000

    private func pushing(
        _ fate: @escaping @Sendable (FaultyProxy.Asked) -> FaultyProxy.Fate
    ) throws -> Pushing {
        let proxy = try FaultyProxy(before: registry.plain, fate)
        return try Pushing(.random([Self.size]), through: proxy)
    }

    @Test(
        "cut at any tenth of an upload, whose half the registry has got, it sends the image whole",
        arguments: 0...9)
    func cut(tenth: Int) throws {
        let times = Times(1)
        let pushing = try pushing { asked in
            asked.isUpload && asked.length == Self.size && times.next()
                ? .cut(after: Self.size * tenth / 10, passingOn: true) : .pass
        }
        let pushed = try pushing.push()
        #expect(try pushing.tagged(at: registry.plain) == pushed.digest)
        #expect(pushing.clock.waits.count >= 1)
        let sent = pushing.asked.filter(\.isUpload).reduce(0) { $0 + $1.length }
        #expect(sent <= 2 * Self.size + 1_000)
    }

    @Test("cut in its second piece, it goes on behind the first", arguments: [1, 5, 9])
    func resume(tenth: Int) throws {
        let piece = Self.size / 4
        let times = Times(1)
        var pushing = try pushing { asked in
            asked.headers["content-range"]?.hasPrefix("\(piece)-") == true && times.next()
                ? .cut(after: piece * tenth / 10, passingOn: false) : .pass
        }
        pushing.profile.piece = piece
        pushing.profile.atOnce = 1
        let pushed = try pushing.push()
        #expect(try pushing.tagged(at: registry.plain) == pushed.digest)
        let ranges = pushing.asked.filter { $0.isUpload && $0.length == piece }.map {
            $0.headers["content-range"] ?? ""
        }
        let starts = [0, 1, 1, 2, 3].map { "\($0 * piece)-\(($0 + 1) * piece - 1)" }
        #expect(ranges == starts)
    }

    @Test func `cut each time, it ends with a sentence and no tag`() throws {
        let pushing = try pushing { asked in
            asked.isUpload ? .cut(after: 1_000, passingOn: false) : .pass
        }
        let problem = try #require(try pushing.problem())
        #expect(problem.kind == .gaveUp)
        #expect(problem.problem.hasPrefix("cannot send blob sha256:"))
        #expect(pushing.asked.count < 100)
        #expect(try pushing.tagged(at: registry.plain) == nil)
    }

    @Test func `told to wait, it waits as long as it was told`() throws {
        let times = Times(1)
        let pushing = try pushing { asked in
            asked.isUpload && times.next() ? .answer(429, ["Retry-After": "7"], "") : .pass
        }
        var causes: [String] = []
        _ = try pushing.push {
            if case .delayed(_, let cause) = $0 { causes.append(cause) }
        }
        #expect(causes.count == 1)
        #expect(causes.first?.hasSuffix("the registry answered 429") == true)
        let wait = try #require(pushing.clock.waits.first)
        #expect(7_000..<7_250 ~= wait)
    }

    @Test func `told to wait for an hour, it ends and says so`() throws {
        let pushing = try pushing { asked in
            asked.isUpload ? .answer(429, ["Retry-After": "3600"], "") : .pass
        }
        let problem = try #require(try pushing.problem())
        #expect(problem.kind == .gaveUp)
        #expect(problem.problem.hasSuffix("and wants to be left alone for 3600 s"))
    }

    @Test(
        "a registry that fails twice is asked a third time, whatever it was asked",
        arguments: ["GET /v2/", "HEAD blobs/", "POST blobs/uploads/", "PUT manifests/"])
    func twice(place: String) throws {
        let parts = place.split(separator: " ").map(String.init)
        let times = Times(2)
        let pushing = try pushing { asked in
            asked.method == parts[0] && asked.target.contains(parts[1]) && times.next()
                ? .answer(500, [:], "") : .pass
        }
        let pushed = try pushing.push()
        #expect(try pushing.tagged(at: registry.plain) == pushed.digest)
        #expect(pushing.clock.waits.count >= 1)
    }

    @Test func `a registry that fails for ever is given up, in its own words`() throws {
        let pushing = try pushing { asked in
            asked.target.contains("/blobs/uploads/")
                ? .answer(500, [:], #"{"errors":[{"code":"UNKNOWN","message":"no disk"}]}"#) : .pass
        }
        let problem = try #require(try pushing.problem())
        #expect(problem.kind == .gaveUp)
        #expect(
            problem.problem.hasSuffix(
                "the registry answered 500 (UNKNOWN: no disk), the last of 6 times"))
        #expect(pushing.asked.count <= 20)
        #expect(try pushing.tagged(at: registry.plain) == nil)
    }

    @Test("what will not change is not tried again", arguments: [400, 403, 405, 501 - 95])
    func refused(status: Int) throws {
        let pushing = try pushing { asked in
            asked.method == "POST"
                ? .answer(status, [:], #"{"errors":[{"code":"DENIED","message":"no"}]}"#) : .pass
        }
        let problem = try #require(try pushing.problem())
        #expect(problem.problem.hasSuffix("the registry answered \(status): DENIED: no"))
        #expect(pushing.clock.waits.isEmpty)
    }

    @Test(
        "a registry that says it has stored something else is not believed",
        arguments: ["blobs/uploads/", "manifests/"])
    func lie(place: String) throws {
        let pushing = try pushing { asked in
            asked.method == "PUT" && asked.target.contains(place) ? .lie : .pass
        }
        let problem = try #require(try pushing.problem())
        #expect(problem.kind == .lied)
        #expect(problem.problem.contains("0000000000"))
        #expect(try pushing.tagged(at: registry.plain) == nil)
    }

    @Test func `too large a piece for what stands before the registry is made smaller`() throws {
        let size = BlobPush.standardPiece / 4
        let proxy = try FaultyProxy(before: registry.plain) { asked in
            asked.length > 5 << 20 ? .answer(413, [:], "") : .pass
        }
        let pushing = try Pushing(.random([size / 2]), through: proxy)
        let pushed = try pushing.push()
        #expect(try pushing.tagged(at: registry.plain) == pushed.digest)
    }

    @Test func `stopped half way, it ends at once and nothing is tagged`() throws {
        let stop = try StopSignal()
        let pushing = try pushing { asked in
            guard asked.isUpload, asked.length == Self.size else { return .pass }
            stop.stop()
            return .silence
        }
        let client = RegistryClient(pushing.profile, clock: pushing.clock.clock, stop: stop)
        var problem: RegistryProblem?
        do {
            _ = try client.push(
                pushing.supply, to: pushing.repository, tags: [Tag(parsing: "v1")])
        } catch let caught as RegistryProblem {
            problem = caught
        }
        #expect(problem?.kind == .stopped)
        #expect(try pushing.tagged(at: registry.plain) == nil)
    }

    @Test("with several manifests, stopped at any of them, nothing is tagged", arguments: 0...3)
    func stopped(at number: Int) throws {
        let image = try SampleImage.random([1_000])
        let root = try image.wrapInIndex(for: Platform(parsing: "linux/amd64"))
        // Two manifests, what tells about one, and its place in a list.
        let teller = try image.tell(about: image.manifest, as: "a/signature").digest
        let places = [
            "\(image.manifest)", "\(root)", "\(teller)", "\(Tag(listing: image.manifest))",
        ]
        let stop = try StopSignal()
        let proxy = try FaultyProxy(before: registry.plain) { asked in
            guard asked.method == "PUT", asked.target.hasSuffix("/manifests/\(places[number])")
            else { return .pass }
            stop.stop()
            return .silence
        }
        let pushing = try Pushing(image, through: proxy)
        let client = RegistryClient(pushing.profile, clock: pushing.clock.clock, stop: stop)
        let problem = #expect(throws: RegistryProblem.self) {
            try client.push(
                pushing.supply, to: pushing.repository, tags: [Tag(parsing: "v1")])
        }
        #expect(problem?.kind == .stopped)
        let put = pushing.asked.filter { $0.method == "PUT" && $0.target.contains("/manifests/") }
        #expect(
            put.map { $0.target.split(separator: "/").last.map(String.init) }
                == places[...number].map(Optional.some))
        #expect(try pushing.tagged(at: registry.plain) == nil)
    }

    @Test func `without its tag, the half that is there is not sent again`() throws {
        let times = Times(1)
        let image = try SampleImage.random([300_000, 100_000])
        let proxy = try FaultyProxy(before: registry.plain) { asked in
            asked.method == "PUT" && asked.target.contains("manifests/") && times.next()
                ? .answer(403, [:], "") : .pass
        }
        let pushing = try Pushing(image, through: proxy)
        #expect(try pushing.problem()?.kind == .denied)
        let again = try pushing.push()
        #expect(again.sent == 0)
        #expect(try pushing.tagged(at: registry.plain) == again.digest)
    }
}
