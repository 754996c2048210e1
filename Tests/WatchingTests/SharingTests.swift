import Pipelines
import Testing
import Watching

@Suite("Sources of one remote") struct SharingTests {
    /// Each is a pipeline and the credential that its source names, if it does.
    private static func sources(_ written: [(String, String?)]) throws -> [WatchedSource] {
        try written.map { name, credential in
            let shown = credential.map { ", credential: \($0)" } ?? ""
            let text = """
                name: \(name)
                sources: { app: { git: "https://host/app.git"\(shown) } }
                stages: [{ name: build, actions: { make: { run: make } } }]
                """
            let definition = try #require(Definition.read(Array(text.utf8)).definition)
            return WatchedSource(definition.name, definition.sources[0])
        }
    }

    @Test(
        "are looked at together by one credential, and nobody looks by another's",
        arguments: [
            ([("a", nil), ("b", nil)], ["a", "b"]), ([("a", "key"), ("b", "key")], ["a", "b"]),
            ([("a", nil), ("b", "key")], ["b"]), ([("a", "key"), ("b", "other")], ["a"]),
            ([("a", nil), ("b", "key"), ("c", "other"), ("d", "key")], ["b", "d"]), ([], []),
        ] as [([(String, String?)], [String])])
    func together(written: [(String, String?)], names: [String]) throws {
        let sources = try Self.sources(written)
        let (together, apart) = WatchedSource.sharingCredential(sources)
        #expect(together.map { "\($0.pipeline)" } == names)
        #expect(together.count + apart.count == sources.count)
        #expect(apart.allSatisfy { !together.contains($0) })
    }
}
