// Texts, numbers, truth values and names.

extension Shape where Value == String {
    /// Any text, kept as it is.
    package static var string: Shape {
        .text("a text") { text throws(Mistake) in text }
    }

    /// A path below a workspace: not absolute, never upwards.
    package static var path: Shape {
        .text("a path such as 'out/shop'") { text throws(Mistake) in
            let hint = "write it from the top of the workspace, without '..', such as 'out/shop'"
            guard !text.isEmpty else { throw Mistake("the path is empty", hint: hint) }
            guard !text.hasPrefix("/") else {
                throw Mistake("'\(text)' begins at the root of the machine", hint: hint)
            }
            guard !text.split(separator: "/").contains("..") else {
                throw Mistake("'\(text)' leads out of the workspace", hint: hint)
            }
            return text
        }
    }

    /// A name in an environment.
    package static var environmentName: Shape {
        .text(
            "a name such as 'BUILD_MODE'",
            schema: .pattern("^[A-Za-z_][A-Za-z0-9_]*$", example: "MODE")
        ) {
            text throws(Mistake) in
            let isName = text.utf8.enumerated().allSatisfy { offset, byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "_"):
                    true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): offset > 0
                default: false
                }
            }
            guard isName, !text.isEmpty else {
                throw Mistake(
                    "'\(text)' is no name for an environment variable",
                    hint: "use letters, digits and '_', not beginning with a digit")
            }
            return text
        }
    }
}

extension Shape where Value == Int {
    package static func whole(_ range: ClosedRange<Int>) -> Shape {
        .text(
            "a whole number from \(range.lowerBound) to \(range.upperBound)", schema: .whole(range)
        ) {
            text throws(Mistake) in
            guard let number = Int(text) else {
                throw Mistake(
                    "'\(text)' is no whole number",
                    hint: "write one from \(range.lowerBound) to \(range.upperBound)")
            }
            guard range.contains(number) else {
                throw Mistake(
                    "\(number) is too \(number < range.lowerBound ? "small" : "large")",
                    hint: "write a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }
}

extension Shape where Value == Bool {
    package static var truth: Shape {
        .text("true or false", schema: .truth) { text throws(Mistake) in
            switch text {
            case "true": return true
            case "false": return false
            default:
                throw Mistake("'\(text)' is neither true nor false", hint: "write true or false")
            }
        }
    }
}

extension Name {
    package static var shape: Shape<Name> {
        let word = Subject.word
        return .text(
            "\(article(word)) name",
            schema: .pattern("^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$", example: "build-linux")
        ) { text throws(Mistake) in
            if let name = Name(text) { return name }
            let (offset, problem) = NameRule.problem(in: text) ?? (0, "it is empty")
            throw Mistake(
                "'\(text)' is no \(word) name: \(problem)", at: offset, hint: NameRule.hint)
        }
    }

    private static func article(_ word: String) -> String {
        word.first.map { "aeiou".contains($0) } == true ? "an \(word)" : "a \(word)"
    }
}
