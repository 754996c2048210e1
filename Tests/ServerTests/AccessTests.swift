import Engine
import HTTP
import People
import Pipelines
import Server
import Store
import Support
import Testing

@Suite("Who may ask what", .timeLimit(.minutes(1))) struct AccessTests {
    /// A request that changes nothing, for each route, and how it is answered to nobody, a wrong
    /// token, a viewer, a developer, a release manager, an administrator, and to an administrator
    /// of another pipeline. What is allowed and cannot be done is a 404 or a 422.
    struct Row: CustomTestStringConvertible {
        let method: Request.Method
        let path: String
        var body = "{\"no\": 1}"
        let statuses: [Int]

        init(_ method: Request.Method, _ path: String, _ body: String? = nil, _ statuses: Int...) {
            self.method = method
            self.path = path
            if let body { self.body = body }
            self.statuses = statuses
        }

        var testDescription: String { "\(method.rawValue) \(path)" }
    }

    static let p = "/api/v1/pipelines/shop"
    /// The pipeline describes it, and has deployed nothing yet.
    static let e = "/api/v1/environments/prod"

    static let rows: [Row] = [
        Row(.get, "/healthz", nil, 200, 200, 200, 200, 200, 200, 200),
        Row(.get, "/readyz", nil, 200, 200, 200, 200, 200, 200, 200),
        Row(.get, "/metrics", nil, 401, 401, 200, 200, 200, 200, 403),
        Row(.get, "/api/v1/openapi.json", nil, 200, 200, 200, 200, 200, 200, 200),
        Row(.get, "/api/v1/me", nil, 401, 401, 200, 200, 200, 200, 200),
        Row(.get, "/api/v1/runners", nil, 401, 401, 200, 200, 200, 200, 200),
        Row(.put, "/api/v1/runners/process", nil, 401, 401, 403, 403, 403, 422, 403),
        Row(.get, "/badges/shop.svg", nil, 401, 401, 200, 200, 200, 200, 404),
        Row(.get, "/api/v1/pipelines", nil, 401, 401, 200, 200, 200, 200, 200),
        Row(.get, p, nil, 401, 401, 200, 200, 200, 200, 404),
        Row(.put, p, nil, 401, 401, 403, 403, 403, 415, 404),
        Row(.delete, "/api/v1/pipelines/none", nil, 401, 401, 403, 403, 403, 404, 404),
        Row(.get, "\(p)/definition", nil, 401, 401, 200, 200, 200, 200, 404),
        Row(.get, "/api/v1/definitions/problems", nil, 401, 401, 200, 200, 200, 200, 200),
        Row(.get, "/api/v1/executions", nil, 401, 401, 200, 200, 200, 200, 200),
        Row(.get, "\(p)/executions", nil, 401, 401, 200, 200, 200, 200, 404),
        Row(.post, "\(p)/executions", nil, 401, 401, 403, 422, 422, 422, 404),
        Row(.get, "\(p)/executions/1", nil, 401, 401, 200, 200, 200, 200, 404),
        Row(.get, "\(p)/executions/1/attempts", nil, 401, 401, 200, 200, 200, 200, 404),
        Row(.post, "\(p)/executions/1/stop", nil, 401, 401, 403, 422, 422, 422, 404),
        Row(.post, "\(p)/executions/1/stages/build/retry", nil, 401, 401, 403, 422, 422, 422, 404),
        Row(.post, "\(p)/executions/1/stages/build/skip", nil, 401, 401, 403, 403, 422, 422, 404),
        Row(.put, "\(p)/stages/build/transition", nil, 401, 401, 403, 403, 422, 422, 404),
        Row(.post, "\(p)/stages/build/rollback", nil, 401, 401, 403, 403, 422, 422, 404),
        Row(.get, "/api/v1/environments", nil, 401, 401, 200, 200, 200, 200, 200),
        Row(.get, e, nil, 401, 401, 200, 200, 200, 200, 404),
        Row(.get, "\(e)/instances/i1/log", nil, 401, 401, 404, 404, 404, 404, 404),
        Row(.delete, e, nil, 401, 401, 403, 403, 403, 404, 404),
        Row(.post, "\(e)/rollback", nil, 401, 401, 403, 403, 422, 422, 404),
        Row(.post, "\(e)/lock", nil, 401, 401, 403, 403, 422, 422, 404),
        Row(.post, "\(e)/unlock", nil, 401, 401, 403, 403, 404, 404, 404),
        Row(.post, "\(e)/promotion", nil, 401, 401, 403, 403, 422, 422, 404),
        Row(.post, "\(e)/thaw", nil, 401, 401, 403, 403, 422, 422, 404),
        Row(.post, "\(e)/pause", nil, 401, 401, 403, 403, 404, 404, 404),
        Row(.post, "\(e)/resume", nil, 401, 401, 403, 403, 404, 404, 404),
        Row(.post, "\(e)/promote", nil, 401, 401, 403, 403, 404, 404, 404),
        Row(.get, "/api/v1/approvals", nil, 401, 401, 200, 200, 200, 200, 200),
        Row(
            .get, "/api/v1/approvals/shop~1~prod~1~@before-1", nil, 401, 401, 404, 404, 404, 404,
            404),
        Row(
            .post, "/api/v1/approvals/shop~1~prod~1~@before-1", nil, 401, 401, 403, 403, 422, 422,
            404),
        Row(
            .get, "\(p)/executions/1/attempts/build/1/make/1/log", nil, 401, 401, 200, 200, 200,
            200, 404),
        Row(
            .get, "\(p)/executions/1/attempts/build/1/make/1/tests", nil, 401, 401, 404, 404, 404,
            404, 404),
        Row(.get, "/api/v1/events", nil, 401, 401, 200, 200, 200, 200, 200),
        Row(.get, "/api/v1/tokens", nil, 401, 401, 403, 403, 403, 200, 403),
        Row(.post, "/api/v1/tokens", nil, 401, 401, 403, 403, 403, 422, 403),
        Row(.delete, "/api/v1/tokens/0123456789ab", nil, 401, 401, 403, 403, 403, 404, 403),
        Row(.get, "/api/v1/people", nil, 401, 401, 403, 403, 403, 200, 403),
        Row(.put, "/api/v1/people/ada", nil, 401, 401, 403, 403, 403, 422, 403),
        Row(.delete, "/api/v1/people/nobody", nil, 401, 401, 403, 403, 403, 204, 403),
        Row(.get, "/api/v1/secrets", nil, 401, 401, 403, 403, 403, 200, 403),
        Row(.put, "/api/v1/secrets/key", nil, 401, 401, 403, 403, 403, 415, 403),
        Row(.delete, "/api/v1/secrets/key", nil, 401, 401, 403, 403, 403, 404, 403),
        Row(
            .post, "/api/v1/sources/shop/hook/github", nil, 401, 401, 401, 401, 401, 401, 401),
        Row(.get, "/api/v1/audit", nil, 401, 401, 403, 403, 403, 200, 403),
        Row(.get, "/api/v1/audit/verification", nil, 401, 401, 403, 403, 403, 200, 403),
        Row(.get, "/api/v1/backup", nil, 401, 401, 403, 403, 403, 200, 403),
    ]

    @Test func `is the same for every endpoint as the table says`() async throws {
        let scene = try Scene()
        try scene.start()
        let tokens: [String?] = [
            nil, try scene.people.token(.viewer) + "0", try scene.people.token(.viewer),
            try scene.people.token(.developer), try scene.people.token(.releaseManager),
            try scene.people.token(.admin), try scene.people.token(.admin, of: "site"),
        ]
        print("none wrong view  dev  rel  adm other")
        for row in Self.rows {
            var statuses: [Int] = []
            for token in tokens {
                let isGet = row.method == .get || row.method == .delete
                let response = await scene.ask(
                    row.method, row.path, as: token, json: isGet ? nil : row.body)
                response.stream?.end()
                statuses.append(response.status)
            }
            #expect(statuses == row.statuses, "\(row.testDescription)")
            print(statuses.map { " \($0) " }.joined(), row.testDescription)
        }
    }

    @Test func `is in the table for every route that there is`() {
        let router = Router(Routes.all)
        let tried = Self.rows.compactMap { row -> String? in
            let path = row.path.split(separator: "/").map(String.init)
            guard case .found(let route, _) = router.way(for: row.method, path) else { return nil }
            return "\(route.method.rawValue) \(route.template)"
        }
        let all = Routes.all.map { "\($0.method.rawValue) \($0.template)" }
        #expect(tried.sorted() == all.sorted())
    }

    @Test func `tells the same of a token that is wrong, expired, revoked or not there`()
        async throws
    {
        let scene = try Scene()
        let revoked = try scene.people.token(.viewer)
        try scene.people.revoke(revoked)
        let expired = try scene.people.token("late", [Grant(.admin)], expiresIn: 1)
        scene.desk.pass(.seconds(1))
        var texts = Set<String>()
        for token in [nil, "x", revoked, expired] {
            let response = await scene.ask(.get, "/api/v1/me", as: token)
            #expect(response.status == 401)
            #expect(response.headers["WWW-Authenticate"] == "Bearer")
            #expect(response.headers["Content-Type"] == "application/problem+json")
            texts.insert(response.text)
        }
        #expect(texts.count == 1)
    }

    @Test func `hides a pipeline from whoever may not see it as if it were not there`()
        async throws
    {
        let scene = try Scene()
        let token = try scene.people.token(.admin, of: "site")
        let hidden = await scene.ask(.get, "/api/v1/pipelines/shop", as: token)
        let missing = await scene.ask(.get, "/api/v1/pipelines/none", as: token)
        #expect(hidden.text.replacing("shop", with: "none") == missing.text)
        let list = try await scene.read("/api/v1/pipelines", as: token)
        #expect(list["items"]?.elements.compactMap { $0["name"]?.string } == ["site"])
    }

    @Test func `puts on the record what was denied, the first at once and the rest counted`()
        async throws
    {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        let before = scene.desk.view.state.sequence
        for _ in 1...5 {
            _ = await scene.ask(.delete, "/api/v1/pipelines/shop", as: token)
            _ = await scene.ask(.get, "/api/v1/me", as: "x")
            _ = await scene.ask(.get, "/api/v1/me")
        }
        #expect(try scene.told(after: before) == ["a-viewer administer shop 1", "malformed 1"])
        scene.desk.pass(.seconds(61))
        scene.api.tellDue()
        #expect(
            try scene.told(after: before + 2).sorted()
                == ["a-viewer administer shop 4", "malformed 4"])
    }

    @Test func `is told a minute after it was denied at the latest`() async throws {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        let before = scene.desk.view.state.sequence
        for _ in 1...3 { _ = await scene.ask(.delete, "/api/v1/pipelines/shop", as: token) }
        scene.desk.pass(.seconds(59))
        scene.api.tellDue()
        #expect(try scene.told(after: before) == ["a-viewer administer shop 1"])
        scene.desk.pass(.seconds(1))
        scene.api.tellDue()
        #expect(try scene.told(after: before + 1) == ["a-viewer administer shop 2"])
    }

    @Test func `is told later what was denied while nothing could be recorded`() async throws {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        let before = scene.desk.view.state.sequence
        scene.desk.refuse(.full)
        for _ in 1...3 { _ = await scene.ask(.delete, "/api/v1/pipelines/shop", as: token) }
        // What was left at the desk before this has been refused.
        try scene.desk.tell(.look)
        scene.desk.refuse(nil)
        #expect(try scene.told(after: before).isEmpty)
        scene.desk.pass(.seconds(61))
        scene.api.tellDue()
        #expect(try scene.told(after: before) == ["a-viewer administer shop 3"])
    }

    @Test func `reaches only the environments that were granted`() async throws {
        let scene = try Scene()
        let globs = { (text: String) throws in [try Glob(parsing: text)] }
        let close = "{\"open\": false, \"reason\": \"night\"}"
        let path = "/api/v1/pipelines/site/stages/live/transition"
        let other = try scene.people.token(
            "bea", [Grant(.releaseManager, environments: try globs("test"))])
        #expect(await scene.ask(.put, path, as: other, json: close).status == 403)
        let right = try scene.people.token(
            "cem", [Grant(.releaseManager, environments: try globs("l*"))])
        #expect(await scene.ask(.put, path, as: right, json: close).status == 200)
    }

    @Test func `is asked too often by whoever guesses tokens`() async throws {
        var settings = Scene.settings
        settings.limits.ofFailures = Rate(burst: 3, perSecond: 0.5)
        let scene = try Scene(settings: settings)
        for _ in 1...3 {
            #expect(await scene.ask(.get, "/api/v1/me", as: "x").status == 401)
        }
        let response = await scene.ask(.get, "/api/v1/me", as: "x")
        #expect(response.status == 429)
        #expect(response.headers["Retry-After"] == "2")
        // Others at the same address are not kept out.
        #expect(await scene.ask(.get, "/healthz").status == 200)
        let token = try scene.people.token(.viewer)
        #expect(await scene.ask(.get, "/api/v1/me", as: token).status == 200)
        scene.desk.pass(.seconds(2))
        #expect(await scene.ask(.get, "/api/v1/me", as: "x").status == 401)
    }

    @Test func `is not kept from whoever belongs here by strangers at the same address`()
        async throws
    {
        var settings = Scene.settings
        settings.limits.ofAddress = Rate(burst: 2, perSecond: 0.1)
        let scene = try Scene(settings: settings)
        let token = try scene.people.token(.viewer)
        for _ in 1...2 { #expect(await scene.ask(.get, "/healthz").status == 200) }
        #expect(await scene.ask(.get, "/healthz").status == 429)
        for _ in 1...5 {
            #expect(await scene.ask(.get, "/api/v1/me", as: token).status == 200)
        }
    }

}

extension Scene {
    /// The denials on the record, when all that was asked for has been done.
    fileprivate func told(after sequence: Int) throws -> [String] {
        try desk.tell(.look)
        return try Archive.open(folder.path).records(after: sequence, limit: 100).compactMap {
            switch $0.event {
            case .people(.denied(let denial?, let count)):
                let pipeline = denial.pipeline?.description ?? ""
                return "\(denial.caller) \(denial.permission.rawValue) \(pipeline) \(count)"
            case .people(.signInsFailed(let failure?, let count)):
                return "\(failure.rejection.cause.rawValue) \(count)"
            default: return nil
            }
        }
    }
}
