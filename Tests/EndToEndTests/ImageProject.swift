import Support
import Testing

/// A project whose pipeline pushes images to the tests' own registries.
struct ImageProject {
    let folder: Folder
    let registry: TestRegistry
    /// Unlike any other test's.
    let repository: String

    init(_ stages: String, registries: [String: String] = [:]) throws {
        folder = try Folder()
        registry = try #require(TestRegistry.running)
        repository = "test/\(folder.path.split(separator: "-").last ?? "x")".lowercased()
        let text =
            stages.replacing("PLAIN", with: "\(registry.plain)/\(repository)")
            .replacing("SECURED", with: "\(registry.secured)/\(repository)")
        try folder.write(
            "name: shop\nsources: { app: { git: . } }\nstages:\n\(text)\n", to: "pipeline.yml")
        try #require(try sh("mkdir runners registries").code == 0)
        try folder.write("name: process\nplaces: 2\n", to: "runners/process.yml")
        try folder.write(
            "name: docker\nkind: docker\nplaces: 2\nsocket: \(TestEngine.socket ?? "/none")\n",
            to: "runners/docker.yml")
        try folder.write(".slipway\nrunners\nregistries\n*.secret\n", to: ".gitignore")
        for (name, profile) in registries {
            try folder.write(
                profile.replacing("HOST", with: registry.secured)
                    .replacing("AUTHORITY", with: registry.authorities),
                to: "registries/\(name).yml")
        }
        try folder.write("\(registry.user):\(registry.password)", to: "login.secret")
    }

    /// One action that has buildah build in the sandbox; `more` are further lines about the image.
    static func sandboxed(
        _ more: String = "", registries: [String: String] = [:]
    ) throws -> ImageProject {
        try ImageProject(
            """
              - name: image
                actions:
                  build:
                    image:
                      context: app
                      runner: process
                      repository: PLAIN
                      tags: v1
            \(more.split(separator: "\n").map { "          \($0)" }.joined(separator: "\n"))
            """, registries: registries)
    }

    func sh(_ script: String) throws -> Program.Result {
        try Program.run(["/bin/sh", "-c", "cd '\(folder.path)' || exit; \(script)"])
    }

    func commit() throws {
        let made = try sh(
            "git init -q -b main . && git add . && GIT_COMMITTER_DATE='@1700000000 +0000' "
                + "git -c user.name=zoe -c user.email=z@e.io commit -qm one")
        try #require(made.code == 0, "\(made.errors)")
    }

    func run(_ options: String = "") throws -> Program.Result {
        try sh("'\(Slipway.path)' run --runners runners --registries registries \(options)")
    }

    /// Stops it when its log has a line that ends so, and tells what it said and its code.
    func run(stoppedAt word: String) throws -> String {
        try sh(
            """
            mkfifo runners/told
            '\(Slipway.path)' run --runners runners > runners/told 2>&1 & house=$!
            while IFS= read -r line; do
              echo "$line"
              case $line in *' \(word)') kill -INT $house; kill -TERM $house ;; esac
            done < runners/told
            wait $house; echo "code $?"
            """
        ).output
    }

    func inspect(_ tag: String, at host: String? = nil) throws -> Program.Result {
        try Program.run([
            "/usr/bin/skopeo", "inspect", "--tls-verify=false", "--config",
            "docker://\(host ?? registry.plain)/\(repository):\(tag)",
        ])
    }
}
