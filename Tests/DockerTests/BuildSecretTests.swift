import Docker
import FoundationEssentials
import Glibc
import HTTP
import JSON
import Support
import Testing

@Suite(
    "A secret that a build needs",
    .enabled(if: TestEngine.socket != nil, "\(TestEngine.reason)"))
struct BuildSecretTests {
    private struct Information: Decodable {
        let folder: String

        private enum CodingKeys: String, CodingKey { case folder = "DockerRootDir" }
    }

    /// Where the Engine has all that it keeps.
    private static func folder(of engine: DockerEngine) throws -> String {
        let told = try engine.perform(EngineRequest("tell of itself", .get, "/info"))
        return try JSONDecoder().decode(Information.self, from: Data(told)).folder
    }

    /// Whether a text is in a file, or in any below a folder. What builds needed for a moment may
    /// go while it is looked at.
    private static func has(_ text: String, in path: String) throws -> Bool {
        let words = ["/usr/bin/grep", "-rlaF", "-f", "-", "--", path]
        return try !Program.run(words, input: text).output.isEmpty
    }

    @Test func `is found by its command and by nobody else`() throws {
        let secret = "opensesame-\(UUID())"
        let word = "argument-\(UUID())"
        let test = try TestBuild(secrets: ["token": secret])
        test.build.arguments = ["WORD": word]
        let image = try test.run(
            """
            ARG WORD
            RUN --mount=type=secret,id=token \
            echo "length=$(cat /run/secrets/token | wc -c)" && echo "$WORD" >/word
            RUN test ! -s /run/secrets/token
            """)
        #expect(test.text.contains("length=\(secret.utf8.count)"))
        let history = try test.engine.perform(
            EngineRequest("tell how it was made", .get, "/images/\(image)/history"))
        let told = String(decoding: history, as: UTF8.self)
        _ = try test.saved(image)
        let saved = test.folder.file("saved")
        // What is looked for would be found: the argument is, in all of these places.
        #expect(told.contains(word) && !told.contains(secret))
        #expect(try Self.has(word, in: saved))
        #expect(try !Self.has(secret, in: saved))
        #expect(test.text.contains(word) && !test.text.contains(secret))
        guard geteuid() == 0 else { return }
        let folder = try Self.folder(of: test.engine)
        #expect(try Self.has(word, in: folder))
        #expect(try !Self.has(secret, in: folder))
    }

    @Test func `stays with its command also where that fails`() throws {
        let secret = "opensesame-\(UUID())"
        let word = "argument-\(UUID())"
        let test = try TestBuild(secrets: ["token": secret])
        var problem: BuildProblem?
        do {
            try test.run(
                """
                RUN --mount=type=secret,id=token test -s /run/secrets/token && false \(word)
                """)
        } catch let found as BuildProblem { problem = found }
        let words = try #require(problem).description
        #expect(words.contains(word) && !words.contains(secret))
        #expect(test.text.contains(word) && !test.text.contains(secret))
        guard geteuid() == 0 else { return }
        #expect(try !Self.has(secret, in: Self.folder(of: test.engine)))
    }

    @Test func `may be as long as BuildKit takes`() throws {
        let secret = String(repeating: "0123456789", count: SessionServices.longestSecret / 10)
        let test = try TestBuild(secrets: ["long": secret])
        try test.run(
            """
            RUN --mount=type=secret,id=long echo "\(test.name) length=$(wc -c </run/secrets/long)"
            """)
        #expect(test.text.contains("length=\(SessionServices.longestSecret)"))
    }

    @Test func `that nobody has given ends the build, by its name`() throws {
        let test = try TestBuild(secrets: ["token": "opensesame"])
        #expect {
            try test.run("RUN --mount=type=secret,id=other,required cat /run/secrets/other")
        } throws: { error in
            guard case .failed(let problem, _) = error as? BuildProblem else { return false }
            return problem.contains("other") && !problem.contains("opensesame")
        }
    }

    /// Busybox plays the registry, in the Engine's own network: it has no image, and tells that
    /// only to whom it knows.
    @Test func `opens a registry of base images`() throws {
        let test = try TestBuild()
        let port = Int.random(in: 20_000...32_000)
        let registry = "127.0.0.1:\(port)"
        let script = """
            mkdir -p /tmp/w/v2 && echo '/v2:ada:opensesame' >/tmp/c && echo ready
            exec busybox httpd -f -p \(registry) -c /tmp/c -h /tmp/w
            """
        let container = try test.engine.create([
            "Image": .string(TestEngine.image), "Cmd": ["/bin/sh", "-c", .string(script)],
            "HostConfig": ["NetworkMode": "host"],
        ])
        defer { try? test.engine.remove(container: container) }
        try test.engine.start(container)
        let base = "FROM \(registry)/private:1\n"
        func words() throws -> String {
            do {
                try test.run(base)
                return ""
            } catch let problem as BuildProblem { return problem.description }
        }
        // Until busybox listens.
        for _ in 0..<200 where try !words().contains("refused") { break }
        #expect(try words().contains("401"))
        test.services = try SessionServices(logins: [
            registry: .init(user: "ada", password: "opensesame")
        ])
        #expect(try words().contains("not found"))
        #expect(!test.text.contains("opensesame"))
    }
}
