import Glibc
import Support
import Testing

@Suite(
    "An image that buildah builds in the sandbox",
    .enabled(
        if: TestRegistry.running != nil && Buildah.isThere,
        "\(TestRegistry.reason); 'scripts/setup' installs buildah and busybox"))
struct SandboxedBuildTests {
    /// `more` are further lines about the image.
    private func project(_ more: String = "", building lines: String) throws -> ImageProject {
        let project = try ImageProject.sandboxed(more)
        try project.folder.write(
            "FROM scratch\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\n\(lines)\n",
            to: "Dockerfile")
        #expect(try project.sh("cp \(Buildah.busybox) .").code == 0)
        return project
    }

    private func digest(_ project: ImageProject) throws -> Substring {
        let told = try project.sh(
            "skopeo inspect --tls-verify=false --format '{{.Digest}}' "
                + "docker://\(project.registry.plain)/\(project.repository):v1")
        return told.output.prefix { $0 != "\n" }
    }

    @Test func `is of the commit, the same each time, and has none of its secrets`() throws {
        let project = try project(
            "secrets: token\nargs: { VERSION: \"#{app.commit}\" }\nlabels: { team: shop & more }",
            building: """
                ARG VERSION
                ARG SOURCE_DATE_EPOCH
                RUN --mount=type=secret,id=token cat /run/secrets/token; \\
                    echo "$VERSION" > /version; busybox id; echo "time $SOURCE_DATE_EPOCH"
                """)
        let secret = "open-sesame-\(project.repository)"
        try project.folder.write(secret, to: "token.secret")
        try project.commit()
        let ran = try project.run("--secret token=token.secret")
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("***") && ran.output.contains("uid=0 gid=0"))
        #expect(ran.output.contains("time 1700000000"))
        #expect(try project.sh("grep -rl '\(secret)' .slipway").output.isEmpty)
        let config = try project.inspect("v1").output
        let commit = try project.sh("git rev-parse HEAD").output.prefix { $0 != "\n" }
        #expect(config.contains("image.revision\": \"\(commit)\""))
        #expect(config.contains("\"created\": \"2023-11-14T22:13:20Z\""))
        #expect(config.contains("shop") && !config.contains("open-sesame"))
        let layers = try project.sh(
            """
            skopeo copy -q --src-tls-verify=false docker://\(project.registry.plain)/\
            \(project.repository):v1 dir:runners/copied && cd runners/copied && for layer in *; do
            if gunzip -c $layer > plain 2>/dev/null; then cat plain; else cat $layer; fi | \
            grep -q '\(secret)' && echo found; done; echo looked
            """)
        #expect(layers.output == "looked\n", "\(layers.errors)")
        let first = try digest(project)
        #expect(first.hasPrefix("sha256:") && ran.output.contains("@\(first)"))
        let again = try project.run("--secret token=token.secret")
        #expect(again.code == 0)
        #expect(try digest(project) == first)
    }

    @Test func `is none where a command fails`() throws {
        let project = try project(building: "RUN echo last words; exit 3")
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 1)
        #expect(ran.output.contains("last words") && ran.output.contains("exit code 3"))
        #expect(try project.inspect("v1").code != 0)
    }

    @Test(
        "takes what it is told as words",
        arguments: [
            "it's $(busybox touch /x) `busybox touch /x`", "'\u{301}; exit 9; '",
            "--target=none \\\" ; exit 9", "a\\nb",
        ])
    func words(value: String) throws {
        let project = try project(
            "args: { WORDS: \"\(value)\" }\nlabels: { words: \"\(value)\" }",
            building: "ARG WORDS\nRUN echo \"<$WORDS>\"; test ! -e /x")
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        let shown = value.replacing("\\\"", with: "\"").split(separator: "\\n")
        for part in shown { #expect(ran.output.contains(part), "\(ran.output)") }
    }

    @Test func `keeps what only Docker's own form of an image has words for`() throws {
        let project = try project(building: "HEALTHCHECK CMD busybox true")
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        let raw = try project.sh(
            "skopeo inspect --raw --config --tls-verify=false "
                + "docker://\(project.registry.plain)/\(project.repository):v1")
        #expect(raw.output.contains("busybox true"))
        #expect(raw.output.contains("\"Healthcheck\""))
    }

    @Test func `is made of the stage, the file and the folder that are named`() throws {
        let project = try project(
            "folder: part\ndockerfile: other/Containerfile\ntarget: wanted", building: "RUN false")
        try project.folder.write("left\n", to: "left-out")
        #expect(try project.sh("mkdir -p part/other; mv busybox left-out part").code == 0)
        try project.folder.write(
            """
            FROM scratch AS wanted
            COPY . /all
            FROM scratch
            COPY missing /
            """, to: "part/other/Containerfile")
        try project.folder.write("left-out\n", to: "part/.dockerignore")
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        let files = try project.sh(
            "skopeo copy -q --src-tls-verify=false docker://\(project.registry.plain)/"
                + "\(project.repository):v1 dir:runners/copied && cd runners/copied && "
                + "tar -tzf $(ls -S | head -1)")
        #expect(files.output.contains("all/busybox"), "\(files.output)\(files.errors)")
        #expect(!files.output.contains("left-out"))
    }

    @Test func `begins with an image that lies in what it is made of`() throws {
        let project = try project(building: "RUN echo one > /one")
        try project.commit()
        #expect(try project.run().code == 0)
        let base = try project.sh(
            "skopeo copy -q --src-tls-verify=false docker://\(project.registry.plain)/"
                + "\(project.repository):v1 docker-archive:base.tar")
        #expect(base.code == 0, "\(base.errors)")
        try project.folder.write(
            "FROM docker-archive:base.tar\nRUN busybox cat /one; echo two > /two\n",
            to: "Dockerfile")
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("| one\n"))
        // Whoever has the base has its layers.
        #expect(ran.output.contains("was there"))
    }

    @Test func `begins with an image of a registry that its network reaches`() throws {
        let project = try project("network: host", building: "RUN echo one > /one")
        try project.folder.write(
            "name: process\nplaces: 2\nnetwork: [none, host]\n", to: "runners/process.yml")
        try project.commit()
        #expect(try project.run().code == 0)
        try project.folder.write(
            "FROM \(project.registry.plain)/\(project.repository):v1\n"
                + "RUN busybox cat /one; echo two > /two\n", to: "Dockerfile")
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("| one\n") && ran.output.contains("was there"))
    }

    @Test func `is left alone when it is stopped, and nothing of it is left`() throws {
        let mark = "mark-\(UInt64.random(in: 0 ... .max))"
        let project = try project(
            "args: { MARK: \(mark) }",
            building: "ARG MARK\nRUN echo started; while :; do busybox sleep 1; done")
        try project.commit()
        let told = try project.run(stoppedAt: "started")
        #expect(told.contains("code 3"), "\(told)")
        #expect(try project.inspect("v1").code != 0)
        let left = try project.sh("ls .slipway/executions/shop/1/image.1/build.1")
        #expect(!left.output.contains("scratch") && !left.output.contains("workspace"))
        #expect(try RunningPrograms.naming(mark).isEmpty)
    }

    /// By descriptors of folders that are outside of a second `chroot`: a chroot is no wall.
    private static let leaving = """
        RUN cd / && exec 3</ 4</bin && export B=/self/fd/4/busybox && busybox chroot /proc $B \\
            sh -c 'cd -P /self/fd/3 && cd -P ../../../../../.. && $B ls -a && $B id && \\
            $B ln -s /etc/passwd workspace/image.tar && $B ls workspace && $B cat etc/passwd'
        RUN busybox nc -w1 127.0.0.1 PORT </dev/null || echo no service; \\
            echo x > /proc/sys/kernel/core_pattern || echo no setting
        """

    @Test
    func `E76: whose commands leave their chroot finds a sandbox, and its links lead nowhere`()
        throws
    {
        let plain = try #require(TestRegistry.running?.plain.split(separator: ":").last)
        let project = try project(
            building: Self.leaving.replacing("PORT", with: plain))
        try project.commit()
        let ran = try project.run()
        // The second chroot was left: this is the root of the sandbox.
        #expect(ran.output.contains("| workspace\n"), "\(ran.output)")
        #expect(ran.output.contains("| image.tar\n"))
        for folder in ["root", "boot", "srv", "mnt"] {
            #expect(!ran.output.contains("| \(folder)\n"))
        }
        #expect(ran.output.contains("no service") && ran.output.contains("no setting"))
        #expect(ran.code == 1)
        #expect(try project.inspect("v1").code != 0)
    }

    @Test func `that takes too long is ended`() throws {
        let project = try project(
            "limits: { time: 2s }", building: "RUN while :; do busybox sleep 1; done")
        try project.commit()
        let ran = try project.run()
        #expect(ran.code == 1)
        #expect(ran.output.contains("it took longer than it may"), "\(ran.output)")
        #expect(try project.inspect("v1").code != 0)
    }

    @Test func `is built in the sandbox without being asked where there is no Engine`() throws {
        let project = try project(building: "RUN echo built here")
        try project.commit()
        let run = """
            sed -i '/runner: process/d' pipeline.yml
            export DOCKER_HOST=unix:///nowhere/docker.sock
            """
        // A profile is the word of whoever hosts the machine: then it is that Engine or none.
        try project.folder.write(
            "name: docker\nkind: docker\nplaces: 2\nsocket: /nowhere/docker.sock\n",
            to: "runners/docker.yml")
        let command = "'\(Slipway.path)' run --runners runners"
        let refused = try project.sh("\(run)\n\(command)")
        #expect(refused.code == 1)
        #expect(refused.output.contains("/nowhere/docker.sock"), "\(refused.output)")
        let ran = try project.sh("\(run)\nrm runners/docker.yml\n\(command)")
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("building by buildah, in the sandbox"))
        #expect(ran.output.contains("built here"))
        let told = try project.sh("\(run)\n'\(Slipway.path)' doctor | tr -s ' \\n' ' '")
        #expect(told.output.contains("images are built by /usr/bin/buildah in the sandbox"))
    }

    @Test(.enabled(if: getuid() == 0, "only root can hide a program from one process"))
    func `is refused where buildah is not installed, and what to do is said`() throws {
        let project = try project(building: "RUN true")
        try project.commit()
        let ran = try project.sh(
            "unshare --mount sh -c \"mount --bind /dev/null /usr/bin/buildah && "
                + "'\(Slipway.path)' run --runners runners\"")
        #expect(ran.code == 1)
        #expect(ran.output.contains("is not installed; apt-get install buildah"), "\(ran.output)")
    }
}
