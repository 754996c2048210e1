import HTTP
import People
import Server
import Testing

@Suite("Whose body is read", .timeLimit(.minutes(1))) struct AdmissionTests {
    private static func told(_ admission: Admission) -> String {
        switch admission {
        case .refused(let response): "\(response.status)"
        case .wanted(let most, let token): "\(most) of \(token == nil ? "a stranger" : "a token")"
        }
    }

    @Test(
        "is known by the head",
        arguments: [
            (nil, .post, "/api/v1/tokens", "401"), (nil, .post, "/nowhere", "404"),
            (nil, .patch, "/api/v1/pipelines/shop", "405"),
            (nil, .put, "/api/v1/pipelines/shop", "401"),
            (nil, .post, "/api/v1/sources/a/hook/github", "1048576 of a stranger"),
            (nil, .get, "/healthz", "1024 of a stranger"), ("x", .post, "/api/v1/tokens", "401"),
            ("viewer", .post, "/api/v1/tokens", "403"),
            ("viewer", .put, "/api/v1/pipelines/hidden", "404"),
            ("viewer", .get, "/api/v1/pipelines/shop", "1024 of a token"),
            ("admin", .post, "/api/v1/tokens", "65536 of a token"),
            ("admin", .put, "/api/v1/pipelines/shop", "1048576 of a token"),
            ("admin", .post, "/api/v1/sources/a/hook/github", "1048576 of a token"),
        ] as [(String?, Request.Method, String, String)])
    func admission(who: String?, method: Request.Method, path: String, told: String) throws {
        let scene = try Scene()
        let viewer = try scene.people.token(.viewer, of: "shop")
        let admin = try scene.people.token(.admin)
        let token = who.map { ["viewer": viewer, "admin": admin][$0] ?? $0 }
        let head = Request.at(
            path, method, headers: token.map { ["Authorization": "Bearer \($0)"] } ?? [:])
        #expect(Self.told(scene.api.admit(head)) == told)
    }

    @Test func `a refusal by the head says to browsers what every answer says`() throws {
        guard case .refused(let response) = try Scene().api.admit(.at("/api/v1/tokens", .post))
        else {
            Issue.record("it is admitted")
            return
        }
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(response.headers["Content-Type"] == "application/problem+json")
    }

    @Test func `a token that was revoked while the body came is good for nothing`() async throws {
        let scene = try Scene()
        let token = try scene.people.token("bea", [Grant(.developer)])
        let body = Request.at(
            "/api/v1/pipelines/shop/executions/1/stop", .post,
            headers: ["Authorization": "Bearer \(token)", "Content-Type": "application/json"],
            body: Array("{}".utf8))
        #expect(await scene.api.answerAdmitted(body).status == 404)
        try scene.people.revoke(token)
        #expect(await scene.api.answerAdmitted(body).status == 401)
    }

    @Test func `what was counted by the head is not counted again with the body`() async throws {
        var settings = Scene.settings
        settings.limits.ofToken = Rate(burst: 2, perSecond: 0.1)
        let scene = try Scene(settings: settings)
        let token = try scene.people.token(.developer)
        let request = Request.at("/api/v1/me", headers: ["Authorization": "Bearer \(token)"])
        for _ in 1...2 {
            #expect(Self.told(scene.api.admit(request)) == "1024 of a token")
            #expect(await scene.api.answerAdmitted(request).status == 200)
        }
        #expect(Self.told(scene.api.admit(request)) == "429")
    }

    @Test func `addresses of one network share what strangers may ask`() async throws {
        var settings = Scene.settings
        settings.limits.ofAddress = Rate(burst: 2, perSecond: 0.1)
        let scene = try Scene(settings: settings)
        let statuses = (1...3).map { number in
            Self.told(
                scene.api.admit(
                    Request(.get, ["healthz"], peer: "2001:db8:1:2::\(number)")))
        }
        #expect(statuses == ["1024 of a stranger", "1024 of a stranger", "429"])
    }
}
