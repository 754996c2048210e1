import Docker
import FoundationEssentials
import Glibc
import HTTP
import Support
import Tar
import Testing

@Suite(
    "An image built by an Engine",
    .enabled(if: TestEngine.socket != nil, "\(TestEngine.reason)"))
struct EngineBuildTests {
    @Test func `has what was copied, and is its own whole archive`() throws {
        let test = try TestBuild()
        let image = try test.run("FROM scratch\nCOPY a /b\n", and: ["a": "opened"])
        #expect(image.hasPrefix("sha256:"))
        let archive = try test.saved(image)
        #expect(archive.has("manifest.json"))
        let layers = archive.entries.filter { $0.name.hasSuffix("layer.tar") }
        #expect(layers.count == 1)
        let bytes = try archive.place(try #require(layers.first).name).bytes(atMost: 1 << 20)
        #expect(String(decoding: bytes, as: UTF8.self).contains("opened"))
        #expect(test.log.contains { $0.hasSuffix("[1/1] COPY a /b") })
    }

    @Test func `has nothing that an ignore file leaves out`() throws {
        let test = try TestBuild()
        var files: [String: String] = [:]
        for name in [".env", "a/x", "a/b/kept", "a/b/not", ".dockerignore"] { files[name] = name }
        files["Dockerfile"] =
            "FROM \(TestEngine.image)\nCOPY . /c/\n"
            + "RUN : \(test.name); cd /c && find . -type f\n"
        let rules = try IgnoreRules("**\n!a/b/k*\n", dockerfile: "Dockerfile")
        let context = try test.context(of: files) { path in
            rules.keeps(path) || files[path] == nil && rules.mayKeep(below: path)
        }
        var log: [String] = []
        _ = try test.engine.build(
            test.build, named: test.name, of: context, answering: test.services
        ) { log.append($0) }
        let found = log.compactMap { $0.split(separator: " ").last }.filter { $0.hasPrefix("./") }
        #expect(found.sorted() == ["./Dockerfile", "./a/b/kept"])
    }

    @Test func `is of the stage, arguments, labels and time that were asked for`() throws {
        let test = try TestBuild()
        test.build.dockerfile = "docker/web"
        test.build.target = "wanted"
        let word = "a \"b\" & c \(test.name)"
        test.build.arguments = ["WORD": word]
        test.build.labels = ["org.example.x": "y z"]
        test.build.time = 1_700_000_000
        let image = try test.run(
            """
            FROM \(TestEngine.image) AS wanted
            ARG WORD
            ARG SOURCE_DATE_EPOCH
            RUN echo "word=$WORD time=$SOURCE_DATE_EPOCH"
            FROM wanted
            RUN echo unwanted
            """)
        let told = "word=\(word) time=1700000000"
        #expect(test.log.contains { $0.hasSuffix(told) && !$0.contains("RUN") })
        #expect(!test.text.contains("unwanted"))
        #expect(try test.config(of: image).contains("\"org.example.x\":\"y z\""))
    }

    @Test func `has no network unless it is asked for`() throws {
        let test = try TestBuild()
        let script = "RUN echo \(test.name); cat /proc/net/dev"
        try test.run(script)
        let devices = { test.log.filter { $0.contains(": ") && $0.contains(" 0 ") } }
        #expect(devices().count == 1 && devices().allSatisfy { $0.contains("lo:") })
        test.build.network = .host
        try test.run(script)
        #expect(devices().count > 2)
    }

    @Test func `keeps its cache in itself where that is asked for`() throws {
        let test = try TestBuild()
        let script = "RUN echo \(test.name) >/x"
        let plain = try test.run(script)
        #expect(!(try test.config(of: plain).contains("moby.buildkit.cache")))
        test.build.cacheKeeping = .inline
        let keeping = try test.run(script)
        #expect(try test.config(of: keeping).contains("moby.buildkit.cache"))
        #expect(test.log.contains { $0.hasSuffix("CACHED") })
    }

    @Test func `is built also where a cache that was named is not there`() throws {
        let test = try TestBuild()
        test.build.cacheFrom = ["127.0.0.1:1/nothing:1"]
        try test.run("RUN echo \(test.name)")
        #expect(test.log.contains { $0.contains("importing cache manifest from 127.0.0.1:1") })
    }

    @Test func `is none where a command fails, and it is said which`() throws {
        let test = try TestBuild()
        let step = "[2/2] RUN echo last words; exit 3"
        #expect {
            try test.run("RUN echo last words; exit 3")
        } throws: { error in
            guard case .failed(let problem, step) = error as? BuildProblem else { return false }
            return problem.contains("exit code: 3")
        }
        #expect(test.log.suffix(4).first == "------")
        #expect(test.log.suffix(3).first == " > \(step):")
        #expect(test.log.dropLast().last?.hasSuffix(" last words") == true)
    }

    @Test(
        "is none where the Dockerfile is wrong, in the Engine's words",
        arguments: [
            ("COPY missing /", "missing"), ("NONSENSE x", "NONSENSE"),
            ("FROM slipway.invalid/nobody:1", "slipway.invalid"),
        ])
    func wrong(dockerfile: String, words: String) throws {
        let test = try TestBuild()
        #expect {
            try test.run(dockerfile)
        } throws: { error in
            guard case .failed(let problem, _) = error as? BuildProblem else { return false }
            return problem.contains(words)
        }
    }

    @Test func `is none where the Engine turns it down`() throws {
        let test = try TestBuild()
        test.build.platform = "linux/nonsense-x"
        #expect(throws: BuildProblem.self) { try test.run("RUN true") }
    }

    @Test func `goes when its name goes, and one that is gone is no mistake`() throws {
        let test = try TestBuild()
        let image = try test.run("FROM scratch\nCOPY a /\n", and: ["a": "\(test.name)"])
        try test.engine.remove(name: test.name)
        #expect(!(try test.engine.has(ImageName(image))))
        try test.engine.remove(name: test.name)
    }

    @Test func `does not take another's name when its own goes`() throws {
        let first = try TestBuild()
        let second = try TestBuild()
        let files = ["a": "\(first.name)"]
        let image = try first.run("FROM scratch\nCOPY a /\n", and: files)
        // The same image, because all of it was kept.
        let again = try second.run("FROM scratch\nCOPY a /\n", and: files)
        #expect(again == image)
        try first.engine.remove(name: first.name)
        #expect(try second.engine.has(ImageName(second.name.description)))
    }

    @Test func `is swept where nobody looks after it`() throws {
        let lost = try TestBuild()
        let house = lost.folder.path
        try lost.run("FROM scratch\nCOPY a /\n", and: ["a": house])
        let lostName = ImageName(lost.name.description)
        try lost.engine.sweepBuilds(house: house + "x", keeping: { [] })
        try lost.engine.sweepBuilds(house: house, keeping: { ["owner"] })
        #expect(try lost.engine.has(lostName))
        try lost.engine.sweepBuilds(house: house, keeping: { ["another"] })
        #expect(!(try lost.engine.has(lostName)))
    }

    @Test func `is removed with all that its owner had built`() throws {
        let test = try TestBuild()
        let owner = test.folder.path
        let name = BuildName(house: "any", owner: owner)
        let context = try test.context(of: ["Dockerfile": "FROM scratch\nCOPY Dockerfile /\n"])
        _ = try test.engine.build(
            ImageBuild(), named: name, of: context, answering: test.services
        ) { _ in }
        try test.engine.removeBuilds(of: owner + "x")
        #expect(try test.engine.has(ImageName(name.description)))
        try test.engine.removeBuilds(of: owner)
        #expect(!(try test.engine.has(ImageName(name.description))))
    }

    @Test func `is not saved where there is no room, or nothing of that name`() throws {
        let test = try TestBuild()
        let full = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        #expect(
            throws: BuildProblem.unfit(
                "the image cannot be written: No space left on device",
                hint: "make room there: as much as the image is large")
        ) { try test.engine.save(TestEngine.image, to: full) }
        #expect(throws: BuildProblem.self) {
            try test.engine.save("slipway.invalid/no:1", to: full)
        }
        #expect(throws: BuildProblem.cancelled) {
            try test.engine.save(TestEngine.image, to: full) { false }
        }
    }
}
