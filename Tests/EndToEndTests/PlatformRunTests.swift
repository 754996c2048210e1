import Glibc
import Support
import Testing

/// Those that build here, by the names of their runners.
private let builders: [String] = {
    let hasBuildah = unsafe access("/usr/bin/buildah", X_OK) == 0
    return (TestEngine.socket == nil ? [] : ["docker"]) + (hasBuildah ? ["process"] : [])
}()

@Suite(
    "An image for several platforms",
    .enabled(
        if: TestRegistry.running != nil && !builders.isEmpty,
        "\(TestRegistry.reason); \(TestEngine.reason); 'scripts/setup' installs buildah"))
struct PlatformRunTests {
    /// Busybox as a shell, which is a program of this machine for whatever it is put in.
    private func project(
        _ platforms: String, by builder: String, building lines: String
    ) throws -> ImageProject {
        let project = try ImageProject.sandboxed("platforms: \(platforms)\noutput: files")
        try project.folder.write(
            project.folder.text(of: "pipeline.yml").replacing("process", with: builder)
                .replacing(/\n$/) { _ in
                    """

                      - name: use
                        actions:
                          show: { inputs: [app, files], run: cat /inputs/files/imageDetail.json }

                    """
                }, to: "pipeline.yml")
        try project.folder.write(
            "FROM scratch\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\n\(lines)\n",
            to: "Dockerfile")
        #expect(try project.sh("cp /usr/bin/busybox .").code == 0)
        return project
    }

    /// What the registry has under the tag, in a few lines: the digest of the index, and of each
    /// image its platform, its own architecture and its layers.
    private func pulled(_ project: ImageProject) throws -> [Substring] {
        let script = """
            import hashlib, json, subprocess, sys
            def ask(*words):
                return subprocess.run(["skopeo", "inspect", "--tls-verify=false", *words],
                                      check=True, capture_output=True).stdout
            name = sys.argv[1]
            raw = ask("--raw", f"docker://{name}:v1")
            index = json.loads(raw)
            assert index["mediaType"] == "application/vnd.oci.image.index.v1+json"
            print(f"sha256:{hashlib.sha256(raw).hexdigest()}")
            for entry in index["manifests"]:
                platform = entry["platform"]["architecture"]
                own = ask("--override-arch", platform, "--format", "{{.Architecture}} {{.Layers}}",
                          f"docker://{name}:v1").decode().strip()
                print(platform, own)
            """
        try project.folder.write(script, to: "runners/pulled.py")
        let told = try project.sh(
            "python3 runners/pulled.py \(project.registry.plain)/\(project.repository)")
        #expect(told.code == 0, "\(told.errors)")
        return told.output.split(separator: "\n")
    }

    @Test("is one index with an image for each", arguments: builders)
    func built(builder: String) throws {
        let project = try project(
            "[linux/amd64, linux/arm64]", by: builder, building: "COPY Dockerfile /")
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        let pulled = try pulled(project)
        try #require(pulled.count == 3)
        #expect(pulled[1].hasPrefix("amd64 amd64 [sha256:"))
        #expect(pulled[2].hasPrefix("arm64 arm64 [sha256:"))
        // What is the same for both is there once, and was sent once.
        #expect(pulled[1].dropFirst(11) == pulled[2].dropFirst(11))
        #expect(
            ran.output.contains(
                "pushed \(project.registry.plain)/\(project.repository)@\(pulled[0])"))
        #expect(ran.output.contains("\"ImageDigest\": \"\(pulled[0])\""), "\(ran.output)")
        for platform in ["amd64", "arm64"] {
            let lines = ran.output.split(separator: "\n").filter { $0.contains("COPY Dockerfile") }
            #expect(lines.contains { $0.contains("[linux/\(platform)] ") }, "\(lines)")
        }
        let again = try project.run()
        #expect(again.code == 0 && again.output.contains("tag v1 was there"), "\(again.output)")
    }

    @Test("of a layout is pushed with all of them, as it is", arguments: builders)
    func layout(builder: String) throws {
        let project = try project(
            "[linux/amd64, linux/arm64]", by: builder, building: "COPY Dockerfile /")
        try project.commit()
        #expect(try project.run().code == 0)
        let digest = try pulled(project)[0]
        let carried = try project.sh(
            "skopeo copy -q --all --src-tls-verify=false "
                + "docker://\(project.registry.plain)/\(project.repository):v1 oci:layout")
        #expect(carried.code == 0, "\(carried.errors)")
        let again = try ImageProject(
            """
              - name: image
                actions:
                  send: { image: { archive: app, path: layout, repository: PLAIN, tags: v1 } }
            """)
        #expect(try again.sh("cp -r '\(project.folder.path)/layout' .").code == 0)
        try again.commit()
        let ran = try again.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(try pulled(again)[0] == digest)
        #expect(ran.output.contains("pushed \(again.registry.plain)/\(again.repository)@\(digest)"))
    }

    @Test("has no layer of another platform that the same line made", arguments: builders)
    func apart(builder: String) throws {
        let project = try project(
            "[linux/arm64, linux/amd64]", by: builder,
            building: "RUN busybox cat /proc/sys/kernel/random/uuid > /id\nCOPY Dockerfile /")
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        let pulled = try pulled(project)
        try #require(pulled.count == 3)
        #expect(pulled[1].hasPrefix("arm64") && pulled[2].hasPrefix("amd64"))
        #expect(pulled[1].dropFirst(11) != pulled[2].dropFirst(11))
    }

    @Test("says what is missing where its commands cannot be run", arguments: builders)
    func foreign(builder: String) throws {
        let project = try project(
            "[linux/amd64, linux/riscv64]", by: builder,
            building: "ARG TARGETARCH\nCOPY shell-$TARGETARCH /bin/sh\nRUN echo hello")
        // A program of a machine that there is nowhere, so that no emulation helps it.
        let made = try project.sh(
            """
            cp busybox shell-amd64 && cp busybox shell-riscv64
            printf '\\376\\376' | dd of=shell-riscv64 bs=1 seek=18 conv=notrunc
            """)
        #expect(made.code == 0)
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 1)
        #expect(ran.output.contains("exec format error"), "\(ran.output)")
        #expect(!ran.output.contains("there is no 'image-"), "\(ran.output)")
        #expect(ran.output.contains("this machine cannot run commands of linux/riscv64;"))
        #expect(ran.output.contains("apt-get install qemu-user-static"))
        #expect(try project.inspect("v1").code != 0)
    }

    @Test(
        "is refused before anything is built where a platform makes no sense",
        arguments: [
            ("[linux/amd64, linux/x86_64]", "names linux/x86_64 twice"),
            ("'linux/a,b'", "'linux/a,b' is no platform"),
        ])
    func refused(platforms: String, problem: String) throws {
        for builder in builders {
            let project = try project(platforms, by: builder, building: "RUN echo built")
            try project.commit()
            let ran = try project.run()
            #expect(ran.code == 1)
            #expect(ran.output.contains(problem) && !ran.output.contains("built"), "\(ran.output)")
        }
    }
}
