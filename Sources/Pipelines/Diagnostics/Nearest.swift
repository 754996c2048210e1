/// Finds what somebody probably meant.
package enum Nearest {
    /// The candidate that takes the fewest changes to reach, if it takes few for its length.
    package static func word(to text: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(text.lowercased().unicodeScalars.prefix(maximumLength))
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let scalars = Array(candidate.lowercased().unicodeScalars.prefix(maximumLength))
            let limit = max(1, max(wanted.count, scalars.count) / 3)
            let distance = distance(wanted, scalars)
            guard distance <= limit, distance < best?.distance ?? .max else { continue }
            best = (candidate, distance)
        }
        return best?.word
    }

    private static let maximumLength = 64

    /// Insertions, deletions, replacements and swaps of neighbours between two words.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in 1...left.count {
            var row = [i]
            for j in 1...right.count {
                let isSame = left[i - 1] == right[j - 1]
                var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (isSame ? 0 : 1))
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    cost = min(cost, beforeLast[j - 2] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}

/// Says what there is to choose from.
package func thereAre(_ words: [String]) -> String {
    words.isEmpty ? "there are none" : "there \(words.count == 1 ? "is" : "are") \(oneOf(words))"
}

/// Joins words the way a sentence lists them: 'a', 'b' or 'c'.
package func oneOf(_ words: [String]) -> String {
    let quoted = words.map { "'\($0)'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
}
