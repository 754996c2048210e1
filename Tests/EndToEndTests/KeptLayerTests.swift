import Glibc
import Support
import Testing

@Suite(
    "Layers that a build in the sandbox leaves for the next",
    .enabled(
        if: TestRegistry.running != nil && Buildah.isThere,
        "\(TestRegistry.reason); 'scripts/setup' installs buildah and busybox"))
struct KeptLayerTests {
    private static let taken = "takes over layers of earlier builds"

    private func project(_ more: String = "") throws -> ImageProject {
        let project = try ImageProject.sandboxed(more)
        try project.folder.write(
            """
            FROM scratch
            COPY busybox /bin/busybox
            COPY busybox /bin/sh
            RUN echo slow work
            COPY changing /
            RUN busybox cat /changing
            """, to: "Dockerfile")
        try project.folder.write("first\n", to: "changing")
        #expect(try project.sh("cp \(Buildah.busybox) .").code == 0)
        try project.commit()
        return project
    }

    private func change(_ project: ImageProject) throws {
        try project.folder.write("second\n", to: "changing")
        let made = try project.sh("git -c user.name=zoe -c user.email=z@e.io commit -qam two")
        #expect(made.code == 0, "\(made.errors)")
    }

    @Test func `are taken over up to what has changed`() throws {
        let project = try project("cache-to: inline\ncache-from: PLAIN:v1")
        let first = try project.run()
        #expect(first.code == 0, "\(first.output)\(first.errors)")
        #expect(first.output.contains("| slow work\n") && !first.output.contains(Self.taken))
        #expect(first.output.contains("'cache-from' and 'cache-to' are for Docker Engines"))
        try change(project)
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains(Self.taken) && ran.output.contains("Using cache"))
        #expect(!ran.output.contains("| slow work\n") && ran.output.contains("| second\n"))
    }

    @Test func `are kept where a later command fails`() throws {
        let project = try project()
        #expect(try project.sh("echo 'RUN exit 3' >> Dockerfile").code == 0)
        #expect(try project.run().code == 1)
        #expect(try project.sh("sed -i '$d' Dockerfile").code == 0)
        let ran = try project.run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains(Self.taken) && !ran.output.contains("| slow work\n"))
    }

    @Test func `E82: are never seen by a build for another branch, nor by another action`() throws {
        let project = try project()
        #expect(try project.run().code == 0)
        for other in [
            "git checkout -qb other", "git checkout -q main; sed -i 's/build:/more:/' pipeline.yml",
        ] {
            #expect(try project.sh(other).code == 0)
            let ran = try project.run()
            #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
            #expect(!ran.output.contains(Self.taken) && ran.output.contains("| slow work\n"))
        }
    }

    @Test func `are gone when people want them to be`() throws {
        let project = try project()
        #expect(try project.run().code == 0)
        #expect(try project.sh("ls -d .slipway/builds/*/content").code == 0)
        let cleaned = try project.sh("'\(Slipway.path)' clean --caches")
        #expect(cleaned.code == 0, "\(cleaned.errors)")
        #expect(try project.sh("ls -d .slipway/builds/*/content").code != 0)
    }
}
