import HTTP
import Pipelines
import Server
import Synchronization
import Testing
import Webhooks

/// Says what it is told to, and keeps what it was asked.
private final class PlayedHooks: Hooks {
    private let answer: Result<Webhook.Kind, HookRefusal>
    let taken = Mutex<[Delivery]>([])

    init(_ answer: Result<Webhook.Kind, HookRefusal>) { self.answer = answer }

    func take(_ delivery: Delivery) throws(HookRefusal) -> Webhook.Kind {
        taken.withLock { $0.append(delivery) }
        return try answer.get()
    }
}

@Suite("What forges tell", .timeLimit(.minutes(1))) struct HookRouteTests {
    private static let path = "/api/v1/sources/shop/hook/github"

    @Test(
        arguments: [
            (.success(.push), 202), (.success(.ping), 204), (.success(.other), 204),
            (.failure(.replayed), 200), (.failure(.wrong), 401), (.failure(.stale), 401),
        ] as [(Result<Webhook.Kind, HookRefusal>, Int)])
    func `is answered by what it is`(verdict: Result<Webhook.Kind, HookRefusal>, status: Int)
        async throws
    {
        let hooks = PlayedHooks(verdict)
        let scene = try Scene(hooks: hooks)
        let answer = await scene.ask(
            .post, Self.path, body: Array("{}".utf8), type: "application/x-www-form-urlencoded",
            ["X-GitHub-Event": "push"])
        #expect(answer.status == status)
        let delivery = try #require(hooks.taken.withLock { $0.first })
        #expect(delivery.place.description == "shop")
        #expect(delivery.forge == .github)
        #expect(delivery.headers.contains(Field("X-GitHub-Event", "push")))
        #expect(delivery.body == Array("{}".utf8))
    }

    @Test func `is refused in the same words, whatever is wrong`() async throws {
        var texts = Set<String>()
        for refusal in HookRefusal.allCases where refusal != .replayed {
            let scene = try Scene(hooks: PlayedHooks(.failure(refusal)))
            texts.insert(await scene.ask(.post, Self.path, json: "{}").text)
        }
        texts.insert(await (try Scene()).ask(.post, Self.path, json: "{}").text)
        #expect(texts.count == 1)
    }

    @Test func `is not taken beyond a size, from no forge, or from one that is not known`()
        async throws
    {
        let hooks = PlayedHooks(.success(.push))
        let scene = try Scene(hooks: hooks)
        let large = [UInt8](repeating: 32, count: Webhook.maximumBody + 1)
        #expect(await scene.ask(.post, Self.path, body: large).status == 413)
        #expect(
            await scene.ask(.post, "/api/v1/sources/shop/hook/sourceforge", json: "{}").status
                == 404)
        #expect(hooks.taken.withLock { $0.isEmpty })
    }

    /// GitLab sends that header, and an answer to one must not become another's.
    @Test func `is looked at each time, whatever key it brings`() async throws {
        let hooks = PlayedHooks(.success(.push))
        let scene = try Scene(hooks: hooks)
        for _ in 1...2 {
            _ = await scene.ask(.post, Self.path, json: "{}", ["Idempotency-Key": "msg_1"])
        }
        #expect(hooks.taken.withLock { $0.count } == 2)
    }
}
