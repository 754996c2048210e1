/// What a registry wants to be shown, as its `WWW-Authenticate` says.
package enum Challenge: Hashable, Sendable {
    /// A name and a password.
    case basic
    /// A token, which is to be had at the realm.
    case bearer(realm: String, service: String?)

    /// All that are in the values of the header. What is not understood is left out.
    package static func read(_ values: [String]) -> [Challenge] {
        values.flatMap { value in
            var reader = ChallengeReader(value)
            return reader.challenges()
        }
    }
}

/// Schemes and their parameters: `Bearer realm="…",service="…", Basic realm="…"`.
private struct ChallengeReader {
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) { rest = text.unicodeScalars.prefix(8 << 10) }

    mutating func challenges() -> [Challenge] {
        var found: [Challenge] = []
        var scheme = ""
        var parameters: [String: String] = [:]
        while let word = token() {
            if take("=") {
                parameters[word] = value()
            } else {
                if let challenge = Self.challenge(scheme, parameters) { found.append(challenge) }
                (scheme, parameters) = (word, [:])
            }
        }
        if let challenge = Self.challenge(scheme, parameters) { found.append(challenge) }
        return found
    }

    private static func challenge(_ scheme: String, _ parameters: [String: String]) -> Challenge? {
        switch scheme {
        case "basic": .basic
        case "bearer":
            parameters["realm"].map { .bearer(realm: $0, service: parameters["service"]) }
        default: nil
        }
    }

    /// The next word, in small letters.
    private mutating func token() -> String? {
        rest = rest.drop { $0 == " " || $0 == "," || $0 == "\t" }
        let word = rest.prefix { !" =,\t\"".unicodeScalars.contains($0) }
        // What begins with something else is not read further.
        guard !word.isEmpty else { return nil }
        rest = rest[word.endIndex...]
        return String(word).lowercased()
    }

    private mutating func value() -> String {
        guard take("\"") else {
            let word = rest.prefix { $0 != "," && $0 != " " }
            rest = rest[word.endIndex...]
            return String(word)
        }
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst(), scalar != "\"" {
            if scalar == "\\", let escaped = rest.popFirst() {
                text.append(escaped)
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest = rest.dropFirst()
        return true
    }
}
