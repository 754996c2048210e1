import FoundationEssentials
import Pipelines
import Service
import Testing

@Suite("Definitions of a repository") struct DefinitionShelfTests {
    /// A file that defines the pipeline, or is a mistake.
    private static func file(
        _ path: String, _ pipeline: String?, digest: String = "1"
    ) throws -> DefinitionShelf.File {
        guard let pipeline else {
            return DefinitionShelf.File(path: path, digest: digest, content: .mistake("no YAML"))
        }
        let text = """
            name: \(pipeline)
            sources: { app: { git: /app } }
            stages: [{ name: build, actions: { make: { run: make } } }]
            """
        let definition = try #require(Definition.read(Array(text.utf8)).definition)
        return DefinitionShelf.File(path: path, digest: digest, content: .definition(definition))
    }

    private static func told(_ shelf: DefinitionShelf) -> [String] {
        shelf.notes.map { note in
            let first = note.problem.split(separator: "\n").first ?? ""
            return "\(note.commit) \(note.pipeline?.description ?? "-"): \(first)"
        }
    }

    @Test func `are given to the house when they are new, and when they have changed`() throws {
        var shelf = DefinitionShelf()
        let first = try [Self.file("b.yml", "b"), Self.file("a.yml", "a")]
        #expect(shelf.take(first, of: "c1", others: []).map(\.path) == ["a.yml", "b.yml"])
        #expect(shelf.take(first, of: "c2", others: []).isEmpty)
        let second = try [Self.file("a.yml", "a"), Self.file("b.yml", "b", digest: "2")]
        #expect(shelf.take(second, of: "c3", others: []).map(\.path) == ["b.yml"])
        #expect(shelf.notes.isEmpty)
    }

    @Test func `take nothing over that a file of the server's machine defines`() throws {
        var shelf = DefinitionShelf()
        let name = try #require(PipelineName("a"))
        let files = [try Self.file("a.yml", "a"), try Self.file("b.yml", "b")]
        #expect(shelf.take(files, of: "c1", others: [], own: [name]).map(\.path) == ["b.yml"])
        #expect(
            Self.told(shelf) == [
                "c1 -: a.yml: error: pipeline 'a' is defined by a file of the server's machine"
            ])
    }

    @Test func `stay at work while their file has a mistake, until it is corrected`() throws {
        var shelf = DefinitionShelf()
        _ = shelf.take([try Self.file("a.yml", "a")], of: "c1", others: [])
        #expect(shelf.take([try Self.file("a.yml", nil)], of: "c2", others: []).isEmpty)
        #expect(Self.told(shelf) == ["c2 a: no YAML"])
        // What is at work is what it was: to put it back changes nothing.
        #expect(shelf.take([try Self.file("a.yml", "a")], of: "c3", others: []).isEmpty)
        #expect(shelf.notes.isEmpty)
        _ = shelf.take([try Self.file("a.yml", nil)], of: "c4", others: [])
        let corrected = try Self.file("a.yml", "a", digest: "2")
        #expect(shelf.take([corrected], of: "c5", others: []).count == 1)
        #expect(shelf.notes.isEmpty)
    }

    @Test func `stay at work when their file goes, which is said until somebody brings them again`()
        throws
    {
        var shelf = DefinitionShelf()
        _ = shelf.take([try Self.file("a.yml", "a")], of: "c1", others: [])
        for commit in ["c2", "c3"] {
            #expect(shelf.take([], of: commit, others: []).isEmpty)
            #expect(
                Self.told(shelf) == [
                    "\(commit) a: a.yml: warning: it no longer brings pipeline 'a', which is still "
                        + "at work"
                ])
        }
        let moved = try Self.file("new/a.yml", "a")
        #expect(shelf.take([moved], of: "c4", others: []).count == 1)
        #expect(shelf.notes.isEmpty)
        // The file defines another pipeline now.
        #expect(shelf.take([try Self.file("new/a.yml", "b")], of: "c5", others: []).count == 1)
        #expect(shelf.notes.map(\.pipeline) == [PipelineName("a")])
    }

    @Test func `are brought by one file and one repository alone`() throws {
        var shelf = DefinitionShelf()
        let files = try [
            Self.file("a.yml", "a"), Self.file("b.yml", "a"), Self.file("c.yml", "c"),
        ]
        let taken = Set([try #require(PipelineName("c"))])
        #expect(shelf.take(files, of: "c1", others: taken).map(\.path) == ["a.yml"])
        #expect(
            Self.told(shelf) == [
                "c1 -: b.yml: error: pipeline 'a' is defined by 'a.yml' too",
                "c1 -: c.yml: error: pipeline 'c' is brought by another repository",
            ])
    }

    @Test func `that the house refuses are given again with the next commit`() throws {
        var shelf = DefinitionShelf()
        let file = try Self.file("a.yml", "a")
        _ = shelf.take([file], of: "c1", others: [])
        shelf.refuse("a.yml", of: "c1", "too many")
        #expect(Self.told(shelf) == ["c1 a: too many"])
        #expect(shelf.take([file], of: "c2", others: []).count == 1)
    }

    @Test func `are remembered whole`() throws {
        var shelf = DefinitionShelf()
        shelf.reading = 3
        shelf.commits = ["refs/heads/main": "c1"]
        _ = shelf.take(
            [try Self.file("a.yml", "a"), try Self.file("b.yml", nil)], of: "c1", others: [])
        _ = shelf.take([try Self.file("b.yml", nil)], of: "c2", others: [])
        let bytes = try JSONEncoder().encode(["key": shelf])
        let read = try JSONDecoder().decode([String: DefinitionShelf].self, from: bytes)
        #expect(read == ["key": shelf])
    }
}
