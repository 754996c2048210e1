import Images
import Testing

@Suite("The images that a Dockerfile names") struct DockerfileTests {
    private func bases(
        _ text: String, _ arguments: [String: String] = [:], target: String? = nil
    ) throws -> [String] {
        try read(text, arguments, target: target).all.map {
            "\($0.reference)" + ($0.platform == Self.target ? "" : " for \($0.platform)")
        }
    }

    private func read(
        _ text: String, _ arguments: [String: String] = [:], target: String? = nil
    ) throws -> DockerfileBases {
        try DockerfileBases(
            parsing: Array(text.utf8), arguments: arguments, target: target,
            for: Self.target, on: Platform(system: "linux", architecture: "amd64"))
    }

    private static let target = Platform(system: "linux", architecture: "arm64")
    private static let digest = "sha256:\(String(repeating: "a", count: 64))"

    @Test(
        "are called as their registries know them",
        arguments: [
            ("FROM debian:12", ["docker.io/library/debian:12"]),
            ("from team/base", ["docker.io/team/base"]),
            ("FROM index.docker.io/debian", ["docker.io/library/debian"]),
            ("FROM r.example:5000/a/b:1 AS one", ["r.example:5000/a/b:1"]),
            ("FROM docker://r.example/a", ["r.example/a"]),
            ("FROM r.example/a@\(digest)", ["r.example/a@\(digest)"]),
            ("FROM r.example/a:1@\(digest)", ["r.example/a:1@\(digest)"]),
            ("FROM scratch", []),
            ("FROM docker-archive:base.tar", []),
            ("FROM oci-archive:base.tar", []),
            ("\u{FEFF}FROM a\r\nRUN b\r\n", ["docker.io/library/a"]),
            ("FROM --platform=$TARGETPLATFORM a", ["docker.io/library/a"]),
            (
                "FROM --platform=$BUILDPLATFORM a AS made\nFROM a\nCOPY --from=made / /",
                ["docker.io/library/a for linux/amd64", "docker.io/library/a"]
            ),
            ("FROM --platform=linux/ARM/v7 a", ["docker.io/library/a for linux/arm/v7"]),
        ])
    func names(text: String, expected: [String]) throws {
        #expect(try bases(text) == expected)
    }

    @Test(
        "are those that its arguments stand for",
        arguments: [
            ("ARG B=a\nFROM $B", ["docker.io/library/a"]),
            ("ARG B=a\nARG T=${B}-slim\nFROM r.example/${T}:${V:-1}", ["r.example/a-slim:1"]),
            ("ARG B=\"a\"\nFROM \"${B}\"", ["docker.io/library/a"]),
            ("ARG GIVEN=a\nFROM $GIVEN", ["docker.io/library/given"]),
            ("ARG GIVEN\nFROM ${GIVEN:+set}", ["docker.io/library/set"]),
            ("FROM a-${TARGETARCH}", ["docker.io/library/a-arm64"]),
            (
                "FROM a\nARG S=b\nCOPY --from=$S / /",
                ["docker.io/library/a", "docker.io/library/b"]
            ),
        ])
    func arguments(text: String, expected: [String]) throws {
        #expect(try bases(text, ["GIVEN": "given"]) == expected)
    }

    @Test func `are no stages, and each is named once`() throws {
        let text = """
            FROM a AS One
            FROM one AS two
            FROM b
            COPY --from=ONE /x /x
            COPY --chown=1:1 --from=1 /x /x
            COPY --from=c:1 /x /x
            ADD --from=a /x /x
            RUN --mount=type=bind,from=d,target=/d --mount=type=cache,target=/c ls
            RUN --mount=type=bind,from=two,target=/d echo --from=e
            """
        #expect(
            try bases(text) == ["a", "b", "c:1", "d"].map { "docker.io/library/\($0)" })
    }

    @Test(
        "are those up to the stage that is wanted",
        arguments: [("one", 1), ("TWO", 2), ("0", 1), ("2", 3), ("none", 3)])
    func target(target: String, count: Int) throws {
        let text = "FROM a AS one\nFROM b AS two\nFROM c\n"
        #expect(try bases(text, target: target).count == count)
    }

    @Test func `are not what comments, joined lines and heredocs say`() throws {
        let text = """
            # escape=`
            # FROM no1
            FROM `
            # FROM no2

              yes
            RUN echo `
              FROM no3
            RUN <<-'EOF' cat; echo $((1<<x))
            FROM no4
            EOF
            COPY <<ONE <<TWO /there/
            FROM no5
            ONE
            FROM no6
            TWO
            FROM too
            """
        #expect(try bases(text) == ["docker.io/library/yes", "docker.io/library/too"])
    }

    @Test func `are for what their stages are for, which go by other stages`() throws {
        let read = try read(
            """
            FROM --platform=$BUILDPLATFORM a AS made
            COPY --from=tool / /
            FROM made AS more
            FROM scratch
            """)
        #expect(
            read.stages.map { "\($0.line) \($0.platform)" } == [
                "1 linux/amd64", "3 linux/amd64", "4 linux/arm64",
            ])
        #expect(read.isMixed)
        #expect(read.all.map { "\($0.platform)" } == ["linux/amd64", "linux/amd64"])
        #expect(try !self.read("FROM a\nFROM --platform=linux/ARM64 b").isMixed)
    }

    @Test(
        "are told with the line where they cannot be understood",
        arguments: [
            ("\nFROM $NONE", "line 2 of the Dockerfile names no image with '$NONE'"),
            ("FROM ${A?b}", "line 1 of the Dockerfile names no image with '${A?b}'"),
            ("FROM 'a", "line 1 of the Dockerfile names no image with ''a'"),
            ("FROM", "line 1 of the Dockerfile names no image with ''"),
            ("FROM --platform=$NO a", "line 1 of the Dockerfile: '' is no platform"),
            ("FROM A_B:1", "line 1 of the Dockerfile: 'library/A_B' is no path of a repository"),
        ])
    func mistakes(text: String, problem: String) {
        #expect {
            try bases(text)
        } throws: { error in
            (error as? ImageMistake)?.problem == problem
        }
    }

    @Test func `are bounded`() {
        let text = (0...64).map { "FROM a\($0)\n" }.joined()
        #expect(throws: ImageMistake.self) { try bases(text) }
    }

    @Test func `may be read by another program, which is told`() throws {
        let text = "#syntax = r.example/other:1\nFROM a"
        #expect(try read(text).frontend == "r.example/other:1")
        #expect(try read("# a\n# syntax=b\nFROM a").frontend == nil)
        #expect(try read("FROM a", ["BUILDKIT_SYNTAX": "c"]).frontend == "c")
    }
}
