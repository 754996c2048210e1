import Support
import Testing

private let pushOfArchive = """
      - name: pack
        actions:
          archive:
            run: |
              mkdir -p saved/layer
              echo hello > greeting
              tar -cf saved/layer/layer.tar --owner=0 --group=0 --mtime=@0 greeting
              layer=$(sha256sum saved/layer/layer.tar | cut -d' ' -f1)
              printf '{"architecture":"amd64","os":"linux","config":{},
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' $layer > saved/config.json
              printf '[{"Config":"config.json","RepoTags":["made:1"],
                "Layers":["layer/layer.tar"]}]' > saved/manifest.json
              tar -C saved -cf image.tar manifest.json config.json layer/layer.tar
            outputs: { image: image.tar }
    """

@Suite(
    "An image in a pipeline",
    .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)"))
struct ImageRunTests {
    @Test func `of an archive is pushed, and those who come after know its digest`() throws {
        let project = try ImageProject(
            pushOfArchive + """

                  - name: push
                    actions:
                      send:
                        image:
                          archive: image
                          path: image.tar
                          repository: PLAIN
                          tags: ["#{app.commit}", latest]
                          container: web
                          output: files
                  - name: use
                    actions:
                      show:
                        inputs: [app, files]
                        environment:
                          URI: "#{send.uri}"
                          DIGEST: "#{send.digest}"
                          TAGS: "#{send.tags}"
                        run: 'echo "uri=$URI digest=$DIGEST tags=$TAGS"; cat /inputs/files/*.json'
                """)
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        let commit = try project.sh("git rev-parse HEAD").output.prefix { $0 != "\n" }
        let told = try project.sh(
            "skopeo inspect --tls-verify=false --format '{{.Digest}}' "
                + "docker://\(project.registry.plain)/\(project.repository):latest")
        let digest = told.output.prefix { $0 != "\n" }
        let uri = "\(project.registry.plain)/\(project.repository)@\(digest)"
        #expect(digest.hasPrefix("sha256:"))
        #expect(ran.output.contains("uri=\(uri) digest=\(digest) tags=\(commit),latest"))
        #expect(ran.output.contains("\"imageUri\": \"\(uri)\""))
        #expect(ran.output.contains("\"name\": \"web\""))
        #expect(ran.output.contains("\"ImageURI\": \"\(uri)\""))
        #expect(ran.output.contains("\"ImageDigest\": \"\(digest)\""))
        #expect(try project.inspect(String(commit)).code == 0)
    }

    @Test func `is taken over from another repository, and no byte of a layer is sent`() throws {
        let project = try ImageProject(
            pushOfArchive + """

                  - name: push
                    actions:
                      send:
                        image: { archive: image, path: image.tar, repository: PLAIN, tags: v1 }
                  - name: again
                    actions:
                      copy:
                        image: { archive: image, path: image.tar, repository: PLAIN/copy, tags: v1 }
                """)
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        let lines = ran.output.split(separator: "\n").filter { $0.contains("copy") }
        #expect(lines.contains { $0.contains("taken over from another repository") })
        let told = try #require(lines.first { $0.contains("/copy@sha256:") })
        // What is sent is the configuration.
        let size = try project.sh(
            "skopeo inspect --raw --tls-verify=false docker://\(project.registry.plain)/"
                + "\(project.repository)/copy:v1 | python3 -c "
                + "'import json, sys; print(json.load(sys.stdin)[\"config\"][\"size\"], end=\"\")'")
        #expect(told.contains(": \(size.output) B sent,"), "\(told)")
    }

    @Test func `reaches a registry as its profile says, with a password that nobody sees`() throws {
        let profile = "name: ours\nhost: HOST\ncredential: push\nauthority: AUTHORITY\n"
        let project = try ImageProject(
            pushOfArchive + """

                  - name: push
                    actions:
                      send:
                        image: { archive: image, path: image.tar, repository: SECURED, tags: v1 }
                """, registries: ["ours": profile])
        try project.commit()
        let ran = try project.run("--secret push=login.secret")
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        let found = try project.sh("grep -rl '\(project.registry.password)' .slipway")
        #expect(found.output.isEmpty)
        // As nobody it is refused, and says so.
        let refused = try project.sh(
            "rm registries/ours.yml; printf 'name: ours\\nhost: \(project.registry.secured)\\n"
                + "authority: \(project.registry.authorities)\\n' > registries/ours.yml")
        #expect(refused.code == 0)
        let second = try project.run()
        #expect(second.code == 1)
        #expect(second.output.contains("wants a user and a password"), "\(second.output)")
    }

    @Test(
        "is refused before anything is sent where it makes no sense",
        arguments: [
            ("repository: shop, tags: v1", "names no registry"),
            ("repository: PLAIN, tags: 'a b'", "'a b'"),
            ("repository: PLAIN, tags: v1, fail-on: high", "is no registry of AWS"),
            ("repository: PLAIN/other, tags: v1", "does not allow"),
        ])
    func refused(words: String, problem: String) throws {
        let project = try ImageProject(
            pushOfArchive + """

                  - name: push
                    actions:
                      send: { image: { archive: image, path: image.tar, \(words) } }
                """)
        let host = project.registry.plain
        try project.folder.write(
            "name: plain\nhost: \"\(host)\"\nrepositories: [\"\(project.repository)\"]\n",
            to: "registries/plain.yml")
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 1)
        #expect(ran.output.contains(problem), "\(ran.output)")
        #expect(try project.inspect("v1").code != 0)
    }

    @Test(
        "is not looked for behind a link",
        arguments: ["link/passwd", "linked.tar", "gone.tar", "../saved/manifest.json"])
    func links(path: String) throws {
        let project = try ImageProject(
            """
              - name: push
                actions:
                  send: { image: { archive: app, path: \(path), repository: PLAIN, tags: v1 } }
            """)
        let made = try project.sh("ln -s /etc link; ln -s pipeline.yml linked.tar")
        #expect(made.code == 0)
        try project.commit()
        let ran = try project.run()
        #expect(ran.code != 0)
        let said = ran.output + ran.errors
        let words = ["leads over a link", "there is no 'gone.tar'", "leads out of the workspace"]
        #expect(words.contains { said.contains($0) }, "\(said)")
        #expect(try project.inspect("v1").code != 0)
    }
}
