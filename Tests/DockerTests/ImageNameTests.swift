import Docker
import HTTP
import Testing

@Suite("The name of an image") struct ImageNameTests {
    @Test(
        "is a repository and a version",
        arguments: [
            ("debian", "debian", "latest"), ("debian:12", "debian", "12"),
            ("localhost:5000/a/b", "localhost:5000/a/b", "latest"),
            ("localhost:5000/a/b:c", "localhost:5000/a/b", "c"),
            ("a/b@sha256:12", "a/b", "sha256:12"),
        ])
    func parts(text: String, repository: String, version: String) {
        let image = ImageName(text)
        #expect(image.repository == repository)
        #expect(image.version == version)
        #expect(image.description == text)
    }
}

@Suite("A request") struct EngineRequestTests {
    @Test func `keeps apart what belongs to a path and what to a value`() {
        let request = EngineRequest(
            "look", .get, "/x", query: [("filters", "{\"a\":[\"b=c&d\"]}"), ("all", "1")])
        #expect(request.target == "/x?filters=%7B%22a%22%3A%5B%22b%3Dc%26d%22%5D%7D&all=1")
    }
}

@Suite("What the Engine tells while it pulls") struct PullStoryTests {
    @Test func `may end in a failure`() {
        var story = PullStory()
        let text = "{\"status\":\"Pulling\"}\r\n{\"errorDetail\":{},\"error\":\"no such tag\"}\r\n"
        let bytes = Array(text.utf8)
        for byte in bytes { story.feed([byte]) }
        story.finish()
        #expect(story.problem == "no such tag")
    }
}
