/// Reads a pattern into tokens. Braces are multiplied out, so the matcher knows nothing of them.
enum GlobReader {
    static func read(_ scalars: [Unicode.Scalar], offset: Int) throws(Mistake) -> [[Glob.Token]] {
        var sequences: [[Glob.Token]] = [[]]
        var index = 0
        while index < scalars.count {
            switch scalars[index] {
            case "{":
                let (choices, end) = try braces(scalars, index, offset)
                sequences = sequences.flatMap { start in choices.map { start + $0 } }
                guard sequences.count <= Glob.maximumAlternatives else {
                    throw Mistake(
                        "the braces stand for more than \(Glob.maximumAlternatives) patterns",
                        at: offset, hint: "split it into several")
                }
                index = end
            case "}":
                throw Mistake(
                    "'}' without '{' before it", at: offset + index, hint: "write '\\}' for a brace"
                )
            default:
                let (token, end) = try single(scalars, index, offset)
                sequences = sequences.map { $0 + [token] }
                index = end
            }
        }
        return sequences
    }

    private static func single(
        _ scalars: [Unicode.Scalar], _ index: Int, _ offset: Int
    ) throws(Mistake) -> (Glob.Token, Int) {
        switch scalars[index] {
        case "\\":
            guard index + 1 < scalars.count else {
                throw Mistake(
                    "the pattern ends in '\\'", at: offset + index, hint: "write '\\\\' for one")
            }
            return (.literal(scalars[index + 1]), index + 2)
        case "?": return (.any, index + 1)
        case "*":
            let isDouble = index + 1 < scalars.count && scalars[index + 1] == "*"
            return isDouble ? (.anything, index + 2) : (.anyInPart, index + 1)
        case "[": return try set(scalars, index, offset)
        default: return (.literal(scalars[index]), index + 1)
        }
    }

    private static func set(
        _ scalars: [Unicode.Scalar], _ start: Int, _ offset: Int
    ) throws(Mistake) -> (Glob.Token, Int) {
        var index = start + 1
        let isNegated = index < scalars.count && scalars[index] == "!"
        if isNegated { index += 1 }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while index < scalars.count, scalars[index] != "]" || ranges.isEmpty {
            let low = scalars[index]
            guard index + 2 < scalars.count, scalars[index + 1] == "-", scalars[index + 2] != "]"
            else {
                ranges.append(low...low)
                index += 1
                continue
            }
            let high = scalars[index + 2]
            guard low <= high else {
                throw Mistake(
                    "'\(low)-\(high)' runs backwards", at: offset + index,
                    hint: "write the smaller one first")
            }
            ranges.append(low...high)
            index += 3
        }
        guard index < scalars.count else {
            throw Mistake(
                "'[' is not closed", at: offset + start,
                hint: "add ']', or write '\\[' for a bracket")
        }
        return (.set(ranges, isNegated: isNegated), index + 1)
    }

    private static func braces(
        _ scalars: [Unicode.Scalar], _ start: Int, _ offset: Int
    ) throws(Mistake) -> ([[Glob.Token]], Int) {
        var choices: [[Glob.Token]] = [[]]
        var index = start + 1
        while index < scalars.count, scalars[index] != "}" {
            switch scalars[index] {
            case ",":
                choices.append([])
                index += 1
            case "{":
                throw Mistake(
                    "braces inside braces", at: offset + index, hint: "write the patterns out")
            default:
                let (token, end) = try single(scalars, index, offset)
                choices[choices.count - 1].append(token)
                index = end
            }
        }
        guard index < scalars.count else {
            throw Mistake(
                "'{' is not closed", at: offset + start, hint: "add '}', or write '\\{' for a brace"
            )
        }
        return (choices, index + 1)
    }
}
