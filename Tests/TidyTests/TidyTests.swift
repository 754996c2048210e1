import Testing

@Suite("The house is tidy") struct TidyTests {
    @Test("no file breaks the rule", arguments: Rule.all)
    func rule(rule: Rule) {
        #expect(Tree.swift.flatMap(rule.complaints) == [])
    }

    @Test("no test breaks the rule", arguments: Rule.ofTests)
    func testRule(rule: Rule) {
        let tests = Tree.swift.filter { $0.path.hasPrefix("Tests/") }
        #expect(tests.flatMap(rule.complaints) == [])
    }

    @Test("each rule finds what breaks it", arguments: Rule.all + Rule.ofTests)
    func teeth(rule: Rule) {
        #expect(!rule.complaints(about: Tree.File(path: "bad.swift", lines: rule.bad)).isEmpty)
    }

    @Test func `there are files to look at`() {
        #expect(Tree.swift.count > 100)
    }

    @Test func `no floor looks up, nor to its side without the manifest's word`() {
        for file in Tree.swift where file.path.hasPrefix("Sources/") {
            let target = String(file.path.split(separator: "/")[1])
            guard let own = Manifest.floor(of: target) else {
                Issue.record("\(file.path): its target is on no floor; name it in Manifest.floors")
                continue
            }
            for (line, module) in Manifest.imports(of: file) {
                guard let other = Manifest.floor(of: module) else { continue }
                #expect(other <= own, "\(file.path):\(line + 1): '\(module)' is on a floor above")
            }
        }
    }

    @Test func `every folder of Sources is on a floor`() {
        let targets = Set(Tree.paths(below: "Sources").map { String($0.split(separator: "/")[1]) })
        #expect(targets.filter { Manifest.floor(of: $0) == nil } == [])
    }

    /// Time, chance and the outside reach the mind as arguments.
    @Test func `the mind has no clock, no file and no chance`() {
        let outside = [
            "Glibc", "FoundationEssentials", "Dispatch", "SQLite", "Synchronization", "CSystem",
            "CLaunch", "SmallFiles",
        ]
        let words = [
            "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".random(",
        ]
        let mind = Manifest.floors.first { $0.name == "mind" }?.targets ?? []
        #expect(mind.isSuperset(of: ["Engine", "Pipelines", "Masking", "Assignments"]))
        for file in Tree.swift
        where mind.contains(where: { file.path.hasPrefix("Sources/\($0)/") }) {
            for (line, module) in Manifest.imports(of: file) where outside.contains(module) {
                Issue.record("\(file.path):\(line + 1): the mind imports '\(module)'")
            }
            for (line, text) in file.lines.enumerated() {
                for word in words where text.contains(word) {
                    Issue.record("\(file.path):\(line + 1): the mind uses '\(word)'")
                }
            }
        }
    }

    @Test func `every library names its Debian package`() throws {
        let manifest = try #require(Tree.file("Package.swift"))
        let libraries = manifest.lines.filter { $0.contains("library(\"C") }
        #expect(libraries.count == 10)
        #expect(
            libraries.allSatisfy { $0.contains("debian: \"lib") })
    }

    @Test func `no file is called after what it is made of`() {
        let names: Set<String> = ["Utils", "Helpers", "Types", "Extensions", "Misc", "Common"]
        let bad = Tree.swift.map(\.path).filter { path in
            let name = path.split(separator: "/").last?.dropLast(".swift".count) ?? ""
            return names.contains(String(name))
        }
        #expect(bad == [])
    }

    @Test func `every script stops at the first failure`() {
        for path in Tree.paths(below: "scripts") {
            guard let file = Tree.file(path), file.lines.first?.hasSuffix("bash") == true else {
                continue
            }
            #expect(file.lines.contains("set -euo pipefail"), "\(path)")
        }
    }

    @Test(
        "what a page tells to run is there",
        arguments: ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
    func pages(name: String) throws {
        let page = try #require(Tree.file(name))
        let scripts = Set(Tree.paths(below: "scripts"))
        for line in page.lines {
            for word in line.split(whereSeparator: { " `()|,".contains($0) }) {
                let path = word.hasSuffix(".") ? String(word.dropLast()) : String(word)
                guard path.hasPrefix("scripts/"), path.count > "scripts/".count else { continue }
                #expect(scripts.contains(path), "\(name) tells of '\(path)'")
            }
        }
    }
}
