import FoundationEssentials
import Pipelines
import Testing

/// What the reader says of each mistake, word for word. Look at the texts beside the definitions:
/// each is what somebody sees who has made that mistake. SLIPWAY_WRITE_GOLDEN=1 writes them anew.
@Suite("What the reader says") struct GoldenTests {
    static let folder =
        String(#filePath.prefix(while: { _ in true }).dropLast("GoldenTests.swift".count))
        + "Golden/"

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".yml") }.map { String($0.dropLast(4)) }.sorted()
    }()

    static let zones: Set<String> = ["UTC", "Europe/London", "Europe/Berlin", "America/New_York"]

    @Test("is what stands beside the definition", arguments: names)
    func matches(name: String) throws {
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: Self.folder + name + ".yml")))
        let reading = Definition.read(bytes, zones: Self.zones)
        let text = String(decoding: bytes, as: UTF8.self)
        let said = Report(file: "\(name).yml", text: text).text(of: reading.diagnostics)
        let golden = URL(filePath: Self.folder + name + ".txt")
        if ProcessInfo.processInfo.environment["SLIPWAY_WRITE_GOLDEN"] != nil {
            try Data(said.utf8).write(to: golden)
        }
        let expected = String(decoding: try Data(contentsOf: golden), as: UTF8.self)
        #expect(said == expected)
        #expect(!reading.diagnostics.isEmpty)
        #expect(
            (reading.definition == nil) == reading.diagnostics.contains { $0.severity == .error })
    }

    @Test func `there are definitions to read`() {
        #expect(Self.names.count > 60)
    }
}
