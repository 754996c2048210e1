import Docker
import Support
import Testing

@Suite(
    "An image that a pipeline builds",
    .enabled(
        if: TestRegistry.running != nil && TestEngine.socket != nil,
        "\(TestRegistry.reason); \(TestEngine.reason)"))
struct ImageBuildRunTests {
    private static let stages = """
          - name: image
            actions:
              build:
                image:
                  context: app
                  repository: PLAIN
                  tags: v1
                  args: { VERSION: "#{app.commit}" }
                  labels: { team: "shop & more" }
                  secrets: token
        """

    private static let plain = stages.replacing("\n          secrets: token", with: "")

    @Test func `is of the commit, with its labels and none of its secrets`() throws {
        let project = try ImageProject(Self.stages)
        try project.folder.write(
            """
            FROM \(TestEngine.image)
            ARG VERSION
            RUN --mount=type=secret,id=token cat /run/secrets/token; echo "$VERSION" > /version
            COPY . /app
            """, to: "Dockerfile")
        try project.folder.write("*.secret\n.slipway\nrunners\nregistries\n", to: ".dockerignore")
        try project.folder.write("open-sesame-\(project.repository)", to: "token.secret")
        try project.commit()
        let ran = try project.run("--secret token=token.secret")
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("***"))
        #expect(try project.sh("grep -rl open-sesame .slipway").output.isEmpty)
        let config = try project.inspect("v1").output
        let commit = try project.sh("git rev-parse HEAD").output.prefix { $0 != "\n" }
        #expect(config.contains("image.revision\": \"\(commit)\""))
        #expect(config.contains("image.created\": \"2023-11-14T22:13:20"))
        #expect(config.contains("shop"))
        #expect(!config.contains("open-sesame"))
        // Nothing of it stays at the Engine.
        let script = """
            import http.client, socket, sys
            connection = http.client.HTTPConnection("docker")
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.connect(sys.argv[1])
            connection.request("GET", "/images/json")
            print(connection.getresponse().read().decode())
            """
        let left = try Program.run([
            "/usr/bin/python3", "-c", script, try #require(TestEngine.socket),
        ])
        #expect(left.output.contains("slipway-test"))
        let name = BuildName(house: "\(project.folder.path)/.slipway", owner: "any", number: 0)
        let house = try #require("\(name)".split(separator: ":").first)
        #expect(house.hasPrefix("slipway.invalid/") && !left.output.contains(house))
    }

    @Test func `is run by an Engine that gets it from the registry`() throws {
        let project = try ImageProject(Self.plain)
        try project.folder.write(
            "FROM \(TestEngine.image)\nARG VERSION\nRUN echo of $VERSION > /version\n",
            to: "Dockerfile")
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        let commit = try project.sh("git rev-parse HEAD").output.prefix { $0 != "\n" }
        // The tests' Engine reaches no network, so skopeo carries it there.
        let back = "slipway-back:\(project.repository.split(separator: "/")[1])"
        let socket = try #require(TestEngine.socket)
        let shown = try project.sh(
            """
            exec 2>&1; export DOCKER_HOST=unix://\(socket)
            skopeo copy -q --src-tls-verify=false --dest-daemon-host $DOCKER_HOST \
              docker://\(project.registry.plain)/\(project.repository):v1 docker-daemon:\(back)
            docker run --rm --network none \(back) cat /version; docker rmi -f \(back) > /dev/null
            """)
        #expect(shown.output == "of \(commit)\n")
    }

    @Test func `and that a killed build has left is removed by the house's next start`() throws {
        let project = try ImageProject(Self.plain)
        try project.folder.write(
            "FROM \(TestEngine.image)\nCOPY Dockerfile /\n", to: "Dockerfile")
        try project.commit()
        let home = "\(project.folder.path)/.slipway"
        let left = BuildName(house: home, owner: "\(home)/gone", number: 1)
        let foreign = BuildName(house: "\(home)x", owner: "\(home)/gone", number: 1)
        let docker = "docker -H unix://\(try #require(TestEngine.socket))"
        for name in [left, foreign] {
            #expect(try project.sh("\(docker) tag \(TestEngine.image) \(name)").code == 0)
        }
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(try project.sh("\(docker) image inspect \(left)").code != 0)
        #expect(try project.sh("\(docker) rmi \(foreign)").code == 0)
        // Nor is the image itself left in a file.
        #expect(try project.sh("find .slipway -size +500k ! -name '*.db*'").output.isEmpty)
    }

    @Test func `leaves nothing out by what lies behind a link`() throws {
        let project = try ImageProject(Self.plain)
        try project.folder.write("FROM scratch\nCOPY Dockerfile /\n", to: "Dockerfile")
        #expect(try project.sh("ln -s /etc/passwd .dockerignore").code == 0)
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 1)
        #expect(ran.output.contains("'.dockerignore' leads over a link"), "\(ran.output)")
        #expect(!ran.output.contains("root:"))
    }

    @Test func `is none where a command of its Dockerfile fails, and the log says which`() throws {
        let project = try ImageProject(Self.plain)
        try project.folder.write(
            "FROM \(TestEngine.image)\nRUN echo last words; exit 3\n", to: "Dockerfile")
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 1)
        #expect(ran.output.contains("last words"))
        #expect(ran.output.contains("exit code: 3"))
        #expect(try project.inspect("v1").code != 0)
    }

    @Test func `is left alone when it is stopped, and nothing is pushed`() throws {
        let project = try ImageProject(Self.plain)
        try project.folder.write(
            "FROM \(TestEngine.image)\nRUN echo started; while :; do sleep 1; done\n",
            to: "Dockerfile")
        try project.commit()
        let told = try project.run(stoppedAt: "started")
        #expect(told.contains("code 3"), "\(told)")
        #expect(try project.inspect("v1").code != 0)
    }
}
