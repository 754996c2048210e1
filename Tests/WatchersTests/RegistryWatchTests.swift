import Addresses
import Attempts
import Couriers
import Git
import ImageSupport
import Support
import Synchronization
import Testing
import Watchers
import Watching

@Suite(
    "A watcher of registries", .serialized,
    .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)"))
struct RegistryWatchTests {
    private let registry: TestRegistry

    init() throws { registry = try #require(TestRegistry.running) }

    /// Looks again as soon as it may.
    private static var eager: Rota.Plan {
        var plan = Rota.Plan()
        plan.interval = .milliseconds(20)
        plan.backOff = .milliseconds(20)
        plan.longestBackOff = .milliseconds(40)
        return plan
    }

    @Test func `starts with each image that is pushed under a tag, once for each pipeline`() throws
    {
        let tag = WatchedTag(at: registry)
        let first = try tag.move()
        let house = try WatchHouse(plan: Self.eager)
        try house.define("shop", source: "image: \"\(tag.name)\"")
        try house.define("site", source: "image: \"\(tag.name)\"")
        house.wait("the first looks") { $0.notes.count == 2 }
        #expect(
            house.now.notes
                == Array(repeating: "\(tag.name): it was there at the first look", count: 2))
        #expect(house.watcher.status.map(\.remote) == [tag.name])
        let second = try tag.move()
        house.wait("the second image") { $0.executions.count == 2 }
        #expect(Set(house.now.executions) == ["shop \(second)", "site \(second)"])
        #expect(first != second)
    }

    @Test func `asks for nothing but heads while the tag stays, and says what it knows`() throws {
        let proxy = try FaultyProxy(before: registry.plain) { _ in .pass }
        let tag = WatchedTag(at: registry, through: proxy.host)
        let digest = try tag.move()
        let house = try WatchHouse(plan: Self.eager)
        try house.define("shop", source: "image: \"\(tag.name)\"")
        house.wait("three looks") { $0.looks.count { $0.outcome == .seen } >= 3 }
        let asked = proxy.asked
        #expect(asked.first?.method == "GET")
        let later = asked.dropFirst()
        #expect(later.allSatisfy { $0.method == "HEAD" })
        #expect(later.allSatisfy { $0.headers["if-none-match"] == "\"\(digest)\"" })
        #expect(house.now.executions == [])
    }

    @Test func `sees a tag of a registry with TLS and a password, and of no other`() throws {
        let tag = WatchedTag(at: registry, isSecured: true)
        _ = try tag.move()
        var spec = RegistrySpec()
        spec.authority = registry.authorities
        let login = Array("\(registry.user):\(registry.password)".utf8)
        let door = RegistryDoor(
            spec, [HandedSecret(name: "registry", value: login, variable: nil)])
        let house = try WatchHouse(plan: Self.eager, door: door)
        try house.define("shop", source: "image: \"\(tag.name)\"")
        house.wait("the first look") { $0.notes.count == 1 }
        let second = try tag.move()
        house.wait("the second image") { $0.executions == ["shop \(second)"] }

        for (door, words) in [
            (RegistryDoor(spec), "wants a user and a password"),
            (RegistryDoor(), "the registry answered 400"),
        ] {
            let other = try WatchHouse(door: door)
            try other.define("shop", source: "image: \"\(tag.name)\"")
            other.wait("the refusal") { !$0.words.isEmpty }
            #expect(other.now.problem.contains(words), "\(other.now.words)")
        }
    }

    @Test(
        "says what is wrong, goes on asking, and loses nothing meanwhile",
        arguments: [
            (
                FaultyProxy.Fate.answer(401, ["WWW-Authenticate": "Basic realm=\"a\""], ""),
                GitError.Kind.unauthorized, "wants a user and a password"
            ),
            (.answer(429, ["Retry-After": "1"], ""), .unreachable, "answered 429"),
            (.answer(500, [:], ""), .unreachable, "the registry answered 500"),
            (.answer(403, [:], ""), .unauthorized, "answered 403"),
            (.cut(after: 0, passingOn: false), .unreachable, "Empty reply"),
            (.lie, .corrupt, "the registry sent"),
        ] as [(FaultyProxy.Fate, GitError.Kind, String)])
    func fault(fate: FaultyProxy.Fate, kind: GitError.Kind, words: String) throws {
        let broken = BrokenFlag()
        let proxy = try FaultyProxy(before: registry.plain) { _ in broken.isSet ? fate : .pass }
        let tag = WatchedTag(at: registry, through: proxy.host)
        _ = try tag.move()
        let house = try WatchHouse(plan: Self.eager)
        try house.define("shop", source: "image: \"\(tag.name)\"")
        house.wait("the first look") { $0.notes.count == 1 }
        broken.isSet = true
        let second = try tag.move()
        house.wait("three failures") { $0.failures.count >= 3 }
        #expect(house.now.failures.allSatisfy { $0.kind == kind }, "\(house.now.failures)")
        #expect(house.now.problem.contains(words), "\(house.now.failures)")
        #expect(!house.now.problem.contains("look at"), "\(house.now.failures)")
        #expect(house.now.executions == [])
        broken.isSet = false
        house.wait("the second image") { $0.executions == ["shop \(second)"] }
        house.wait("the recovery") { $0.words.contains(.recovered(remote: tag.name)) }
    }

    @Test func `hears how long a registry wants to be left alone`() throws {
        let busy = try FaultyProxy(before: registry.plain) { _ in
            .answer(429, ["Retry-After": "3600"], "")
        }
        let house = try WatchHouse()
        try house.define("shop", source: "image: \"\(busy.host)/team/base:stable\"")
        house.wait("the failure") { !$0.failures.isEmpty }
        #expect(house.now.failures.first?.pause == .seconds(3_600))
        // It is tried once, and not again and again by who was sent there.
        #expect(busy.asked.count == 1)
    }

    @Test func `gives up a registry that says nothing, and keeps no other waiting`() throws {
        let silent = try FaultyProxy(before: registry.plain) { _ in .silence }
        let house = try WatchHouse(plan: Self.eager, silence: .milliseconds(300))
        try house.define("shop", source: "image: \"\(silent.host)/team/base:stable\"")
        house.wait("the failure") { !$0.failures.isEmpty }
        #expect(house.now.failures.first?.kind == .timedOut)
        let tag = WatchedTag(at: registry)
        _ = try tag.move()
        try house.define("site", source: "image: \"\(tag.name)\"")
        house.wait("the other") { $0.notes.count == 1 }
    }

    @Test func `tells a tag that is gone, and starts when it is there again as another`() throws {
        let broken = BrokenFlag()
        let proxy = try FaultyProxy(before: registry.plain) { _ in
            broken.isSet ? .answer(404, [:], "") : .pass
        }
        let tag = WatchedTag(at: registry, through: proxy.host)
        _ = try tag.move()
        let house = try WatchHouse(plan: Self.eager)
        try house.define("shop", source: "image: \"\(tag.name)\"")
        house.wait("the first look") { $0.notes.count == 1 }
        broken.isSet = true
        house.wait("the end") { $0.notes.last == "\(tag.name): it is gone" }
        broken.isSet = false
        house.wait("the return") { $0.notes.last == "\(tag.name): it is there again, as it was" }
        let second = try tag.move()
        house.wait("the second image") { $0.executions == ["shop \(second)"] }
    }

    @Test func `sees again what could not be taken`() throws {
        let tag = WatchedTag(at: registry)
        _ = try tag.move()
        let house = try WatchHouse(plan: Self.eager)
        try house.define("shop", source: "image: \"\(tag.name)\"")
        house.wait("the first look") { $0.notes.count == 1 }
        house.refuse(3)
        let second = try tag.move()
        house.wait("the second image") { $0.executions == ["shop \(second)"] }
    }

    @Test func `asks AWS for a password before it goes to a registry there`() throws {
        let aws = try FaultyProxy(before: registry.plain) { _ in
            .answer(400, [:], #"{"__type":"AccessDeniedException","message":"not you"}"#)
        }
        var spec = RegistrySpec()
        spec.aws = AWSSpec()
        spec.aws?.endpoint = "http://\(aws.host)"
        let variables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map {
            HandedSecret(name: $0, value: Array("example".utf8), variable: $0)
        }
        let house = try WatchHouse(door: RegistryDoor(spec, variables))
        let host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
        try house.define("shop", source: "image: \"\(host)/base:stable\"")
        house.wait("the refusal") { !$0.failures.isEmpty }
        #expect(house.now.failures.first?.kind == .unauthorized, "\(house.now.failures)")
        #expect(house.now.problem.contains("not you"), "\(house.now.failures)")
        let target = aws.asked.first?.headers["x-amz-target"] ?? ""
        #expect(target.hasSuffix("GetAuthorizationToken"))
    }

    @Test func `goes to no address that is not allowed`() throws {
        let tag = WatchedTag(at: registry)
        _ = try tag.move()
        let house = try WatchHouse(policy: AddressPolicy())
        try house.define("shop", source: "image: \"\(tag.name)\"")
        house.wait("the refusal") { !$0.failures.isEmpty }
        #expect(house.now.failures.first?.kind == .untrusted, "\(house.now.failures)")
        #expect(house.now.notes == [])
    }
}

/// Whether a registry misbehaves now.
private final class BrokenFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool {
        get { value.load(ordering: .acquiring) }
        set { value.store(newValue, ordering: .releasing) }
    }
}

extension WatchHouse.Told {
    fileprivate var failures: [GitError] {
        words.compactMap { word in
            if case .failed(_, let error, _) = word { error } else { nil }
        }
    }

    fileprivate var problem: String { failures.last?.problem ?? "" }
}
