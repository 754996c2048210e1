import HTTP
import JSON
import People
import Pipelines
import Server
import Support
import Testing

@Suite("What is sent", .timeLimit(.minutes(1))) struct BodyTests {
    private static let stop = "/api/v1/pipelines/shop/executions/1/stop"

    private static let missing = "'roles' is missing: a list of at most 20 objects"
    private static let roles = "one of 'viewer', 'developer', 'release-manager', 'admin'"
    private static let grants = "there are 'role', 'pipelines', 'environments'"

    @Test(
        "is refused with the member that is wrong",
        arguments: [
            ("", 400, "the body is empty"),
            ("{", 400, "the body is no JSON: line 1, column 2: a key should begin here"),
            ("[]", 400, "the body is no JSON object"),
            (
                "{\"name\": 1, \"name\": 2}", 400,
                "the body is no JSON: line 1, column 13: this key is there twice"
            ),
            (
                String(repeating: "[", count: 60_000), 400,
                "the body is no JSON: line 1, column 17: it is nested more than 16 deep"
            ),
            (
                "{}", 422,
                "'name' is missing: \(NameRule.hint); \(Self.missing)"
            ),
            ("{\"name\": \"a b\", \"roles\": []}", 422, "'name' has to be \(NameRule.hint)"),
            (
                "{\"name\": \"ada\", \"roles\": [{}]}", 422,
                "'roles[0].role' is missing: \(Self.roles)"
            ),
            (
                "{\"name\": \"ada\", \"roles\": [{\"role\": \"king\"}]}", 422,
                "'roles[0].role' has to be \(Self.roles)"
            ),
            (
                "{\"name\": \"ada\", \"roles\": [{\"role\": \"admin\", \"pipeline\": []}]}", 422,
                "'roles[0].pipeline' is not known here: \(Self.grants)"
            ),
            (
                "{\"name\": \"ada\", \"roles\": [], \"expires\": \"tomorrow\"}", 422,
                "'expires' has to be a time such as '2027-01-01T00:00:00Z'"
            ),
            (
                "{\"name\": \"ada\", \"roles\": [], \"expires\": \"2027-02-30T00:00:00Z\"}", 422,
                "'expires' has to be a time such as '2027-01-01T00:00:00Z'"
            ),
            (
                "{\"name\": \"ada\", \"roles\": [], \"a\\u0007\": 1}", 422,
                "'a\\u{7}' is not known here: there are 'name', 'roles', 'about', 'expires'"
            ),
            ("{\"name\": \"ada\", \"roles\": []}", 422, "the token has 0 roles"),
        ])
    func refused(body: String, status: Int, detail: String) async throws {
        let scene = try Scene(definitions: [])
        let admin = try scene.people.token(.admin)
        let response = await scene.ask(.post, "/api/v1/tokens", as: admin, json: body)
        #expect(response.status == status)
        #expect(try response.json["detail"]?.string == detail)
        #expect(response.headers["Content-Type"] == "application/problem+json")
    }

    @Test(
        "is of the type that is read here",
        arguments: [
            ("application/json", 404), ("application/json; charset=UTF-8", 404),
            ("Application/JSON ;charset=\"utf-8\"", 404), ("text/plain", 415), ("", 415),
            ("application/json; charset=latin1", 415),
            ("application/x-www-form-urlencoded", 415), ("application/jsonp", 415),
        ])
    func types(type: String, status: Int) async throws {
        let scene = try Scene()
        let dev = try scene.people.token(.developer)
        let response = await scene.ask(
            .post, Self.stop, as: dev, body: Array("{}".utf8), type: type)
        #expect(response.status == status)
    }

    @Test func `is not too long`() async throws {
        let scene = try Scene()
        let dev = try scene.people.token(.developer)
        let long = "{\"reason\": \"\(String(repeating: "x", count: 70_000))\"}"
        #expect(await scene.ask(.post, Self.stop, as: dev, json: long).status == 413)
    }

    @Test func `is letters`() async throws {
        let scene = try Scene()
        let dev = try scene.people.token(.developer)
        let response = await scene.ask(
            .post, Self.stop, as: dev, body: Array("{\"reason\": \"".utf8) + [0xFF, 0x22, 0x7D],
            type: "application/json")
        #expect(response.status == 400)
        #expect(
            try response.json["detail"]?.string
                == "the body is no JSON: line 1, column 1: it is not UTF-8")
    }

    @Test(
        "is asked for in words that are known",
        arguments: [
            ("limit=0", "'limit' is no number that can be used here"),
            ("limit=201", "'limit' is no number that can be used here"),
            ("limit=x", "'limit' is no number that can be used here"),
            ("limit=1&limit=2", "'limit' is there twice"),
            ("limt=1", "'limt' is not known in this query"),
            ("after=x", "'after' is no cursor of this list"),
            ("after=-1", "'after' is no cursor of this list"),
            ("after=01", "'after' is no cursor of this list"),
        ])
    func query(query: String, detail: String) async throws {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        let response = await scene.ask(
            .get, "/api/v1/pipelines/shop/executions?\(query)", as: token)
        #expect(response.status == 400)
        #expect(try response.json["detail"]?.string == detail)
    }

    @Test(
        "goes to what there is",
        arguments: [
            "/", "/api", "/api/v1", "/api/v2/pipelines", "/api/v1/pipelines/a b",
            "/api/v1/pipelines/shop/executions/0", "/api/v1/pipelines/shop/executions/01",
            "/api/v1/pipelines/shop/executions/x", "/api/v1/pipelines/shop/executions/99999999999",
            "/api/v1/approvals/shop~1~prod~1", "/api/v1/approvals/~", "/badges/.svg",
            "/api/v1/pipelines/shop/executions/1/attempts/build/1/@before-0/1/log",
        ])
    func nowhere(path: String) async throws {
        let scene = try Scene()
        let token = try scene.people.token(.admin)
        #expect(await scene.ask(.get, path, as: token).status == 404)
    }

    @Test func `is done by the methods that are told`() async throws {
        let scene = try Scene()
        let wrong = await scene.ask(.patch, "/api/v1/pipelines/shop")
        #expect(wrong.status == 405)
        #expect(wrong.headers["Allow"] == "GET, PUT, DELETE, HEAD, OPTIONS")
        let options = await scene.ask(.options, "/api/v1/pipelines/shop")
        #expect(options.status == 204)
        #expect(options.headers["Allow"] == wrong.headers["Allow"])
        #expect(await scene.ask(.head, "/healthz").status == 200)
    }

    @Test func `is answered in a way that no browser makes more of`() async throws {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        for path in ["/healthz", "/api/v1/me", "/nowhere", "/api/v1/events"] {
            let response = await scene.ask(.get, path, as: token)
            response.stream?.end()
            #expect(response.headers["X-Content-Type-Options"] == "nosniff")
            #expect(
                response.headers["Content-Security-Policy"]
                    == "default-src 'none'; frame-ancestors 'none'")
            #expect(response.headers["Referrer-Policy"] == "no-referrer")
            #expect(response.headers["Cache-Control"] == "no-store")
            #expect(response.headers.all("Access-Control-Allow-Origin").isEmpty)
        }
    }
}
