import Glibc
import Support
import Testing

@Suite("A house on an overlay, as in a container") struct OverlayHouseTests {
    @Test func `copies what it cannot lay over, and collects what was left of it`() throws {
        let project = try Folder()
        try project.write(
            """
            name: shop
            sources: { app: { git: . } }
            stages:
              - name: build
                actions:
                  make:
                    run: rm -r docs; echo new > more; cp greeting copy
                    outputs: { all: . }
              - name: test
                actions:
                  look:
                    run: cd /inputs/all; ls; cat greeting copy more; stat -c %u more
                    inputs: [app, all]
            """, to: "pipeline.yml")
        // The house is made on the overlay; what it was is left in the upper folder.
        let overlay = """
            cd "$1"; mkdir -p house upper work app/docs; mv pipeline.yml app
            echo hello > app/greeting; echo text > app/docs/page
            options=lowerdir=house,upperdir=upper,workdir=work$2
            mount -t overlay overlay -o "$options" house
            shift 2; exec "$@"
            """
        let isRoot = getuid() == 0
        var words = ["/usr/bin/unshare", "--mount"]
        if !isRoot { words += ["--user", "--map-root-user"] }
        words += ["/bin/sh", "-euc", overlay, "sh", project.path, isRoot ? "" : ",userxattr"]
        if !isRoot {
            words += ["unshare", "--user", "--map-user=\(getuid())", "--map-group=\(getgid())"]
        }
        words += [
            Slipway.path, "run", "--home", "house", "--source", "app=app", "app/pipeline.yml",
        ]
        let said = try Program.run(words)
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(said.output.contains("| slipway: files are copied before the first step: "))
        let seen = said.output.split(separator: "\n").filter { $0.hasPrefix("  test/look | ") }
            .map { String($0.dropFirst("  test/look | ".count)) }
            .filter { !$0.hasPrefix("slipway: ") }
        #expect(
            seen == ["copy", "greeting", "more", "pipeline.yml", "hello", "hello", "new", "1000"])
    }
}
