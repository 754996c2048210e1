import ImageSupport
import Images
import Registry
import Support
import Synchronization
import Testing

@Suite(
    "A registry that wants tokens",
    .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)"))
struct TokenTests {
    private let registry: TestRegistry
    private static let login = Login(user: "ada", password: "word-of-ada")

    init() throws { registry = try #require(TestRegistry.running) }

    /// Gives tokens and takes them, each for so many requests.
    private final class Gate: Sendable {
        private let state = Mutex((given: 0, left: 0, asked: [FaultyProxy.Asked]()))
        private let uses: Int
        let realm = Mutex("")

        init(uses: Int) { self.uses = uses }

        var given: Int { state.withLock { $0.given } }
        var asked: [FaultyProxy.Asked] { state.withLock { $0.asked } }

        func fate(_ asked: FaultyProxy.Asked) -> FaultyProxy.Fate {
            let realm = realm.withLock { $0 }
            return state.withLock { state in
                if asked.target.hasPrefix("/token") {
                    state.asked.append(asked)
                    state.given += 1
                    state.left = uses
                    return .answer(200, [:], "{\"token\":\"t\(state.given)\",\"expires_in\":60}")
                }
                state.left -= 1
                if asked.headers["authorization"] == "Bearer t\(state.given)", state.left >= 0 {
                    return .pass
                }
                let challenge = "Bearer realm=\"\(realm)\",service=\"test service\""
                return .answer(401, ["WWW-Authenticate": challenge], "")
            }
        }
    }

    private func pushing(uses: Int) throws -> (Pushing, Gate) {
        let gate = Gate(uses: uses)
        let proxy = try FaultyProxy(before: registry.plain) { gate.fate($0) }
        gate.realm.withLock { $0 = "http://\(proxy.host)/token" }
        var pushing = try Pushing(.random([200_000, 100_000, 50_000]), through: proxy)
        pushing.profile.login = Self.login
        return (pushing, gate)
    }

    @Test func `gives one for all that is to be done`() throws {
        let (pushing, gate) = try pushing(uses: .max)
        _ = try pushing.push()
        #expect(gate.given == 1)
        let asked = try #require(gate.asked.first)
        let scope = "repository%3A\(pushing.repository.path.replacing("/", with: "%2F"))"
        #expect(asked.target == "/token?service=test%20service&scope=\(scope)%3Apull%2Cpush")
        #expect(asked.headers["authorization"] == Self.login.header)
    }

    @Test func `and takes each for a while only, is shown a new one in the middle`() throws {
        var (pushing, gate) = try pushing(uses: 4)
        pushing.profile.atOnce = 1
        let pushed = try pushing.push()
        #expect(gate.given > 1)
        #expect(try pushing.tagged(at: registry.plain) == pushed.digest)
    }

    @Test func `and takes none is not asked for ever`() throws {
        let (pushing, gate) = try pushing(uses: 0)
        let problem = try #require(try pushing.problem())
        #expect(problem.kind == .denied)
        #expect(gate.given <= 3)
        #expect(pushing.asked.count < 10)
        #expect(!"\(problem)".contains("word-of-ada"))
    }

    @Test func `from where others could hear it is not told the password`() throws {
        let proxy = try FaultyProxy(before: registry.plain) { _ in
            let challenge = "Bearer realm=\"http://tokens.example.org/token\""
            return .answer(401, ["WWW-Authenticate": challenge], "")
        }
        var pushing = try Pushing(.random([1_000]), through: proxy)
        pushing.profile.login = Self.login
        #expect(try pushing.problem()?.kind == .unsafe)
    }
}
