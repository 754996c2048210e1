import Testing

/// A rule of the house: what it finds in a file, with the line and the cure.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    let cure: String
    /// A line, or some of them, that breaks it; so that a rule that finds nothing is found out.
    let bad: [String]
    let find: @Sendable (Tree.File) -> [Int]

    var testDescription: String { name }

    func complaints(about file: Tree.File) -> [String] {
        find(file).map { "\(file.path):\($0 + 1): \(name); \(cure)" }
    }

    /// One that looks at each line by itself.
    static func line(
        _ name: String, cure: String, bad: String,
        where breaks: @escaping @Sendable (String) -> Bool
    ) -> Rule {
        Rule(name: name, cure: cure, bad: [bad]) { file in
            file.lines.indices.filter { breaks(file.lines[$0]) }
        }
    }
}

extension Rule {
    static let longestFile = 300
    static let longestFunction = 60

    static let all: [Rule] = [
        Rule(
            name: "a file has more than \(longestFile) lines",
            cure: "split it by idea", bad: Array(repeating: "", count: longestFile + 2)
        ) { $0.lines.count > longestFile + 1 ? [longestFile] : [] },
        Rule(
            name: "a function has more than \(longestFunction) lines",
            cure: "split it by idea",
            bad: ["func long() {"] + Array(repeating: "    x()", count: longestFunction) + ["}"],
            find: longFunctions),
        .line(
            "a line has more than 100 columns", cure: "break it",
            bad: String(repeating: "x", count: 101)
        ) { $0.count > 100 },
        .line(
            "Foundation is imported", cure: "import FoundationEssentials, or nothing",
            bad: "import Foundation"
        ) { $0.hasSuffix("import Foundation") },
        Rule(
            name: "an escape hatch has no comment", cure: "say which lock or rule makes it right",
            bad: ["", "    nonisolated(un" + "safe) var x = 0"], find: uncommentedHatches),
        .line("try" + "! is used", cure: "throw, or handle the error", bad: "try" + "! x()") {
            code($0).contains("try" + "!")
        },
        .line("as! is used", cure: "use as? and say what is wrong", bad: "x as" + "! Int") {
            code($0).contains(" as" + "! ")
        },
        .line("fatalError is used", cure: "return an error", bad: "fatal" + "Error()") {
            code($0).contains("fatal" + "Error(")
        },
        .line(
            "something is left to do", cure: "do it, or file an issue", bad: "// TO" + "DO: later"
        ) {
            $0.contains("TO" + "DO") || $0.contains("FIX" + "ME")
        },
    ]

    /// What only tests must not do.
    static let ofTests: [Rule] = [
        .line(
            "a test sleeps", cure: "wait for the event itself", bad: "try await Task.sle" + "ep(x)"
        ) {
            code($0).contains("sle" + "ep(")
        },
        .line(
            "a test is switched off", cure: "mend it or remove it", bad: "@Test(.dis" + "abled())"
        ) {
            code($0).contains(".dis" + "abled(") || code($0).contains("withKnown" + "Issue")
        },
    ]

    private static func code(_ line: String) -> String {
        let text = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)
        return text.first.map(String.init) ?? ""
    }

    /// From a `func` to the brace that closes it at the same depth of indentation.
    private static func longFunctions(_ file: Tree.File) -> [Int] {
        file.lines.indices.filter { start in
            let line = file.lines[start]
            let indent = line.prefix { $0 == " " }
            let words = line.dropFirst(indent.count)
            guard words.contains("func ") || words.hasPrefix("init"), !words.hasPrefix("//") else {
                return false
            }
            let end = file.lines[start...].dropFirst().firstIndex { $0 == indent + "}" }
            return end.map { $0 - start > longestFunction } ?? false
        }
    }

    private static func uncommentedHatches(_ file: Tree.File) -> [Int] {
        let hatches = [
            "@unche" + "cked Sendable", "nonisolated(un" + "safe)", "unowned(un" + "safe)",
        ]
        return file.lines.indices.filter { index in
            guard hatches.contains(where: code(file.lines[index]).contains) else { return false }
            let above = index > 0 ? file.lines[index - 1] : ""
            return !file.lines[index].contains("//") && !above.contains("//")
        }
    }
}
