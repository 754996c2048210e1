import FoundationEssentials
import Support
import Testing

@Suite("slipway lint") struct LintTests {
    static let root = String(#filePath.dropLast("Tests/EndToEndTests/LintTests.swift".count))
    static let profile = "name: process\nplaces: 2\n"

    @Test("finds no fault with an example", arguments: ["pipelines", "runners"])
    func examples(folder: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root + folder)
        let files = names.filter { $0.hasSuffix(".yml") }.map { "\(Self.root)\(folder)/\($0)" }
        #expect(!files.isEmpty)
        let said = try Program.run([Slipway.path, "lint", "--json"] + files)
        #expect(said.code == 0)
        #expect(said.output.hasSuffix("],\"errors\":0,\"warnings\":0}\n"), "\(said.output)")
        let kind = folder == "runners" ? "runner" : "pipeline"
        #expect(
            said.output.components(separatedBy: "\"kind\":\"\(kind)\"").count == files.count + 1)
    }

    @Test func `finds no fault with the pipeline of the first page, which tells every command`()
        throws
    {
        let page = try String(contentsOfFile: Self.root + "README.md", encoding: .utf8)
        let example = page.components(separatedBy: "```yaml\n")[1].components(separatedBy: "```")
        let said = try Slipway.run("lint", "-", input: example[0])
        #expect(said.output == "1 file: no errors, no warnings\n", "\(said.errors)")
        for line in try Slipway.run("complete", "").output.split(separator: "\n").dropFirst() {
            let name = line.prefix { $0 != "\t" }
            if name == "help" || name.hasPrefix("-") { continue }
            #expect(page.contains("`slipway \(name)"), "\(name)")
        }
    }

    @Test func `a runner's example is one that runs`() throws {
        let project = try Project(
            "  - name: test\n    actions: { unit: { run: 'echo \"$LANG\"' } }")
        let said = try project.run("--runners '\(Self.root)runners'")
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(said.output.contains("unit | C.UTF-8\n"))
    }

    @Test(
        "knows a runner's profile by its keys",
        arguments: [
            (profile, "runner"), ("name: a\nread-only: /opt\n", "runner"),
            ("name: a\nplaces: 2\nstages: []\n", "pipeline"), ("name: a\n", "pipeline"),
            ("places: [\n", "pipeline"), ("- places\n", "pipeline"), ("", "pipeline"),
        ])
    func kind(text: String, kind: String) throws {
        let said = try Slipway.run("lint", "--json", "-", input: text)
        #expect(said.output.contains("\"kind\":\"\(kind)\""), "\(said.output)")
    }

    @Test func `a mistake in a profile is shown in its place`() throws {
        let said = try Slipway.run("lint", "-", input: "name: process\nplaces: 0\n")
        #expect(said.code == 2)
        #expect(said.errors.hasPrefix("(standard input):2:9: error: "), "\(said.errors)")
        let named = try Slipway.run("lint", "--runner", "-", input: "name: process\n")
        #expect(named.code == 2)
        #expect(named.errors.contains("'places'"), "\(named.errors)")
        #expect(try Slipway.run("lint", "--runner", "-", input: Self.profile).code == 0)
    }
}
