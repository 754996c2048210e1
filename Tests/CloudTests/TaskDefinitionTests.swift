import Cloud
import JSON
import Testing

@Suite("A task definition") struct TaskDefinitionTests {
    private func definition(_ containers: String, _ more: String = "") throws -> TaskDefinition {
        let text = "{\"family\":\"shop\",\"containerDefinitions\":[\(containers)]\(more)}"
        return try TaskDefinition(CopiedJSON.reading(Array(text.utf8)), from: "'taskdef.json'")
    }

    private func mistake(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "gets the image where it belongs",
        arguments: [
            (
                "{\"name\":\"web\",\"image\":\"<IMAGE1_NAME>\"},{\"name\":\"b\",\"image\":\"c\"}",
                nil
            ),
            ("{\"name\":\"web\",\"image\":\"a:1\"}", nil),
            ("{\"name\":\"web\",\"image\":\"a:1\"},{\"name\":\"b\",\"image\":\"a:2\"}", "web"),
            (
                "{\"name\":\"web\",\"image\":\"r.io:5/shop:1\"},{\"name\":\"b\",\"image\":\"c\"}",
                nil
            ),
        ] as [(String, String?)])
    func image(containers: String, name: String?) throws {
        let made = try definition(containers).with(image: "r.io:5/shop@sha256:0", in: name)
        let changed = made.containers.filter { $0.image == "r.io:5/shop@sha256:0" }
        #expect(changed.map(\.name) == ["web"])
        #expect(made.family == "shop")
    }

    @Test(
        "that would leave a doubt is refused",
        arguments: [
            (
                "{\"name\":\"a\",\"image\":\"x\"},{\"name\":\"b\",\"image\":\"y\"}", nil,
                "the task has the containers 'a', 'b', and nothing says whose image is exchanged; "
                    + "name it as 'container'"
            ),
            (
                "{\"name\":\"a\",\"image\":\"x\"}", "web",
                "the task has no container 'web'; it has 'a'"
            ),
            (
                "{\"name\":\"a\",\"image\":\"<A>\"},{\"name\":\"b\",\"image\":\"<B>\"}", "a",
                "no image is given for '<B>'"
            ),
        ] as [(String, String?, String)])
    func doubt(containers: String, name: String?, why: String) throws {
        let definition = try definition(containers)
        #expect(mistake { _ = try definition.with(image: "i@sha256:0", in: name) } == why)
    }

    @Test func `from the console loses what only AWS says of it, and nothing else`() throws {
        let more = """
            ,"cpu":"256","volumes":[],"revision":3,"registeredBy":"x","status":"ACTIVE",\
            "requiresAttributes":[{"name":"a"}],"compatibilities":["EC2"]
            """
        let made = try definition("{\"name\":\"a\",\"image\":\"x\"}", more)
        #expect(made.members.map(\.key) == ["containerDefinitions", "cpu", "family"])
        let strange = mistake {
            _ = try definition("{\"name\":\"a\",\"image\":\"x\"}", ",\"memry\":1")
        }
        #expect(strange == "'taskdef.json' has 'memry', which no task definition has")
    }

    @Test(
        "is no other file",
        arguments: ["", "[]", "{\"family\":\"a\"}", "{\"containerDefinitions\":[{}]}"])
    func other(text: String) {
        let why = mistake {
            _ = try TaskDefinition(CopiedJSON.reading(Array(text.utf8)), from: "'a'")
        }
        #expect(why?.hasPrefix("'a' is no task definition: it ") == true)
    }
}
