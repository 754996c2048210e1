/// How long a test took, as tools write it: `0.25`, `1.2e-05`, `0,25`, `1,234.5`, `.3`, `2s`.
enum ReportTime {
    /// Eleven days: anything longer is a mistake, and the sum of all must fit into a number.
    private static let longest = 1e6

    /// In microseconds; nothing where it is not there, or no time.
    static func microseconds(_ text: String) -> Int? {
        var text = text.filter { $0 != " " }
        if text.hasSuffix("s") { text.removeLast() }
        guard !text.isEmpty, text.allSatisfy({ "0123456789.,eE+-".contains($0) }) else {
            return nil
        }
        guard let seconds = Double(pointed(text)), 0...longest ~= seconds else { return nil }
        return Int((seconds * 1_000_000).rounded())
    }

    /// The last of a point and a comma divides the seconds, the others their thousands.
    private static func pointed(_ text: String) -> String {
        let marks = text.filter { $0 == "." || $0 == "," }
        guard marks.contains(","), let last = marks.last else { return text }
        // Several of one kind divide nothing but thousands.
        let divides = marks.count { $0 == last } == 1
        var pointed = ""
        for character in text {
            switch character {
            case last where divides: pointed.append(".")
            case ".", ",": continue
            default: pointed.append(character)
            }
        }
        return pointed
    }
}
