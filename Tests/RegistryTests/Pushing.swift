import Curl
import ImageArchives
import ImageSupport
import Images
import Registry
import Support
import Synchronization
import Testing

/// A clock whose time passes when somebody waits for it, and that remembers how long.
final class JumpingClock: Sendable {
    private let state = Mutex((now: 0, waits: [Int]()))

    var waits: [Int] { state.withLock { $0.waits } }

    var clock: RegistryClock {
        RegistryClock(now: { [self] in state.withLock { $0.now } }) { [self] time in
            state.withLock {
                $0.now += time
                $0.waits.append(time)
            }
            return true
        }
    }
}

/// A push that a test makes, and what is seen of it.
struct Pushing {
    let image: SampleImage
    let repository: Repository
    var profile: RegistryRoute
    let clock = JumpingClock()
    let stop: StopSignal

    /// What has to last as long as this.
    private let proxy: FaultyProxy?

    /// Through a proxy.
    init(_ image: SampleImage, through proxy: FaultyProxy) throws {
        try self.init(image, at: proxy.host, proxy: proxy)
    }

    /// To a repository of the test's own.
    init(
        _ image: SampleImage, at host: String, path: String? = nil, proxy: FaultyProxy? = nil
    ) throws {
        self.proxy = proxy
        self.image = image
        stop = try StopSignal()
        let name = "test/\(UInt64.random(in: 0 ... .max))"
        repository = try Repository(RegistryHost(parsing: host), path: path ?? name)
        profile = RegistryRoute(repository.host)
    }

    /// What came through the proxy.
    var asked: [FaultyProxy.Asked] { proxy?.asked ?? [] }

    var client: RegistryClient { RegistryClient(profile, clock: clock.clock, stop: stop) }

    var supply: ImageSupply {
        get throws {
            try ImageParts(ImageArchive(image.layout)).supply(scratch: Scratch(in: "/tmp"))
        }
    }

    func push(
        tags: [String] = ["v1"], from other: Repository? = nil,
        told: (PushEvent) -> Void = { _ in }
    ) throws -> PushedImage {
        let supply = try supply
        let sources = other.map { other in supply.expected.map { ($0, other) } } ?? []
        return try client.push(
            supply, to: repository, tags: tags.map { try Tag(parsing: $0) },
            mounting: Dictionary(uniqueKeysWithValues: sources), told: told)
    }

    /// Why a push fails that has to.
    func problem(tags: [String] = ["v1"]) throws -> RegistryProblem? {
        do {
            _ = try push(tags: tags)
            return nil
        } catch let problem as RegistryProblem {
            return problem
        }
    }

    /// What a registry has under the tag, asked by another way than the push went.
    func tagged(_ tag: String = "v1", at host: String) throws -> Digest? {
        let there = try Repository(RegistryHost(parsing: host), path: repository.path)
        var profile = RegistryRoute(there.host)
        profile.login = self.profile.login
        let found = try RegistryClient(profile, stop: stop).manifest(
            of: Reference(there, tag: Tag(parsing: tag)))
        if case .manifest(let digest, _, _) = found { return digest }
        return nil
    }
}
