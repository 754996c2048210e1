import Engine
import FoundationEssentials
import Glibc
import Images
import Pipelines
import Premises
import Service
import Support
import Testing

@Suite("Tidying up beside a house") struct TidyingTests {
    private static func made(_ numbers: ClosedRange<Int>, in home: Folder) throws {
        for number in numbers {
            let folder = home.file("executions/shop/\(number)/build.1/make.1")
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try home.write("printed\n", to: "executions/shop/\(number)/build.1/make.1/log")
            // Each is an hour younger than the one before it.
            let time = 1_700_000_000 + number * 3_600
            let words = ["/usr/bin/find", home.file("executions/shop/\(number)"), "-exec"]
            _ = try Program.run(words + ["/usr/bin/touch", "-h", "-d", "@\(time)", "{}", "+"])
        }
    }

    private static func left(in home: Folder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: home.file("executions/shop")).sorted()
    }

    @Test func `what was run goes when it is beyond the newest, and nothing else does`() throws {
        let home = try Folder()
        let trees = try HouseTrees(at: home.path)
        try Self.made(1...4, in: home)
        var keep = Keeping()
        keep.executions = 2
        let removed = try Tidying(trees, keeping: keep).tidy(EngineState(), at: 1_800_000_000_000)
        #expect(removed.executions == 2)
        #expect(try Self.left(in: home) == ["3", "4"])
    }

    @Test func `what is too old goes, by when something was last made there`() throws {
        let home = try Folder()
        let trees = try HouseTrees(at: home.path)
        try Self.made(1...4, in: home)
        var keep = Keeping()
        keep.age = .seconds(2 * 3_600)
        let now: Int64 = (1_700_000_000 + 4 * 3_600) * 1_000
        #expect(try Tidying(trees, keeping: keep).tidy(EngineState(), at: now).executions == 1)
        #expect(try Self.left(in: home) == ["2", "3", "4"])
    }

    @Test func `what an action was given of an image stays while an execution has it`() throws {
        let home = try Folder()
        let trees = try HouseTrees(at: home.path)
        let (state, images) = try Self.carrying(["0a", "0b"])
        let folders = try images.map { try trees.folder(of: $0) }
        #expect(folders.allSatisfy { $0.hasPrefix("\(home.path)/sources/images/") })
        // One is carried by an execution, and the other was made long ago.
        for folder in folders {
            _ = try Program.run(["/usr/bin/touch", "-d", "@1700000000", folder])
        }
        _ = try Tidying(trees, keeping: Keeping()).tidy(state, at: 1_800_000_000_000)
        let left = try FileManager.default.contentsOfDirectory(
            atPath: home.file("sources/images"))
        #expect(left.count == 1)
        let text = try String(
            contentsOfFile: "\(folders[0])/imageDetail.json", encoding: .utf8)
        #expect(text.contains("\"ImageURI\": \"r.io/base@sha256:0a0a"))
        // Whoever wants the other again is given it again.
        #expect(try trees.folder(of: images[1]) == folders[1])
    }

    /// Images by the first digits of their digests, the first of which an execution carries.
    private static func carrying(_ digits: [String]) throws -> (EngineState, [Revision]) {
        let text = """
            name: shop
            sources: { base: { image: "r.io/base:stable" } }
            stages: [{ name: build, actions: { one: { run: make } } }]
            """
        let definition = try #require(Definition.read(Array(text.utf8)).definition)
        let images = try digits.map { digits in
            Revision(
                source: try #require(SourceName("base")), tag: "stable",
                image: try PinnedImage(
                    parsing: "r.io/base@sha256:\(String(repeating: digits, count: 32))"))
        }
        var state = EngineState()
        let now = Moment(wall: 1, steady: Steady(milliseconds: 1))
        _ = try state.decide(.define(definition), by: .slipway, at: now)
        _ = try state.decide(
            .start(Start(definition.name, revisions: [images[0]])), by: .slipway, at: now)
        return (state, images)
    }

    @Test func `too little room is told of in words, and enough is not`() throws {
        let home = try Folder()
        #expect(DiskRoom.problem(of: home.path, wanting: 0) == nil)
        let told = try #require(DiskRoom.problem(of: home.path, wanting: 1 << 60))
        #expect(told.contains("MiB are left on the disk of '\(home.path)'"))
    }
}
