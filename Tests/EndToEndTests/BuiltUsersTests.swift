import Glibc
import Support
import Testing

/// Of Debian's packages; a program that needs no other file is all that an image has here.
private let busybox = "/usr/bin/busybox"

private let canBuild = ["/usr/bin/buildah", "/usr/bin/newuidmap", busybox].allSatisfy {
    (program: String) in unsafe access(program, X_OK) == 0
}

@Suite(
    "An image that buildah builds with users of its own",
    .enabled(
        if: TestRegistry.running != nil && canBuild && getuid() == 0,
        "\(TestRegistry.reason); only root can be several users; 'scripts/setup' installs buildah"))
struct BuiltUsersTests {
    /// Who builds, with a row in `/etc/passwd` that only the build sees.
    private static let builder = 61_234
    private static let range = "builder:2900000000:65536"
    /// Who builds may not be let in where the programs lie.
    private static let withPrograms = #"mount --bind "$(dirname "\#(Slipway.path)")" /srv"#

    private static let dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        COPY busybox /bin/sh
        RUN busybox mkdir -p /etc /home/app && \\
            printf 'root:x:0:0::/:\\napp:x:1234:1234::/home/app:/bin/sh\\n' > /etc/passwd && \\
            printf 'root:x:0:\\napp:x:1234:\\nmore:x:77:app\\n' > /etc/group && \\
            busybox chown app:more /home/app
        COPY --chown=1234:65534 file /copied
        ADD owners.tar /added/
        USER app
        RUN busybox id && echo mine > /home/app/mine && ! echo x > /no 2>/dev/null
        USER root
        RUN busybox chown 65535:5 /bin/sh && busybox mkdir -m 0700 /locked && \\
            busybox chown 65534:65534 /locked
        """

    private func project(_ more: String = "") throws -> ImageProject {
        let project = try ImageProject.sandboxed()
        try project.folder.write("\(Self.dockerfile)\n\(more)\n", to: "Dockerfile")
        let made = try project.sh(
            """
            cp \(busybox) . && echo data > file
            tar --owner=33 --group=34 -cf owners.tar file
            { cat /etc/passwd; echo 'builder:x:\(Self.builder):\(Self.builder)::/:/bin/sh'; } \
            > runners/passwd
            echo '\(Self.range)' > runners/range && : > runners/none
            """)
        #expect(made.code == 0, "\(made.errors)")
        try project.commit()
        return project
    }

    /// By an ordinary user, who may have users of his own.
    private func runAsUser(_ project: ImageProject, grants: String) throws -> Program.Result {
        try project.sh(
            """
            chown -R \(Self.builder):\(Self.builder) .
            unshare --mount sh -ec '
              \(Self.withPrograms)
              mount --bind runners/passwd /etc/passwd
              mount --bind runners/\(grants) /etc/subuid
              mount --bind runners/\(grants) /etc/subgid
              exec setpriv --reuid=\(Self.builder) --regid=\(Self.builder) --clear-groups \
                env HOME=/nowhere /srv/slipway run --runners runners'
            """)
    }

    /// Files of the builder's users, but for layers that are kept for the next build.
    private func left(of project: ImageProject) throws -> String {
        try project.sh("find . -path ./.slipway/builds -prune -o -uid +2899999999 -print").output
    }

    /// Numbers of owners and paths, of all that the image's layers hold.
    private func owners(_ project: ImageProject) throws -> Set<String> {
        let listed = try project.sh(
            """
            skopeo copy -q --src-tls-verify=false docker://\(project.registry.plain)/\
            \(project.repository):v1 dir:runners/copied && cd runners/copied && for layer in *; do
            tar --numeric-owner -tvzf $layer 2>/dev/null | while read -r m o s d t p; do
            echo "$o $p"; done; done
            """)
        #expect(listed.code == 0, "\(listed.errors)")
        return Set(listed.output.split(separator: "\n").map(String.init))
    }

    private static let expected: Set = [
        "1234/65534 copied", "33/34 added/file", "1234/77 home/app/", "1234/1234 home/app/mine",
        "65535/5 bin/sh", "65534/65534 locked/", "0/0 bin/busybox",
    ]

    @Test func `has their files as theirs, and the commands of each as his own`() throws {
        let project = try project()
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("uid=1234(app) gid=1234(app)"), "\(ran.output)")
        #expect(try owners(project).isSuperset(of: Self.expected))
        let left = try project.sh("ls .slipway/executions/shop/1/image.1/build.1")
        #expect(!left.output.contains("scratch") && !left.output.contains("workspace"))
    }

    @Test func `is the same where an ordinary user with a range builds, and nothing is left`()
        throws
    {
        let project = try project()
        let ran = try runAsUser(project, grants: "range")
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("uid=1234(app) gid=1234(app)"), "\(ran.output)")
        #expect(try owners(project).isSuperset(of: Self.expected))
        #expect(try left(of: project).isEmpty)
    }

    @Test func `leaves nothing of theirs either where it fails`() throws {
        let project = try project("RUN exit 9")
        let ran = try runAsUser(project, grants: "range")
        #expect(ran.code == 1)
        #expect(ran.output.contains("exit code 9"), "\(ran.output)")
        #expect(!ran.output.contains("no user but root"))
        #expect(try left(of: project).isEmpty)
    }

    @Test func `cannot be built by a user who has none, and what to do is said`() throws {
        let project = try project()
        let ran = try runAsUser(project, grants: "none")
        #expect(ran.code == 1)
        #expect(
            ran.output.contains("there is no user but root where it is built, because /etc/subuid"))
        #expect(ran.output.contains("usermod --add-subuids 100000-165535"), "\(ran.output)")
    }

    @Test func `leaves nothing of theirs where its supervisor is killed, once a house is back`()
        throws
    {
        let project = try project("RUN echo begun; while :; do busybox sleep 1; done")
        try project.folder.write(
            """
            mkfifo runners/told
            /srv/slipway run --runners runners > runners/told 2>&1 & house=$!
            grep -q -m 1 ' begun$' runners/told
            kill -9 $house $(cat .slipway/executions/shop/1/image.1/build.1/lock)
            wait $house
            find . -uid +2899999999 | head -1
            sed -i '$d' Dockerfile
            /srv/slipway run --runners runners
            """, to: "runners/killing")
        let ran = try project.sh(
            """
            chown -R \(Self.builder):\(Self.builder) .
            unshare --mount sh -ec '
              \(Self.withPrograms)
              mount --bind runners/passwd /etc/passwd
              mount --bind runners/range /etc/subuid
              mount --bind runners/range /etc/subgid
              exec setpriv --reuid=\(Self.builder) --regid=\(Self.builder) --clear-groups \
                env HOME=/nowhere sh runners/killing'
            """)
        #expect(ran.output.contains("./.slipway/"), "\(ran.output)\(ran.errors)")
        #expect(try left(of: project).isEmpty, "\(ran.output)")
    }
}
