import Support
import Testing

/// A project that pushes to ECR, in a world in which there is nothing else.
struct ECRProject {
    static let host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"

    let folder: Folder

    init(isImmutable: Bool = true) throws {
        folder = try Folder()
        let made = try sh(Self.files)
        try #require(made.code == 0, "\(made.errors)")
        try folder.write("127.0.0.1 localhost \(Self.host)\n", to: "hosts")
        try folder.write("name: process\nplaces: 2\n", to: "runners/process.yml")
        try folder.write(
            """
            name: ecr
            host: \(Self.host)
            authority: \(folder.path)/world/ca.pem
            aws:
              endpoint: http://127.0.0.1:7001
              create: { immutable: \(isImmutable), scan-on-push: true }
            """, to: "registries/ecr.yml")
    }

    /// Two images of one layer each.
    private static let files = """
        mkdir runners registries world images
        for name in one two; do
          mkdir $name && echo $name > $name/file
          tar -cf $name/layer.tar --owner=0 --group=0 --mtime=@0 -C $name file
          layer=$(sha256sum $name/layer.tar | cut -d' ' -f1)
          printf '{"architecture":"amd64","os":"linux","config":{},
            "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' $layer > $name/config.json
          printf '[{"Config":"config.json","RepoTags":["made:1"],"Layers":["layer.tar"]}]' \\
            > $name/manifest.json
          tar -C $name -cf images/$name.tar manifest.json config.json layer.tar
        done
        """

    /// A pipeline that pushes one of them, and shows what it tells.
    func write(_ name: String, image: String, tag: String, failOn: String) throws {
        try folder.write(
            """
            name: shop
            sources: { app: { git: . } }
            stages:
              - name: push
                actions:
                  send:
                    image:
                      archive: app
                      path: \(image).tar
                      repository: \(Self.host)/team/shop
                      tags: \(tag)
                      fail-on: \(failOn)
                      container: web
                      output: files
              - name: use
                actions:
                  show:
                    inputs: [app, files]
                    environment: { URI: "#{send.uri}", DIGEST: "#{send.digest}" }
                    run: |
                      echo "uri=$URI digest=$DIGEST"
                      for name in imageDetail imagedefinitions; do
                        echo "$name $(tr -d '\\n ' < /inputs/files/$name.json)"
                      done
            """, to: name)
    }

    func sh(_ script: String) throws -> Program.Result {
        try Program.run(["/bin/sh", "-c", "cd '\(folder.path)' || exit; \(script)"])
    }

    /// Runs a script in the world. All that it starts ends with it, and only its own loopback is
    /// there to speak with.
    func run(_ script: String, python: String) throws -> Program.Result {
        try folder.write(
            """
            run() { '\(Slipway.path)' run --home home --runners runners --registries registries \\
              --source app=images "$@"; echo "code $?"; }
            \(script)
            """, to: "script")
        let world = #filePath.replacing("ECRProject.swift", with: "ECRWorld/world.py")
        let enter = """
            ip link set lo up && mount --bind hosts /etc/hosts &&
              exec '\(python)' '\(world)' world \(Self.host) /bin/sh script
            """
        return try sh(
            "exec unshare --net --mount --pid --fork --kill-child --mount-proc /bin/sh -c '"
                + enter.replacing("'", with: "'\\''") + "'")
    }
}
