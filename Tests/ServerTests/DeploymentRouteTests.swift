import Deployment
import Engine
import HTTP
import JSON
import People
import Support
import Testing

@Suite("A deployment as people steer it", .timeLimit(.minutes(1))) struct DeploymentRouteTests {
    @Test func `asks in the inbox before people get the new version, as a gate does`() async throws
    {
        let asking = Scene.deploying.replacing(
            "artifact: binary", with: "artifact: binary\n          pause: approval")
        let scene = try Scene(definitions: [asking])
        let token = try scene.people.token(.releaseManager)
        try scene.ship("v1")
        #expect(try scene.site().current == nil)
        let items = try await scene.read("/api/v1/approvals", as: token)["items"]?.elements ?? []
        #expect(items.map { $0["execution"]?.string } == ["shop/1"])
        let asked = try #require(items.first)
        #expect(asked["stage"]?.string == "ship")
        #expect(asked["may-answer"] == .bool(true))
        let place = "/api/v1/approvals/\(try #require(asked["id"]?.string))"
        #expect(try await scene.read(place, as: token)["subject"] == asked["subject"])
        let word = "{\"verdict\": \"approve\", \"subject\": \"\(asked["subject"]?.string ?? "")\"}"
        #expect(await scene.ask(.post, place, as: token, json: word).status == 200)
        try scene.obey()
        #expect(try scene.site().current == ReleaseID(1))
        let shown = try await scene.read("/api/v1/pipelines/shop/executions/1", as: token)
        #expect(shown["approvals"]?[0]?["status"]?.string == "approved")
        #expect(shown["status"]?.string == "succeeded")
    }

    @Test func `that waits for a freeze to end is let through by whoever may release`() async throws
    {
        let freeze = "freeze: { from: 2026-12-20, to: 2026-12-24, reason: after work }"
        let freezing = Scene.deploying.replacing(
            "about: what people see", with: "about: what people see\n    \(freeze)")
        let scene = try Scene(definitions: [freezing])
        let token = try scene.people.token(.releaseManager)
        let place = "/api/v1/environments/prod"
        try scene.ship("v1")
        let shown = try await scene.read(place, as: token)
        #expect(shown["frozen"]?.string == "after work")
        #expect(shown["waiting"]?.int == 1)
        let why = "{\"reason\": \"a hole\"}"
        #expect(await scene.ask(.post, "\(place)/thaw", as: token, json: why).status == 200)
        try scene.obey()
        #expect(try scene.site().current == ReleaseID(1))
        #expect(await scene.ask(.post, "\(place)/thaw", as: token, json: why).status == 409)
        let silent = await scene.ask(.post, "\(place)/thaw", as: token, json: "{}")
        #expect(silent.status == 422)
    }

    @Test func `that brings in what is in another environment is shown, and then begun`()
        async throws
    {
        let text = Scene.deploying.replacing(
            "  prod:\n", with: "  live: { services: { web: { run: exec ./web } } }\n  prod:\n")
        let stage =
            "\n  - name: live\n    before: [wait: 1h]\n    actions:\n      on: "
            + "{ deploy: { environment: live, artifact: binary, strategy: all-at-once } }\n"
        let scene = try Scene(definitions: [text + stage])
        let token = try scene.people.token(.releaseManager)
        let place = "/api/v1/environments/live/promotion"
        let nothing = await scene.ask(.post, place, as: token, json: "{\"from\": \"prod\"}")
        #expect(nothing.status == 409)
        try scene.shipWholly("v1")
        let wish = "{\"from\": \"prod\", \"release\": \"r1\"}"
        let plan = await scene.ask(.post, "\(place)?dry-run=true", as: token, json: wish)
        let shown = try plan.json
        #expect(plan.status == 200)
        #expect(shown["version"]?.string == "v1")
        #expect(shown["revisions"]?[0]?["commit"]?.string == "c-v1")
        #expect(shown["stage"]?.string == "live")
        #expect(shown["gates"]?.elements.count == 1)
        #expect(shown["steps"]?[0]?["sentence"]?.string == "start r1")
        #expect(shown["execution"] == .null)
        let done = await scene.ask(.post, place, as: token, json: wish)
        #expect(try done.json["execution"]?.string == "shop/2")
        let stale = "{\"from\": \"prod\", \"release\": \"r9\"}"
        #expect(await scene.ask(.post, place, as: token, json: stale).status == 409)
        let unknown = "{\"from\": \"nowhere\"}"
        #expect(await scene.ask(.post, place, as: token, json: unknown).status == 404)
    }
}
