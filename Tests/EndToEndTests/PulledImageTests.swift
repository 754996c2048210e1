import Glibc
import Support
import Testing

/// The process of the tests' Engine, in whose own network a relay stands for the registry.
private let engineID: String? = TestEngine.socket.flatMap { socket in
    let place = socket.split(separator: "/").dropLast().joined(separator: "/")
    return (try? Program.run(["/bin/cat", "/\(place)/pid"]))?.output.split(separator: "\n").first
        .map(String.init)
}

@Suite(
    "An image that 'docker' pulls and runs",
    .enabled(
        if: TestRegistry.running != nil && engineID != nil && getuid() == 0,
        "\(TestRegistry.reason); \(TestEngine.reason)"))
struct PulledImageTests {
    /// A Dockerfile, and an image of the same that was saved.
    private static let files = """
        cp /usr/bin/busybox . && mkdir bin && cp busybox bin/sh && echo hello from here > greeting
        show='read -r line < /greeting; echo $line'
        printf 'FROM scratch\\nCOPY busybox /bin/sh\\nCOPY greeting /\\nCMD %s\\n' "$show" \\
          > Dockerfile
        mkdir saved && tar -cf saved/layer.tar --owner=0 --group=0 --mtime=@0 bin greeting
        layer=$(sha256sum saved/layer.tar | cut -d' ' -f1)
        printf '{"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/sh","-c","%s"]},
          "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$show" $layer > saved/config.json
        printf '[{"Config":"config.json","RepoTags":["made:1"],"Layers":["layer.tar"]}]' \\
          > saved/manifest.json
        tar -C saved -cf saved.tar manifest.json config.json layer.tar && rm -r saved bin
        """

    private func project(_ image: String) throws -> ImageProject {
        let project = try ImageProject(
            """
              - name: image
                actions: { send: { image: { \(image), repository: PLAIN, tags: v1 } } }
            """)
        let made = try project.sh(
            Self.files.replacing("amd64", with: Self.architecture))
        try #require(made.code == 0, "\(made.errors)")
        try project.commit()
        return project
    }

    private static let architecture: String = {
        #if arch(arm64)
            "arm64"
        #else
            "amd64"
        #endif
    }()

    @Test(
        "by the digest that was told",
        arguments: [
            "context: app, runner: docker", "context: app, runner: process",
            "archive: app, path: saved.tar",
            "context: app, runner: docker, platforms: [linux/amd64, linux/arm64]",
            "context: app, runner: process, platforms: [linux/amd64, linux/arm64]",
        ])
    func pulled(image: String) throws {
        let project = try project(image)
        let ran = try project.run()
        try #require(ran.code == 0, "\(ran.output)\(ran.errors)")
        let pushed = try #require(
            ran.output.firstMatch(of: /pushed \S+@(sha256:[0-9a-f]{64}):/))
        let name = "127.0.0.1:$RELAY/\(project.repository)@\(pushed.1)"
        try project.folder.write(
            """
            set -e
            docker pull -q \(name) > runners/pulled
            docker image inspect --format '{{.Architecture}} {{index .RepoDigests 0}}' \(name) |
              sed 's/ .*@/ /'
            docker run --rm --network none \(name)
            docker rmi -f \(name) > runners/removed
            """, to: "runners/pull")
        let relay = #filePath.replacing("PulledImageTests.swift", with: "EngineRelay/relay.py")
        let port = try #require(project.registry.plain.split(separator: ":").last)
        let pulled = try project.sh(
            "export DOCKER_HOST=unix://\(TestEngine.socket ?? "") && exec 2>&1 && "
                + "python3 '\(relay)' \(engineID ?? "") \(port) /bin/sh runners/pull")
        #expect(pulled.output == "\(Self.architecture) \(pushed.1)\nhello from here\n")
    }
}
