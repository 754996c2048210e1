import Attempts
import Testing

@Suite("What the house and a supervisor tell each other") struct FieldsTests {
    static let spec: AttemptSpec = {
        var spec = AttemptSpec(
            id: "shop/1/build:1/compile#1",
            steps: [.init(name: "one", script: "echo 'a b'\n"), .init(name: nil, script: "true")],
            filter: "/f")
        spec.environment = ["A": "x=y\nz", "B": ""]
        spec.layers = ["/upper one", "/lower"]
        spec.inputs = [.init(name: "lib", path: "/t")]
        spec.network = .outbound
        spec.limits = .init(
            milliseconds: 1, memory: 2, processes: 3, cpu: 4, disk: 5, output: 6,
            graceMilliseconds: 7)
        spec.readOnly = ["/usr"]
        spec.slot = 200_001
        return spec
    }()

    @Test func `a spec arrives as it was sent`() throws {
        #expect(try AttemptSpec(Fields(parsing: Self.spec.fields.bytes)) == Self.spec)
    }

    @Test func `an image arrives as it was sent`() throws {
        var build = ImageBuildSpec(
            by: .engine(socket: "/run/d.sock", house: "/h"), dockerfile: "Dockerfile")
        build.folder = "web"
        build.target = "release"
        build.arguments = [.init(name: "A", value: "x=y\nz")]
        build.platforms = ["linux/amd64"]
        build.cacheFrom = ["r.io/cache"]
        build.cacheTo = "r.io/cache"
        var base = ImageBaseSpec("r.io/base:1", for: "linux/arm64")
        base.targets = [0, 2]
        base.registry.isPlain = true
        base.credential = "registry r.io"
        base.isAnywhere = true
        build.bases = [base, ImageBaseSpec("r.io/other", for: "linux/amd64")]
        build.stages = [ImageStageSpec(target: 1, line: 3, platform: "linux/amd64")]
        build.baseMemory = "/h/bases"
        build.cache = BuildCacheSpec(shelf: "/h/builds", room: 5, name: ["shop", "main"])
        var image = ImageSpec(.build(build), repository: "r.io/shop")
        image.labels = [.init(name: "team", value: "shop and more")]
        image.tags = ["1", "2"]
        image.container = "web"
        image.failOn = "critical"
        image.committedAt = 1_700_000_000
        image.memory = "/h/layers"
        image.outputs = "image"
        image.registry.isPlain = true
        image.registry.authority = "/ca.pem"
        var aws = AWSSpec()
        aws.profile = "p"
        aws.endpoint = "https://e"
        aws.create = .init(
            isImmutable: true, scansOnPush: false, isKMS: true, kmsKey: "k", lifecycle: "{}")
        image.registry.aws = aws
        var spec = Self.spec
        spec.image = image
        #expect(try AttemptSpec(Fields(parsing: spec.fields.bytes)) == spec)

        for content in [
            ImageSpec.Content.archive(path: nil), .archive(path: "out.tar"),
            .build(ImageBuildSpec(by: .buildah, dockerfile: "D")),
        ] {
            spec.image = ImageSpec(content, repository: "r.io/shop")
            #expect(try AttemptSpec(Fields(parsing: spec.fields.bytes)) == spec)
        }
    }

    @Test(
        "a report arrives as it was sent",
        arguments: [
            .succeeded, .exited(code: 3), .signalled(9), .timedOut, .outOfMemory,
            .overLimit("disk"), .stopped, .couldNotStart("there is no bwrap"),
            .unsuccessful("the registry refused it"),
        ] as [AttemptReport.End])
    func report(end: AttemptReport.End) throws {
        let report = AttemptReport(
            end: end, startedAt: 1, milliseconds: 2, cpuMilliseconds: 3, peakMemory: 4,
            logBytes: 5, droppedBytes: 6, steps: [.init(index: 0, milliseconds: 7, code: 8)])
        #expect(try AttemptReport(Fields(parsing: report.fields.bytes)) == report)
    }

    @Test func `whatever is cut off is known to be`() throws {
        let secrets = [
            HandedSecret(name: "token", value: [0, 10, 255], variable: "TOKEN"),
            HandedSecret(name: "key", value: Array("two\nlines".utf8), variable: nil),
        ]
        let errand = Errand(
            folder: AttemptFolder("/home/run/1"), secrets: secrets, access: secrets.reversed())
        let whole = errand.fields.bytes
        #expect(try Errand(Fields(parsing: whole)) == errand)
        for length in 0..<whole.count {
            #expect(throws: FieldError.self) {
                try Errand(Fields(parsing: Array(whole.prefix(length))))
            }
        }
    }

    @Test(
        "what is damaged is refused",
        arguments: ["a", "a 1", "a 1\nx", "a 2\nx\n", "a -1\n\n", "a x\n\n", "a 99999999999\nx\n"])
    func damage(text: String) {
        #expect(throws: FieldError("a field is cut off or damaged")) {
            try Fields(parsing: Array(text.utf8))
        }
    }
}
