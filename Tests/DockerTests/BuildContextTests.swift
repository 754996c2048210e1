import Docker
import FoundationEssentials
import Support
import Tar
import Testing

@Suite("What an image is built of") struct BuildContextTests {
    private static func context(
        _ script: String, salt: String = "salt", where isWanted: @escaping (String) -> Bool
    ) throws -> BuildContext {
        let folder = try Folder()
        let made = try Program.run(["/bin/sh", "-euc", "cd \(folder.path); \(script)"])
        #expect(made.code == 0, "\(made.errors)")
        return try BuildContext(
            of: folder.path, named: "x", salt: Array(salt.utf8), where: isWanted)
    }

    private static func context(_ script: String, salt: String = "salt") throws -> BuildContext {
        try context(script, salt: salt) { _ in true }
    }

    private static func marks(_ context: BuildContext) -> [Int] {
        context.entries.compactMap { entry in
            if case .file(_, let mark) = entry.content { mark } else { nil }
        }
    }

    @Test func `is told folders first, by the bytes of names, with links as links`() throws {
        let context = try Self.context(
            "mkdir -p a/b .git; printf 12 > a/b/c; printf 1 > a.x; printf 3 > a/z; ln -s /etc a/l"
        ) { $0 != ".git" }
        #expect(context.entries.map(\.path) == ["a", "a/b", "a/b/c", "a/l", "a/z", "a.x"])
        #expect(context.entries[3].content == .link(to: "/etc"))
        #expect(context.size == 4)
    }

    @Test func `has one mark for one content, whoever has written it and when`() throws {
        let one = try Self.marks(Self.context("printf 1 > a; printf 2 > b"))
        let same = try Self.marks(Self.context("printf 1 > a; printf 2 > b; touch -d 2001-01-01 a"))
        #expect(one == same)
        #expect(one[0] != one[1])
        #expect(one.allSatisfy { 0..<1_000_000_000 ~= $0 })
        let other = try Self.marks(Self.context("printf 1 > a; printf 2 > b", salt: "other"))
        #expect(one != other)
    }

    @Test(
        "is no more than somebody asks for, where that is plain",
        arguments: [
            ([], ["a", "a/b", "a/b/c", "a/bc", "d", "e", "l"]), (["d"], ["d"]),
            (["/a/b/", "x"], ["a", "a/b", "a/b/c"]), (["./a/b/c"], ["a", "a/b", "a/b/c"]),
            (["x"], []),
            // Where it leads, and what it stands for, is the Engine's to find out.
            (["l"], ["a", "a/b", "a/b/c", "a/bc", "d", "e", "l"]),
            (["l/x"], ["a", "a/b", "a/b/c", "a/bc", "d", "e", "l"]),
            (["d*"], ["a", "a/b", "a/b/c", "a/bc", "d", "e", "l"]),
            (["../d"], ["a", "a/b", "a/b/c", "a/bc", "d", "e", "l"]),
        ])
    func asked(paths: [String], found: [String]) throws {
        let context = try Self.context("mkdir -p a/b; touch a/b/c a/bc d e; ln -s a l")
        #expect(context.entries(at: paths).map(\.path) == found)
    }

    @Test func `is refused where something is neither file nor folder nor link`() throws {
        let problem = #expect(throws: TarProblem.self) { try Self.context("mkfifo fifo") }
        #expect(problem?.problem == "'fifo' is neither a file nor a folder nor a link")
    }
}

@Suite(
    "What an Engine keeps of it",
    .enabled(if: TestEngine.socket != nil, "\(TestEngine.reason)"))
struct KeptContextTests {
    /// What BuildKit says to have been sent.
    private static func sent(_ log: [String]) -> Int {
        let line = log.last { $0.contains("transferring context") && $0.contains("bytes") }
        let words = line?.split(separator: " ") ?? []
        return words.firstIndex(of: "bytes").flatMap { Int(words[$0 - 1]) } ?? 0
    }

    @Test func `is not sent again, and what changed is, also where it is as long`() throws {
        let test = try TestBuild()
        let large = String(repeating: "0123456789", count: 200_000)
        let dockerfile = "FROM scratch\nCOPY a b /\n"
        try test.run(dockerfile, and: ["a": large, "b": "one"])
        #expect(Self.sent(test.log) > 2_000_000, "\(test.text)")
        let image = try test.run(dockerfile, and: ["a": large, "b": "two"])
        #expect(Self.sent(test.log) < 10_000, "\(test.text)")
        let archive = try test.saved(image)
        let layer = try #require(archive.entries.first { $0.name.hasSuffix("layer.tar") })
        let bytes = try archive.place(layer.name).bytes(atMost: 4 << 20)
        #expect(String(decoding: bytes, as: UTF8.self).contains("two"))
    }

    @Test func `is what it is, with permissions, links, and content of any length`() throws {
        let test = try TestBuild()
        let files = ["p": "", "q": String(repeating: "q", count: 131_072), "d/r": "r"]
        let dockerfile =
            "FROM \(TestEngine.image)\nCOPY . /c/\n"
            + "RUN : \(test.name); cd /c && ls -l p s && readlink l && wc -c q d/r\n"
        _ = try test.context(of: files.merging(["Dockerfile": dockerfile, "s": ""]) { $1 })
        let made = try Program.run([
            "/bin/sh", "-euc", "cd \(test.folder.file("context")); chmod 4751 s; ln -s d/r l",
        ])
        #expect(made.code == 0)
        let context = try BuildContext(
            of: test.folder.file("context"), named: test.folder.path, time: 1_700_000_000,
            salt: [1])
        var log: [String] = []
        _ = try test.engine.build(
            test.build, named: test.name, of: context, answering: test.services
        ) { log.append($0) }
        let text = log.joined(separator: "\n")
        #expect(text.contains("-rwsr-x--x"), "\(text)")
        #expect(text.contains("Nov 14  2023"), "\(text)")
        for words in [" d/r", "131072 q", "1 d/r"] { #expect(text.contains(words), "\(text)") }
    }

    @Test func `fails in words where a file is another when it is asked for`() throws {
        let test = try TestBuild()
        let context = try test.context(of: ["Dockerfile": "FROM scratch\nCOPY a /\n", "a": "1"])
        try test.folder.write("more", to: "context/a")
        let problem = #expect(throws: BuildProblem.self) {
            try test.engine.build(
                test.build, named: test.name, of: context, answering: test.services
            ) { _ in }
        }
        #expect("\(String(describing: problem))".contains("'a' became another while it was sent"))
    }
}
