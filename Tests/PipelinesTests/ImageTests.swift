import Pipelines
import Testing

@Suite("An image") struct ImageTests {
    @Test(
        "is built by what there is where nobody has said, an Engine first",
        arguments: [
            (true, true, ImageBuilder.engine), (true, false, .engine), (false, true, .buildah),
            (false, false, nil),
        ] as [(Bool, Bool, ImageBuilder?)])
    func builder(hasEngine: Bool, hasBuildah: Bool, chosen: ImageBuilder?) {
        #expect(ImageBuilder.chosen(hasEngine: hasEngine, hasBuildah: hasBuildah) == chosen)
    }

    private static func image(_ text: String) throws -> Image {
        let whole = """
            name: shop
            sources:
              app: { git: . }
            stages:
              - name: build
                actions:
                  image: { image: { \(text) } }
            """
        let definition = try #require(Definition.read(Array(whole.utf8), zones: []).definition)
        let work = definition.stages.first?.actions.first?.work
        return try #require(work as? Image)
    }

    @Test func `is built from a source where the author says so`() throws {
        let image = try Self.image(
            """
            context: app, folder: web, dockerfile: Dockerfile.web, target: release,
            args: { VERSION: "#{app.commit}" }, secrets: npm, platforms: linux/amd64,
            labels: { team: shop }, repository: r.io/shop, tags: ["#{app.commit}"],
            container: web, output: files, fail-on: critical, limits: { memory: 1GiB }
            """)
        guard case .build(let build) = image.content else {
            Issue.record("it is taken for an archive")
            return
        }
        #expect(build.context.value == ArtifactName("app"))
        #expect(build.folder == "web")
        #expect(build.dockerfile == "Dockerfile.web")
        #expect(build.target == "release")
        #expect(build.platforms == ["linux/amd64"])
        #expect(image.secretNames == [try #require(SecretName("npm"))])
        #expect(image.failOn == .critical)
        #expect(image.container == "web")
        #expect(image.outputs.map(\.value) == [try #require(ArtifactName("files"))])
        #expect(image.exports.map(\.description) == ["digest", "uri", "tags"])
        #expect(image.limits.memory?.bytes == 1 << 30)
        #expect(image.runner == .docker)
        #expect(image.templates.count == 4)
    }

    @Test func `of an archive is pushed as it is`() throws {
        let image = try Self.image("archive: app, path: out/image.tar, repository: r.io/shop")
        guard case .archive(let name, let path) = image.content else {
            Issue.record("it is taken for a build")
            return
        }
        #expect(name.value == ArtifactName("app"))
        #expect(path == "out/image.tar")
        #expect(image.secretNames.isEmpty)
        #expect(image.runner == .process)
        #expect(image.summary == "push to r.io/shop")
    }

    @Test func `is built where the author says`() throws {
        let image = try Self.image("context: app, repository: r.io/shop, runner: big")
        #expect(image.runner == RunnerName("big"))
    }
}
