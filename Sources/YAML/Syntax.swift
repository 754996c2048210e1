/// Says in a person's words what libyaml says in a parser's.
enum Syntax {
    static func explain(
        _ problem: String, context: String?, at place: Place, from start: Place
    ) -> YAMLError {
        if let known = known.first(where: { problem.contains($0.problem) }) {
            let words = known.words.replacing("%", with: " that begins in line \(start.line)")
            return YAMLError(place, words, hint: known.hint)
        }
        let where_ = context.map { " \($0) in line \(start.line)" } ?? ""
        return YAMLError(
            place, "\(problem)\(where_)",
            hint: "check indentation, quotes and brackets here and above")
    }

    /// A character that no value begins with. It stands at this character of the text.
    static func explain(_ bytes: [UInt8], strangeAt place: Place, _ index: Int) -> YAMLError {
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
        guard let scalar = scalars.dropFirst(index).first, scalar != "\t" else {
            return YAMLError(place, "a tab where spaces belong", hint: "indent with spaces")
        }
        return YAMLError(
            place, "no value begins with '\(scalar)'", hint: "put the text in quotes")
    }

    private struct Explanation {
        let problem: String
        /// `%` stands for where it began.
        let words: String
        let hint: String
    }

    private static let known = [
        Explanation(
            problem: "found a tab character that violates indentation",
            words: "a tab indents this line", hint: "indent with spaces"),
        Explanation(
            problem: "mapping values are not allowed in this context",
            words: "a ':' where no key can be",
            hint: "put the text in quotes, or check the indentation of this line"),
        Explanation(
            problem: "did not find expected key",
            words: "this does not line up with what is above it",
            hint: "indent it like its neighbours, or put the text above in quotes"),
        Explanation(
            problem: "did not find expected '-' indicator",
            words: "this does not line up with the list above it",
            hint: "begin it with '- ' under the other items, or indent it further"),
        Explanation(
            problem: "could not find expected ':'",
            words: "this line is neither a key nor part of the value above",
            hint: "write 'key: value', or check the indentation"),
        Explanation(
            problem: "did not find expected ',' or ']'",
            words: "the list in brackets% is not closed", hint: "add ',' or ']'"),
        Explanation(
            problem: "did not find expected ',' or '}'",
            words: "the mapping in braces% is not closed", hint: "add ',' or '}'"),
        Explanation(
            problem: "found unexpected end of stream",
            words: "the text in quotes% is not closed", hint: "close the quotes"),
        Explanation(
            problem: "block sequence entries are not allowed in this context",
            words: "a list cannot begin here",
            hint: "put it on its own line under the key, or write [a, b]"),
        Explanation(
            problem: "found unknown escape character",
            words: "an unknown escape in double quotes",
            hint: "write \\\\ for a backslash, or use single quotes"),
        Explanation(
            problem: "did not find expected <document start>",
            words: "something follows the end of the document",
            hint: "indent it as part of what is above, or remove it"),
        Explanation(
            problem: "found duplicate anchor", words: "this anchor is defined twice",
            hint: "give each '&name' a name of its own"),
    ]
}
