import Glibc
import Support
import Testing

/// A project that pushes to ECR, in a world in which there is nothing else.
private struct ECRProject {
    static let host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"

    let folder: Folder

    init() throws {
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
              create: { immutable: true, scan-on-push: true }
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
        let world = #filePath.replacing("ECRRunTests.swift", with: "ECRWorld/world.py")
        let enter = """
            ip link set lo up && mount --bind hosts /etc/hosts &&
              exec '\(python)' '\(world)' world \(Self.host) /bin/sh script
            """
        return try sh(
            "exec unshare --net --mount --pid --fork --kill-child --mount-proc /bin/sh -c '"
                + enter.replacing("'", with: "'\\''") + "'")
    }
}

@Suite(
    "A push to ECR",
    .enabled(if: TestMoto.server != nil && getuid() == 0, "\(TestMoto.reason), as root"),
    .timeLimit(.minutes(3)))
struct ECRRunTests {
    @Test func `asks for a login each time, and keeps to tags and scans`() throws {
        let project = try ECRProject()
        try project.write("first.yml", image: "one", tag: "v1", failOn: "critical")
        try project.write("other.yml", image: "two", tag: "v1", failOn: "critical")
        // moto finds something of severity HIGH in every image, and nothing worse.
        try project.write("strict.yml", image: "two", tag: "v2", failOn: "high")
        let python = try #require(TestMoto.server?.python)
        let ran = try project.run(
            """
            for file in first first other strict; do echo "# $file"; run $file.yml; done
            echo '# expired'; printf expired > world/mode; run first.yml
            """, python: python)
        let parts = ran.output.split(separator: "\n# ").map(String.init)
        try #require(parts.count == 5, "\(ran.output)\(ran.errors)")
        let digest = try pushed(parts[0])
        #expect(parts[0].contains("made repository 'team/shop'"))
        #expect(try pushed(parts[1]) == digest)
        #expect(parts[1].contains("tag v1 was there"), "\(parts[1])")

        #expect(parts[2].contains("the tag 'v1' of 'team/shop' is immutable and on \(digest), and"))
        #expect(parts[2].contains("not on sha256:") && parts[2].contains("code 1"))
        #expect(parts[3].contains("1 high"), "\(parts[3])")
        #expect(parts[3].contains("code 1"))
        #expect(parts[4].contains("expired") && parts[4].contains("code 1"), "\(parts[4])")
        try expectLogins(project)
    }

    /// The digest of a push that succeeded and told what it should.
    private func pushed(_ output: String) throws -> String {
        #expect(output.contains("code 0"), "\(output)")
        let told = try #require(output.firstMatch(of: /uri=(\S+) digest=(\S+)/))
        let (uri, digest) = (String(told.1), String(told.2))
        #expect(uri == "\(ECRProject.host)/team/shop@\(digest)")
        #expect(
            output.contains("imagedefinitions [{\"name\":\"web\",\"imageUri\":\"\(uri)\"}]"))
        let detail = try #require(output.firstMatch(of: /imageDetail (\{.*\})/)).1
        for part in [
            "\"ImageDigest\":\"\(digest)\"", "\"Version\":\"1.0\"", "\"ImageTags\":[\"v1\"]",
            "\"RepositoryName\":\"team/shop\"", "\"ImageURI\":\"\(uri)\"",
        ] {
            #expect(detail.contains(part), "\(detail) has no \(part)")
        }
        return digest
    }

    private func expectLogins(_ project: ECRProject) throws {
        let asked = try project.folder.text(of: "world/aws.log").split(separator: "\n")
        // The first was throttled, and asked for again.
        #expect(asked.count { $0 == "GetAuthorizationToken" } == 5)
        #expect(asked.count { $0 == "CreateRepository" } == 1)
        let log = try project.folder.text(of: "world/registry.log")
        #expect(!log.contains("stale") && !log.contains("moto"), "\(log)")
        for number in [1, 2, 4] { #expect(log.contains("password-\(number)")) }
        // Nothing of what was refused was sent.
        let sent = log.split(separator: "\n").filter { $0.hasPrefix("PUT") }
        #expect(!sent.contains { $0.hasSuffix("password-3") }, "\(log)")
        let left = try project.sh("grep -rlE 'password-[0-9]' home")
        #expect(left.output.isEmpty)
    }
}
