/// Words of a Dockerfile and of what it runs, where each has to be on one line.
enum BuildText {
    static let longest = 1_000

    static func visible(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longest) {
            shown.append(scalar.value < 32 || 127...159 ~= scalar.value ? " " : scalar)
        }
        return String(shown)
    }

    /// Seconds with one digit behind the point, as builds tell them.
    static func seconds(_ milliseconds: Int) -> String {
        let tenths = (max(0, milliseconds) + 50) / 100
        return "\(tenths / 10).\(tenths % 10)s"
    }
}
