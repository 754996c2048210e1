import FoundationEssentials
import Glibc
import Support
import Testing

/// A project whose pipeline runs in containers of the tests' own Engine.
private struct ContainerProject {
    let folder: Folder

    init(_ stages: String, profile: String = "") throws {
        folder = try Folder()
        let socket = try #require(TestEngine.socket)
        try folder.write(
            "name: shop\nsources: { app: { git: . } }\nstages:\n\(stages)\n", to: "pipeline.yml")
        try folder.write("hello\n", to: "greeting")
        try folder.write("name: process\nplaces: 2\nnetwork: none\n", to: "process.yml")
        try folder.write(
            "name: docker\nkind: docker\nplaces: 2\nsocket: \(socket)\npull: never\n"
                + "network: [none]\nimage: \(TestEngine.image)\n\(profile)", to: "docker.yml")
        let made = try sh("git init -q -b main .")
        try #require(made.code == 0, "\(made.errors)")
    }

    func sh(_ script: String) throws -> Program.Result {
        try Program.run(["/bin/sh", "-c", "cd '\(folder.path)' || exit; \(script)"])
    }

    func run(_ options: String = "") throws -> Program.Result {
        try sh("'\(Slipway.path)' run --runners . \(options)")
    }

    /// Waits for something while the house lives.
    func until(_ condition: String) -> String {
        "until \(condition) 2>/dev/null || ! kill -0 $house; do sleep 0.1; done; "
    }

    /// Containers and volumes of the house.
    func left() throws -> String {
        let socket = try #require(TestEngine.socket)
        let filter = "%7B%22label%22%3A%5B%22slipway.house%3D\(folder.path)/.slipway%22%5D%7D"
        let script = """
            import http.client, json, socket, sys
            for path in ["/containers/json?all=1&filters=", "/volumes?filters="]:
                connection = http.client.HTTPConnection("docker")
                connection.sock = socket.socket(socket.AF_UNIX)
                connection.sock.connect(sys.argv[1])
                connection.request("GET", path + sys.argv[2])
                answer = json.load(connection.getresponse())
                print(answer.get("Volumes") if isinstance(answer, dict) else answer)
            """
        return try Program.run(["/usr/bin/python3", "-c", script, socket, filter]).output
    }
}

@Suite(
    "slipway run, in containers",
    .enabled(if: TestEngine.socket != nil, "\(TestEngine.reason)"))
struct DockerRunTests {
    private static let chain = """
          - name: build
            actions:
              compile:
                runner: docker
                image: slipway-test:1
                run:
                  - mkdir out; cp greeting out/; echo there >> out/greeting; echo here >> greeting
                  - { name: tell, run: "rm pipeline.yml; echo version=7 >> $SLIPWAY_EXPORTS" }
                # What one output takes the next has no more.
                outputs: { binary: out, rest: . }
                exports: version
          - name: ship
            actions:
              send:
                run: cat /inputs/binary/greeting
                inputs: [app, binary]
              show:
                runner: docker
                run: 'ls; cat /inputs/binary/greeting greeting; echo "$VERSION"'
                inputs: [rest, binary]
                environment: { VERSION: "#{compile.version}" }
        """

    @Test func `hands trees on between containers and sandboxes`() throws {
        let project = try ContainerProject(Self.chain)
        let said = try project.run()
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(said.output.contains("  ship/send | hello\n  ship/send | there\n"))
        let shown = said.output.split(separator: "\n").filter { $0.hasPrefix("  ship/show | ") }
            .map { $0.dropFirst("  ship/show | ".count) }
        #expect(
            shown == [
                "docker.yml", "greeting", "process.yml", "hello", "there", "hello", "here", "7",
            ])
        #expect(try project.left() == "[]\n[]\n")
        #expect(try project.sh("ls .slipway/run; find .slipway -name channels").output == "")
    }

    @Test func `tells what failed, and how`() throws {
        let project = try ContainerProject(
            "  - name: test\n    actions: { unit: { runner: docker, run: \"echo why; exit 3\" } }")
        let said = try project.run("--quiet")
        #expect(said.code == 1)
        #expect(said.output.contains("\ntest/unit failed: exit code 3\n  | why\n"))
    }

    @Test(
        "says before anything runs what a runner does not take",
        arguments: [
            (
                "image: other:1",
                "test/unit cannot run: runner 'docker' does not allow image "
                    + "'other:1', only 'slipway-test:*'"
            ),
            ("runner: big", "test/unit wants runner 'big', which is not here"),
        ])
    func refusals(change: String, words: String) throws {
        let runner = change.hasPrefix("runner") ? "" : "runner: docker, "
        let project = try ContainerProject(
            "  - name: test\n    actions: { unit: { \(runner)run: \"true\", \(change) } }",
            profile: "images: \"slipway-test:*\"\n")
        let said = try project.run()
        #expect(said.code == 2)
        #expect(said.errors.contains(words), "\(said.errors)")
    }

    @Test func `goes on with a container whose house was killed`() throws {
        let project = try ContainerProject(
            """
              - name: test
                actions:
                  unit:
                    runner: docker
                    run: "echo ready; while [ ! -s $SLIPWAY_EXPORTS ]; do sleep 0.1; done; echo on"
            """)
        let log = "\(project.folder.path)/.slipway/executions/shop/1/test.1/unit.1/log"
        let killed = try project.sh(
            "'\(Slipway.path)' run --runners . >/dev/null 2>&1 & house=$!; "
                + project.until("grep -q ready '\(log)'")
                + "kill -9 $house; wait $house; "
                + "echo go >> '\(project.folder.path)/.slipway/executions/shop/1/test.1/unit.1/"
                + "channels/exports'")
        #expect(killed.code == 0, "\(killed.errors)")
        let said = try project.run("--resume")
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(try project.sh("cat '\(log)'").output == "ready\non\n")
        #expect(try project.left() == "[]\n[]\n")
    }

    @Test func `repeats what was lost with its supervisor, and leaves nothing of it`() throws {
        let project = try ContainerProject(
            """
              - name: test
                actions:
                  unit:
                    runner: docker
                    run: 'echo "try $SLIPWAY_ATTEMPT"; [ "$SLIPWAY_ATTEMPT" = 2 ] || sleep 1000'
            """)
        let attempt = "\(project.folder.path)/.slipway/executions/shop/1/test.1/unit.1"
        let said = try project.sh(
            "'\(Slipway.path)' run --runners . & house=$!; "
                + project.until("grep -q try '\(attempt)/log'")
                + "kill -9 $(cat '\(attempt)/lock'); wait $house")
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(said.output.contains("| try 2\n"))
        #expect(try project.left() == "[]\n[]\n")
        #expect(unsafe access("\(attempt)/channels", F_OK) != 0)
    }

    @Test func `ends what it runs when it is told to`() throws {
        let project = try ContainerProject(
            """
              - name: test
                actions:
                  unit:
                    runner: docker
                    run: "trap 'echo tidied; exit 0' TERM; echo ready; while :; do sleep 0.1; done"
            """)
        let log = "\(project.folder.path)/.slipway/executions/shop/1/test.1/unit.1/log"
        let said = try project.sh(
            "'\(Slipway.path)' run --runners . 2>.git/said & house=$!; "
                + project.until("grep -q ready '\(log)'")
                + "kill -TERM $house; " + project.until("grep -q stopping: .git/said")
                + "kill -TERM $house; wait $house")
        #expect(said.code == 3, "\(said.output)\(said.errors)")
        #expect(try project.sh("cat '\(log)'").output.hasSuffix("tidied\n"))
        #expect(try project.left() == "[]\n[]\n")
    }
}
