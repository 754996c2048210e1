import Engine
import HTTP
import JSON
import People
import Pipelines
import Server
import Store
import Support
import Testing

@Suite("People, secrets and the record", .timeLimit(.minutes(1))) struct PeopleRouteTests {
    @Test func `a token is told once, lets its owner in, and is revoked for good`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        let wish = """
            {"name": "bea", "about": "her laptop", "expires": "2028-01-01T00:00:00Z",
             "roles": [{"role": "viewer", "pipelines": ["sh*"]}, {"role": "developer",
             "pipelines": ["site"], "environments": ["test"]}]}
            """
        let made = await scene.ask(
            .post, "/api/v1/tokens", as: admin, json: wish, ["Idempotency-Key": "k"])
        #expect(made.status == 201)
        let token = try #require(try made.json["token"]?.string)
        let again = await scene.ask(
            .post, "/api/v1/tokens", as: admin, json: wish, ["Idempotency-Key": "k"])
        #expect(try again.json["token"]?.string != token)
        let me = try await scene.read("/api/v1/me", as: token)
        #expect(me["name"]?.string == "bea")
        #expect(me["expires"]?.string == "2028-01-01T00:00:00.000Z")
        #expect(me["roles"]?[1]?["environments"]?[0]?.string == "test")
        let list = try await scene.read("/api/v1/tokens", as: admin)
        #expect(!list.text.contains(token))
        #expect(list["items"]?.elements.count == 3)
        let path = "/api/v1/tokens/\(try #require(try made.json["id"]?.string))"
        #expect(await scene.ask(.delete, path, as: admin).status == 204)
        #expect(await scene.ask(.get, "/api/v1/me", as: token).status == 401)
        let words = try await scene.read("/api/v1/tokens", as: admin)["items"]?.elements
            .compactMap { $0["status"]?.string }
        #expect(words?.sorted() == ["revoked", "valid", "valid"])
    }

    @Test func `the last token of an administrator stays`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        let id = try TokenText(parsing: admin).id
        let response = await scene.ask(.delete, "/api/v1/tokens/\(id)", as: admin)
        #expect(response.status == 409)
    }

    @Test func `what somebody is called in commits is kept`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        let put = await scene.ask(
            .put, "/api/v1/people/ada", as: admin, json: "{\"aliases\": [\"ada@example.org\"]}")
        #expect(put.status == 200)
        let list = try await scene.read("/api/v1/people", as: admin)
        let ada = list["items"]?.elements.first { $0["name"]?.string == "ada" }
        #expect(ada?["aliases"]?[0]?.string == "ada@example.org")
        #expect(await scene.ask(.delete, "/api/v1/people/ada", as: admin).status == 204)
    }

    @Test func `everybody is told with what they may do, and by which token`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        let token = try scene.people.token(
            "zoe",
            [
                Grant(.releaseManager, pipelines: [try Glob(parsing: "sh*")]),
                Grant(.viewer, environments: [try Glob(parsing: "test")]),
            ], expiresIn: 60)
        let gone = try scene.people.token("yan", [Grant(.viewer)])
        try scene.people.revoke(gone)
        let alias = "{\"aliases\": [\"Ben\"]}"
        #expect(
            await scene.ask(.put, "/api/v1/people/ben", as: admin, json: alias).status == 200)
        let first = try await scene.read("/api/v1/people?limit=1", as: admin)
        #expect(first["items"]?[0]?["name"]?.string == "a-admin")
        #expect(first["next"]?.string == "a-admin")
        let rest = try await scene.read("/api/v1/people?after=a-admin", as: admin)
        let people = rest["items"]?.elements ?? []
        #expect(people.map { $0["name"]?.string } == ["ben", "zoe"])
        #expect(people[0]["roles"]?.elements.isEmpty == true)
        let roles = people[1]["roles"]?.elements ?? []
        #expect(roles.map { $0["role"]?.string } == ["release-manager", "viewer"])
        #expect(roles[0]["pipelines"]?[0]?.string == "sh*")
        #expect(roles[1]["environments"]?[0]?.string == "test")
        let id = try TokenText(parsing: token).id.description
        #expect(roles.allSatisfy { $0["token"]?.string == id && $0["expires"]?.string != nil })
        #expect(!rest.text.contains(token))
    }

    @Test func `no answer holds a secret`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        let path = "/api/v1/secrets/key"
        let value = Array("s3cr\u{0}t value".utf8)
        for version in 1...2 {
            let put = await scene.ask(
                .put, path, as: admin, body: value, type: "application/octet-stream")
            #expect(put.status == 200)
            #expect(try put.json["version"]?.int == version)
            #expect(!put.text.contains("s3cr"))
        }
        let list = try await scene.read("/api/v1/secrets", as: admin)
        #expect(list["items"]?[0]?["name"]?.string == "key")
        #expect(!list.text.contains("s3cr"))
        #expect(scene.desk.view.state.people.secrets.values.first == 2)
        #expect(await scene.ask(.delete, path, as: admin).status == 204)
        #expect(await scene.ask(.delete, path, as: admin).status == 404)
        let audit = try await scene.read("/api/v1/audit?limit=200", as: admin)
        #expect(!audit.text.contains("s3cr"))
        #expect(audit.text.contains("secret.removed"))
    }

    @Test func `the record is listed, verified and copied`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        try scene.start()
        let last = scene.desk.view.state.sequence
        var sequences: [Int] = []
        var path = "/api/v1/audit?limit=3"
        while true {
            let page = try await scene.read(path, as: admin)
            sequences += page["items"]?.elements.compactMap { $0["sequence"]?.int } ?? []
            guard let next = page["next"]?.string else { break }
            path = "/api/v1/audit?limit=3&after=\(next)"
        }
        #expect(sequences == Array(1...last))
        let verdict = try await scene.read("/api/v1/audit/verification", as: admin)
        #expect(verdict["clean"] == true)
        #expect(verdict["records"]?.int == last)
        let backup = await scene.ask(.get, "/api/v1/backup", as: admin)
        let listener = Listener(try #require(backup.stream))
        let bytes = await listener.bytes()
        #expect(bytes.prefix(15) == Array("SQLite format 3".utf8)[...])
    }
}
