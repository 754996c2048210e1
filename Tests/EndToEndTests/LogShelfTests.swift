import FoundationEssentials
import Support
import Testing

@Suite("Logs that are over") struct LogShelfTests {
    /// Two actions with half a megabyte each, one after the other, the second of which fails.
    private static let definition = """
        name: shop
        sources: { app: { git: . } }
        stages:
          - name: build
            actions:
              long: { run: "seq 100000" }
              wrong: { run: "seq 100000; exit 3", after: long }
        """

    @Test func `are compressed when they succeeded, and read the same`() throws {
        let folder = try Folder()
        try folder.write(Self.definition, to: "pipeline.yml")
        func slipway(_ words: String) throws -> Program.Result {
            try Program.run(["/bin/sh", "-c", "cd '\(folder.path)' && '\(Slipway.path)' \(words)"])
        }
        let first = try slipway("run --quiet pipeline.yml")
        #expect(first.code == 1, "\(first.errors)")
        let attempts = folder.file(".slipway/executions/shop/1/build.1")
        let files = FileManager.default
        // What one has no time for is left to the next.
        for _ in 0..<20 where !files.fileExists(atPath: "\(attempts)/long.1/log.zst") {
            #expect(try slipway("run --quiet pipeline.yml").code == 1)
        }
        #expect(files.fileExists(atPath: "\(attempts)/long.1/log.zst"))
        #expect(!files.fileExists(atPath: "\(attempts)/long.1/log"))
        #expect(files.fileExists(atPath: "\(attempts)/wrong.1/log"))
        let lines = (1...100_000).map { "\($0)\n" }.joined()
        #expect(try slipway("logs shop/1 build/long").output == lines)
        #expect(try slipway("logs shop/1 build/wrong").output == lines)
    }
}
