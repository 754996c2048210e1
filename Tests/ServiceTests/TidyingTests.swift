import Engine
import FoundationEssentials
import Glibc
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

    @Test func `too little room is told of in words, and enough is not`() throws {
        let home = try Folder()
        #expect(DiskRoom.problem(of: home.path, wanting: 0) == nil)
        let told = try #require(DiskRoom.problem(of: home.path, wanting: 1 << 60))
        #expect(told.contains("MiB are left on the disk of '\(home.path)'"))
    }
}
