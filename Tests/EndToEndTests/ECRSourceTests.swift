import Glibc
import Support
import Testing

@Suite(
    "A server that watches a tag of ECR",
    .enabled(if: TestMoto.server != nil && getuid() == 0, "\(TestMoto.reason), as root"),
    .timeLimit(.minutes(3)))
struct ECRSourceTests {
    /// What happens is heard from the server itself, in the world where alone it can be reached.
    private static let script = """
        slipway='\(Slipway.path)'
        first() { tail -n +1 -f $1 | grep -m1 "$2"; }
        run first.yml
        # Who looks into them may come before who writes them.
        touch journal events
        $slipway server --home served --listen 127.0.0.1:7480 --config server.yml 2> journal &
        server=$!
        first journal admin-token
        export SLIPWAY_URL=http://127.0.0.1:7480 SLIPWAY_TOKEN=$(cat served/admin-token)
        curl -sN -H "Authorization: Bearer $SLIPWAY_TOKEN" $SLIPWAY_URL/api/v1/events > events &
        $slipway pipelines put watch.yml
        first events 'it was there at the first look'
        run second.yml
        first events 'event: execution.finished'
        $slipway logs watch/1
        kill $server
        wait $server
        """

    @Test func `starts an execution with what was pushed there`() throws {
        let project = try ECRProject(isImmutable: false)
        try project.write("first.yml", image: "one", tag: "v1", failOn: "critical")
        try project.write("second.yml", image: "two", tag: "v1", failOn: "critical")
        try project.folder.write("lasting", to: "world/mode")
        try project.folder.write(
            "poll: 1s\nallow: loopback\nregistries: registries\n", to: "server.yml")
        try project.folder.write(
            """
            name: watch
            sources: { base: { image: "\(ECRProject.host)/team/shop:v1" } }
            stages:
              - name: look
                actions:
                  show:
                    environment: { URI: "#{base.uri}" }
                    run: 'echo "started with $URI"; cat imageDetail.json'
            """, to: "watch.yml")
        let python = try #require(TestMoto.server?.python)
        let ran = try project.run(Self.script, python: python)
        let pushed = ran.output.matches(of: /pushed (\S+@sha256:[0-9a-f]{64}):/).map { $0.1 }
        try #require(pushed.count == 2 && pushed[0] != pushed[1], "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("started with \(pushed[1])"), "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("\"RegistryId\": \"\(ECRProject.host.prefix(12))\""))
        // The password that AWS gave lies nowhere.
        let left = try project.sh("grep -rlE 'password-[0-9]' home served events journal")
        #expect(left.output.isEmpty, "\(left.output)")
        let log = try project.folder.text(of: "world/registry.log")
        #expect(!log.contains("stale"), "\(log)")
    }
}
