import JSON
import Pipelines
import Service
import Support
import Testing

@Suite("What a server says of its work") struct JournalTests {
    private static let time = 1_795_255_530_123

    @Test func `programs get an object a line`() {
        let line = Journal.line(
            .warning, "no answer", ["remote": "a \"b\"\n", "tries": 3], at: Self.time,
            isForPeople: false)
        #expect(
            line == #"{"time":"2026-11-21T10:05:30.123Z","level":"warning","message":"no answer","#
                + #""remote":"a \"b\"\n","tries":3}"# + "\n")
    }

    @Test func `people get a line that nobody else can colour or break`() {
        let line = Journal.line(
            .note, "seen", ["branch": "a\u{1B}[31m\nb", "count": 2], at: Self.time,
            isForPeople: true)
        #expect(line == "10:05:30  seen  branch=a\u{FFFD}[31m\u{FFFD}b  count=2\n")
    }
}

@Suite("Definitions on this machine") struct DefinitionFilesTests {
    private static let definition = """
        name: shop
        sources: { app: { git: . } }
        stages: [{ name: build, actions: { compile: { run: make } } }]

        """

    @Test func `a file that is wrong does not hide another of the same pattern`() throws {
        let folder = try Folder()
        try folder.write(Self.definition, to: "b.yml")
        try folder.write("name: [", to: "a.yml")
        try folder.write("not one", to: "notes.txt")
        let found = DefinitionFiles.read("*.yml", in: folder.path)
        #expect(found.map(\.path) == [folder.file("a.yml"), folder.file("b.yml")])
        #expect(found.map { $0.definition?.name.description } == [nil, "shop"])
        #expect(found[0].report.contains("a.yml:2:"))
    }

    @Test(
        arguments: [
            ("none.yml", "it cannot be read: No such file or directory"),
            ("*.json", "there is no such file"), ("[a.yml", "'[a.yml' is no pattern of file names"),
        ])
    func `a pattern that names nothing is told of`(pattern: String, problem: String) throws {
        let folder = try Folder()
        let found = DefinitionFiles.read(pattern, in: folder.path)
        #expect(found.map(\.report) == ["\(folder.path)/\(pattern): error: \(problem)\n"])
    }
}
