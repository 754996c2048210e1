import Docker
import FoundationEssentials
import Support
import Testing

@Suite(
    "A build that is stopped",
    .enabled(if: TestEngine.socket != nil, "\(TestEngine.reason)"))
struct BuildEndTests {
    /// Whether a process of this machine has this as the last word of its command line.
    private static func runs(_ word: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.contains { name in
            let file = URL(filePath: "/proc/\(name)/cmdline")
            let line = Int(name).flatMap { _ in try? Data(contentsOf: file) } ?? Data()
            return line.split(separator: 0).last.map { Array($0) } == Array(word.utf8)
        }
    }

    @Test func `ends at the Engine too, and leaves no image`() throws {
        let test = try TestBuild()
        let word = "6\(UInt32.random(in: 100_000_000 ... 999_999_999))"
        let underWay = try test.begin("RUN echo begun; sleep \(word)")
        var log: [String] = []
        while !log.contains(where: { $0.hasSuffix(" begun") }) {
            log += underWay.advance()
            try #require(!underWay.isDone)
            test.engine.wait(underWay.waited, milliseconds: 1_000)
        }
        // 'sleep' begins after the word was printed.
        while !Self.runs(word) {
            _ = underWay.advance()
            try #require(!underWay.isDone)
            test.engine.wait(underWay.waited, milliseconds: 20)
        }
        underWay.cancel()
        #expect(throws: BuildProblem.cancelled) { try underWay.image() }
        let deadline = ContinuousClock.now + .seconds(60)
        while Self.runs(word), ContinuousClock.now < deadline {
            test.engine.wait([], milliseconds: 20)
        }
        #expect(!Self.runs(word))
        #expect(!(try test.engine.has(ImageName(test.name.description))))
    }

    @Test func `is one whose owner says so`() throws {
        let test = try TestBuild()
        let context = try test.context(
            of: ["Dockerfile": "FROM \(TestEngine.image)\nRUN echo begun; sleep 600\n"])
        var hasBegun = false
        #expect(throws: BuildProblem.cancelled) {
            try test.engine.build(
                test.build, named: test.name, of: context, answering: test.services,
                whileTrue: { !hasBegun }
            ) { hasBegun = hasBegun || $0.hasSuffix(" begun") }
        }
    }
}
