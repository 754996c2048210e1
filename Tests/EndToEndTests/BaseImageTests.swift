import Glibc
import Support
import Testing

@Suite(
    "What a Dockerfile begins with, built in the sandbox",
    .enabled(
        if: TestRegistry.running != nil && Buildah.isThere,
        "\(TestRegistry.reason); 'scripts/setup' installs buildah and busybox"))
struct BaseImageTests {
    /// A registry that has a certificate of somebody's own, and asks who one is.
    private static let profile = """
        name: ours
        host: HOST
        repositories: [test/*, "!test/secret-*"]
        authority: AUTHORITY
        credential: ours
        """

    private func project(
        _ more: String = "", registries: [String: String] = ["ours": profile],
        _ dockerfile: (ImageProject) throws -> String
    ) throws -> ImageProject {
        let project = try ImageProject.sandboxed(more, registries: registries)
        try project.folder.write(try dockerfile(project), to: "Dockerfile")
        try project.commit()
        return project
    }

    /// Pushes an image with a shell and `/one`, and tells its digest.
    private func base(_ project: ImageProject) throws -> Substring {
        let base = "\(project.registry.secured)/\(project.repository)"
        let made = try project.sh(
            """
            mkdir -p runners/root/bin && cd runners
            cp \(Buildah.busybox) root/bin/busybox && cp root/bin/busybox root/bin/sh
            echo one > root/one
            tar -C root -cf layer.tar .
            layer=$(sha256sum layer.tar | cut -c1-64)
            printf '{"architecture":"%s","os":"linux","rootfs":{"type":"layers","diff_ids":\
            ["sha256:%s"]},"history":[{"created_by":"made"}],\
            "config":{}}' "$(dpkg --print-architecture)" $layer > config
            printf '[{"Config":"config","RepoTags":["base:1"],"Layers":["layer.tar"]}]' \
              > manifest.json
            tar -cf base.tar config manifest.json layer.tar
            skopeo copy -q --dest-tls-verify=false --digestfile digest \
              --dest-creds "$(cat ../login.secret)" docker-archive:base.tar docker://\(base):base
            cat digest
            """)
        #expect(made.code == 0, "\(made.errors)")
        return made.output.prefix { $0 != "\n" }
    }

    private func run(_ project: ImageProject) throws -> Program.Result {
        try project.run("--secret ours=login.secret")
    }

    private func from(_ project: ImageProject) -> String {
        "\(project.registry.secured)/\(project.repository)"
    }

    @Test
    func `E81: comes from a registry with a password, of which no command finds a trace`()
        throws
    {
        let project = try project("network: none") { project in
            """
            FROM \(from(project)):base
            RUN busybox cat /one; busybox env; busybox cat /proc/*/environ /proc/*/cmdline; echo; \\
                for f in /*; do case $f in /proc|/sys|/dev) continue ;; esac; \\
                busybox grep -rlE 'secret-of-ada|YWRhOnNlY3JldC1vZi1hZGE' $f && exit 1; done; \\
                echo none found; echo two > /two
            """
        }
        _ = try base(project)
        let ran = try run(project)
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("| one\n") && ran.output.contains("| none found\n"))
        #expect(ran.output.contains("begins with \(from(project)):base, which is sha256:"))
        // The search itself is printed, and nothing else may tell it.
        #expect(!ran.output.contains("ada:secret-of-ada"))
        let found = try project.sh(
            "grep -rlE 'ada:secret-of-ada|YWRhOnNlY3JldC1vZi1hZGE=' .slipway")
        #expect(found.output.isEmpty, "\(found.output)")
        let again = try run(project)
        #expect(again.code == 0)
        #expect(again.output.contains("all of it is kept here"), "\(again.output)")
    }

    @Test func `may be named by its digest, by an argument, and be copied and mounted from`()
        throws
    {
        let project = try project("args: { WHICH: base }") { project in
            """
            ARG WHICH=none
            ARG BASE=\(from(project)):${WHICH}
            FROM $BASE AS first
            RUN echo first > /first
            FROM \(from(project))@\(try base(project))
            COPY --from=first /first /second
            COPY --from=\(from(project)):base /one /third
            RUN --mount=type=bind,from=\(from(project)):base,target=/base \\
                busybox cat /second /third /base/one
            """
        }
        let ran = try run(project)
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("| first\n") && ran.output.contains("| one\n"))
    }

    @Test(
        "and cannot be had is a failure that says why",
        arguments: [
            ("BASE:none", "there is no image 'BASE:none', which the Dockerfile names"),
            ("BASE@sha256:DIGEST", "there is no image 'BASE@sha256:DIGEST'"),
            (
                "SECURED/test/secret-x:1",
                "registry 'ours' does not allow 'test/secret-x', only"
            ),
            ("$NONE", "line 1 of the Dockerfile names no image with '$NONE'"),
            ("127.0.0.2:1/x", "127.0.0.2 is an address of this machine itself"),
            (
                "127.0.0.2:1/x",
                "whoever hosts the machine can name it in a file registries/NAME.yml"
            ),
        ])
    func missing(name: String, problem: String) throws {
        let filled = { (text: String, project: ImageProject) in
            text.replacing("BASE", with: from(project))
                .replacing("SECURED", with: project.registry.secured)
                .replacing("DIGEST", with: String(repeating: "0", count: 64))
        }
        let project = try project { "FROM \(filled(name, $0))\nRUN true\n" }
        let ran = try run(project)
        #expect(ran.code == 1)
        #expect(ran.output.contains(filled(problem, project)), "\(ran.output)")
    }

    @Test func `is not had with the password of a registry that nobody has named`() throws {
        let project = try project(registries: [:]) { "FROM \(from($0)):base\nRUN true\n" }
        let ran = try project.run()
        #expect(ran.code == 1)
        #expect(ran.output.contains("cannot fetch '\(from(project)):base'"), "\(ran.output)")
    }

    @Test func `behind a link is not looked for`() throws {
        let project = try project { _ in "FROM scratch\n" }
        #expect(try project.sh("rm Dockerfile; ln -s /etc/passwd Dockerfile").code == 0)
        let ran = try run(project)
        #expect(ran.code == 1)
        #expect(ran.output.contains("'Dockerfile' lies behind a link"), "\(ran.output)")
    }
}
