import Glibc
import Support
import Testing

@Suite(
    "Several platforms on a base image of a private registry, built in the sandbox",
    .enabled(
        if: TestRegistry.running != nil && Buildah.isThere,
        "\(TestRegistry.reason); 'scripts/setup' installs buildah and busybox"))
struct PlatformBaseTests {
    private static let profile = """
        name: ours
        host: HOST
        authority: AUTHORITY
        credential: ours
        """

    /// Pushes an index of images for two platforms, each with a shell and its platform in `/which`.
    /// The shell is one of this machine in both, so that no emulation is needed.
    private static let base = """
        import gzip, hashlib, io, json, os, sys, tarfile
        def blob(data):
            name = hashlib.sha256(data).hexdigest()
            open(f"base/blobs/sha256/{name}", "wb").write(data)
            return {"digest": "sha256:" + name, "size": len(data)}
        os.makedirs("base/blobs/sha256")
        entries = []
        for arch in ["amd64", "arm64"]:
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode="w") as layer:
                layer.add(sys.argv[1], "bin/busybox")
                layer.add(sys.argv[1], "bin/sh")
                which = tarfile.TarInfo("which")
                which.size = len(arch)
                layer.addfile(which, io.BytesIO(arch.encode()))
            plain = out.getvalue()
            config = {"architecture": arch, "os": "linux", "config": {},
                      "history": [{"created_by": "made"}], "rootfs": {
                "type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(plain).hexdigest()]}}
            kind = "application/vnd.oci.image."
            manifest = {
                "schemaVersion": 2, "mediaType": kind + "manifest.v1+json",
                "config": {"mediaType": kind + "config.v1+json",
                           **blob(json.dumps(config).encode())},
                "layers": [{"mediaType": kind + "layer.v1.tar+gzip",
                            **blob(gzip.compress(plain, mtime=0))}]}
            entries.append({"mediaType": kind + "manifest.v1+json",
                            "platform": {"architecture": arch, "os": "linux"},
                            **blob(json.dumps(manifest).encode())})
        index = {"schemaVersion": 2, "mediaType": kind + "index.v1+json", "manifests": entries}
        whole = blob(json.dumps(index).encode())
        open("base/index.json", "w").write(json.dumps({"schemaVersion": 2, "manifests": [
            {"mediaType": kind + "index.v1+json", **whole}]}))
        open("base/oci-layout", "w").write('{"imageLayoutVersion": "1.0.0"}')
        print(whole["digest"])
        """

    /// Tells the digest under the tag and for each image, in the order of the index, a line: its
    /// architecture, what its files say, and how its layers but the last are called.
    private static let look = """
        import hashlib, json, os, shutil, subprocess, sys, tarfile
        def raw(name):
            return subprocess.run(["skopeo", "inspect", "--tls-verify=false", "--raw",
                                   "docker://" + name], check=True, capture_output=True).stdout
        name = sys.argv[1]
        index = raw(name + ":v1")
        print("sha256:" + hashlib.sha256(index).hexdigest())
        for entry in json.loads(index)["manifests"]:
            image = raw(name + "@" + entry["digest"])
            assert entry["digest"] == "sha256:" + hashlib.sha256(image).hexdigest()
            layers = [layer["digest"] for layer in json.loads(image)["layers"]]
            shutil.rmtree("pulled", ignore_errors=True)
            subprocess.run(["skopeo", "copy", "-q", "--src-tls-verify=false",
                            "docker://" + name + "@" + entry["digest"], "dir:pulled"], check=True)
            files = {}
            for layer in layers:
                with tarfile.open("pulled/" + layer[7:]) as archive:
                    for file in archive:
                        if file.isfile() and "/" not in file.name:
                            files[file.name] = archive.extractfile(file).read().decode().strip()
            print(entry["platform"]["architecture"],
                  *(files.get(file, "-") for file in ["which", "made", "changing", "id"]),
                  ",".join(layers[:-1]))
        """

    private struct Pulled {
        let digest: Substring
        let images: [[Substring]]

        var layers: [Substring] { images.compactMap(\.last) }
    }

    private let project: ImageProject
    private var base: String { "\(project.registry.secured)/\(project.repository)" }

    init() throws {
        project = try ImageProject.sandboxed(
            "platforms: [linux/arm64, linux/amd64]\nnetwork: none\nsecrets: token",
            registries: ["ours": Self.profile])
        try project.folder.write(Self.base, to: "runners/base.py")
        try project.folder.write(Self.look, to: "runners/look.py")
        try project.folder.write("open-sesame-\(project.repository)", to: "token.secret")
        try project.folder.write("first\n", to: "changing")
    }

    /// Gives back the digest of its index.
    private func pushBase() throws -> Substring {
        let made = try project.sh(
            """
            cd runners && python3 base.py \(Buildah.busybox) && skopeo copy -q --all \
              --dest-tls-verify=false --dest-creds "$(cat ../login.secret)" \
              oci:base docker://\(base):base
            """)
        #expect(made.code == 0, "\(made.errors)")
        return made.output.prefix { $0 != "\n" }
    }

    private func run() throws -> Program.Result {
        try project.run("--secret ours=login.secret --secret token=token.secret")
    }

    private func look() throws -> Pulled {
        let told = try project.sh(
            "cd runners && python3 look.py \(project.registry.plain)/\(project.repository)")
        #expect(told.code == 0, "\(told.errors)")
        let lines = told.output.split(separator: "\n")
        return Pulled(
            digest: try #require(lines.first),
            images: lines.dropFirst().map { $0.split(separator: " ") })
    }

    @Test func `have each its own base and its own layers, also from earlier builds`() throws {
        let index = try pushBase()
        try project.folder.write(
            """
            FROM --platform=$BUILDPLATFORM \(base):base AS made
            RUN busybox cat /which > /made
            FROM \(base):base
            RUN --mount=type=secret,id=token busybox cat /run/secrets/token; echo; \\
                echo slow work; \\
                busybox cat /proc/sys/kernel/random/uuid > /id
            COPY --from=made /made /
            COPY changing /
            """, to: "Dockerfile")
        try project.commit()
        let first = try run()
        #expect(first.code == 0, "\(first.output)\(first.errors)")
        let own = try project.sh("dpkg --print-architecture").output.prefix { $0 != "\n" }
        for platform in ["amd64", "arm64"] {
            #expect(
                first.output.contains(
                    "begins with \(base):base for linux/\(platform), which is \(index)"))
            #expect(first.output.contains("[linux/\(platform)] slow work\n"))
        }
        let before = try look()
        #expect(first.output.contains("\(project.repository)@\(before.digest)"))
        #expect(
            before.images.map { $0.prefix(4) } == [
                ["arm64", "arm64", own, "first"], ["amd64", "amd64", own, "first"],
            ])
        #expect(Set(before.layers).count == 2)
        let kept = try project.sh("grep -rl open-sesame-\(project.repository) .slipway")
        #expect(kept.output.isEmpty, "\(kept.output)")

        try project.folder.write("second\n", to: "changing")
        let made = try project.sh("git -c user.name=zoe -c user.email=z@e.io commit -qam two")
        #expect(made.code == 0, "\(made.errors)")
        let second = try run()
        #expect(second.code == 0, "\(second.output)\(second.errors)")
        #expect(second.output.contains("takes over layers of earlier builds"))
        #expect(!second.output.contains("slow work\n"), "\(second.output)")
        let after = try look()
        #expect(second.output.contains("\(project.repository)@\(after.digest)"))
        #expect(after.digest != before.digest)
        #expect(
            after.images.map { $0.prefix(4) } == [
                ["arm64", "arm64", own, "second"], ["amd64", "amd64", own, "second"],
            ])
        #expect(after.layers == before.layers)
        #expect(after.images.map { $0[4] } == before.images.map { $0[4] })

        let third = try run()
        #expect(third.code == 0 && third.output.contains("tag v1 was there"), "\(third.output)")
    }

    @Test func `are refused before anything is built where a base is for another`() throws {
        _ = try pushBase()
        let own = try project.sh(
            """
            skopeo copy -q --override-arch amd64 --src-tls-verify=false --dest-tls-verify=false \
              --src-creds "$(cat login.secret)" --dest-creds "$(cat login.secret)" \
              docker://\(base):base docker://\(base):single
            """)
        #expect(own.code == 0, "\(own.errors)")
        try project.folder.write("FROM \(base):single\nRUN true\n", to: "Dockerfile")
        try project.commit()
        let ran = try run()
        #expect(ran.code == 1)
        #expect(
            ran.output.contains(
                "'\(base):single' is there for linux/amd64, and not for linux/arm64"),
            "\(ran.output)")
    }

    @Test func `are refused where one of them needs two images by one digest`() throws {
        let named = "\(base)@\(try pushBase())"
        try project.folder.write(
            "FROM --platform=linux/amd64 \(named) AS made\nFROM \(named)\n", to: "Dockerfile")
        try project.commit()
        let ran = try run()
        #expect(ran.code == 1)
        #expect(ran.output.contains("'\(named)' for several platforms"), "\(ran.output)")
    }
}
