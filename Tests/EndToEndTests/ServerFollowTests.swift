import Glibc
import Support
import Testing

@Suite("A log that is followed", .timeLimit(.minutes(2))) struct ServerFollowTests {
    private static let lines = 150
    private static let definition = """
        name: shop
        sources: { app: { git: REPOSITORY, branches: main } }
        stages:
          - name: build
            actions:
              make:
                run: |
                  i=0
                  while [ $i -lt \(lines) ]; do echo "line-$i."; i=$((i + 1)); sleep 0.02; done
        """

    @Test(
        "is shown whole and once, whatever becomes of servers meanwhile",
        arguments: [[SIGKILL, SIGKILL], [SIGTERM, SIGKILL]])
    func followed(ends: [Int32]) throws {
        let repository = try TestRepository.sample()
        let server = try RunningServer(settings: "folders: \(repository.path)\n")
        try server.define("shop", Self.definition.replacing("REPOSITORY", with: repository.path))
        _ = try server.follow(until: "event: attempt.started")
        let shown = server.folder.file("shown")
        try server.folder.write("", to: "shown")
        let words = try server.commandLine(["logs", "-f", "shop/1", "build/make"])
        let follower = try Beside {
            try Program.run(["/bin/sh", "-c", "exec \"$@\" > '\(shown)'", "sh"] + words)
        }
        for (count, end) in ends.enumerated() {
            server.waitFor("line-\(20 + count * 60).", in: "shown")
            server.stop(end)
            try server.start(on: server.port)
        }
        let said = try follower.result()
        #expect(said?.code == 0, "\(said?.errors ?? "")")
        let whole = (0..<Self.lines).map { "line-\($0).\n" }.joined()
        #expect(try server.folder.text(of: "shown") == whole)
    }
}
