/// A word of a Dockerfile with what its variables stand for: `${BASE:-debian}:$TAG`.
enum DockerfileWord {
    /// Nothing where it is written in a way that is not known here.
    static func filled(
        _ text: String, escape: Character, _ value: (String) -> String?
    ) -> String? {
        var rest = text[...]
        var filled = ""
        var quote: Character?
        while let character = rest.popFirst() {
            switch character {
            case escape where quote != "'":
                if let next = rest.popFirst() { filled.append(next) }
            case "'" where quote != "\"", "\"" where quote != "'":
                quote = quote == nil ? character : nil
            case "$" where quote != "'":
                guard let found = variable(&rest, escape: escape, value) else { return nil }
                filled += found
            default: filled.append(character)
            }
        }
        return quote == nil ? filled : nil
    }

    /// After the dollar.
    private static func variable(
        _ rest: inout Substring, escape: Character, _ value: (String) -> String?
    ) -> String? {
        guard rest.first == "{" else {
            let name = rest.prefix(while: isOfName)
            rest = rest[name.endIndex...]
            return name.isEmpty ? nil : value(String(name)) ?? ""
        }
        guard let end = closing(rest) else { return nil }
        let inner = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        let name = inner.prefix(while: isOfName)
        guard !name.isEmpty else { return nil }
        let known = value(String(name))
        var modifier = inner[name.endIndex...]
        guard !modifier.isEmpty else { return known ?? "" }
        // With a colon, an empty one is as good as none.
        let counts = modifier.first == ":" ? known?.isEmpty == false : known != nil
        if modifier.first == ":" { modifier.removeFirst() }
        let word = String(modifier.dropFirst())
        switch modifier.first {
        case "-": return counts ? known : filled(word, escape: escape, value)
        case "+": return counts ? filled(word, escape: escape, value) : ""
        default: return nil
        }
    }

    private static func closing(_ text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            if text[index] == "{" { depth += 1 }
            if text[index] == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
}
