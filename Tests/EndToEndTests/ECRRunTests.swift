import Glibc
import Support
import Testing

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

    /// An index is none of the kinds that AWS scans.
    @Test func `of an image for two platforms has both judged by their scans`() throws {
        let project = try ECRProject()
        let made = try project.sh(
            """
            python3 - <<'END'
            import hashlib, json, os
            os.makedirs("both/blobs/sha256")
            def keep(kind, content):
                digest = hashlib.sha256(content).hexdigest()
                open(f"both/blobs/sha256/{digest}", "wb").write(content)
                return {"mediaType": f"application/vnd.oci.image.{kind}", "size": len(content),
                        "digest": f"sha256:{digest}"}
            def image(machine):
                runs = {"os": "linux", "architecture": machine}
                config = keep("config.v1+json", json.dumps(runs).encode())
                layers = [keep("layer.v1.tar+gzip", machine.encode())]
                return keep("manifest.v1+json", json.dumps(
                    {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                     "config": config, "layers": layers}).encode()) | {"platform": runs}
            index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                     "manifests": [image("amd64"), image("arm64")]}
            open("both/index.json", "w").write(json.dumps(index))
            open("both/oci-layout", "w").write('{"imageLayoutVersion": "1.0.0"}')
            END
            tar -C both -cf images/both.tar .
            """)
        try #require(made.code == 0, "\(made.errors)")
        try project.write("lenient.yml", image: "both", tag: "v1", failOn: "critical")
        try project.write("strict.yml", image: "both", tag: "v1", failOn: "high")
        let python = try #require(TestMoto.server?.python)
        let ran = try project.run(
            "run lenient.yml; echo '# strict'; run strict.yml", python: python)
        let parts = ran.output.split(separator: "\n# ").map(String.init)
        try #require(parts.count == 2, "\(ran.output)\(ran.errors)")
        let index = try pushed(parts[0])
        let judged = parts[0].matches(of: /waiting for the scan of (sha256:[0-9a-f]{64})/)
        #expect(Set(judged.map(\.1)).count == 2 && !judged.contains { $0.1 == index })
        #expect(parts[1].contains("1 high") && parts[1].contains("code 1"), "\(parts[1])")
    }

    @Test func `is made though the clocks here and at AWS are an hour apart`() throws {
        let project = try ECRProject()
        try project.write("first.yml", image: "one", tag: "v1", failOn: "critical")
        try project.folder.write("ahead", to: "world/mode")
        let python = try #require(TestMoto.server?.python)
        let ran = try project.run("run first.yml", python: python)
        _ = try pushed(ran.output)
        // It was found out once, and held for all that was asked after that.
        let late = try project.folder.text(of: "world/late.log")
        #expect(late == "GetAuthorizationToken\n" || late == "DescribeRepositories\n", "\(late)")
        let asked = try project.folder.text(of: "world/aws.log")
        for name in ["GetAuthorizationToken", "CreateRepository", "DescribeImageScanFindings"] {
            #expect(asked.contains("\(name)\n"), "\(asked)")
        }
    }

    /// The digest of a push that succeeded and told what it should.
    private func pushed(_ output: String) throws -> String {
        #expect(output.contains("code 0"), "\(output)")
        let told = try #require(output.firstMatch(of: /uri=(\S+) digest=(\S+)/))
        let (uri, digest) = (String(told.1), String(told.2))
        #expect(uri == "\(ECRProject.host)/team/shop@\(digest)")
        #expect(
            output.contains("imagedefinitions [{\"name\":\"web\",\"imageUri\":\"\(uri)\"}]"))
        let account = ECRProject.host.prefix(12)
        let detail = try #require(output.firstMatch(of: /imageDetail (\{.*\})/)).1
        for part in [
            "\"ImageDigest\":\"\(digest)\"", "\"Version\":\"1.0\"", "\"ImageTags\":[\"v1\"]",
            "\"RepositoryName\":\"team/shop\"", "\"RegistryId\":\"\(account)\"",
            "\"ImageURI\":\"\(uri)\"",
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
