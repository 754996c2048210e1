package import JSON
import SmallFiles
import Glibc
import Zones

/// What a server says of its own work, on standard error: a line of words on a terminal, an object
/// otherwise. Nothing in it is secret.
package struct Journal: Sendable {
    package enum Level: String, Sendable {
        case note, warning, error
    }

    private let isForPeople: Bool
    private let write: @Sendable (String) -> Void

    package init(isForPeople: Bool, write: @escaping @Sendable (String) -> Void) {
        self.isForPeople = isForPeople
        self.write = write
    }

    /// That of this process.
    package static var standard: Journal {
        Journal(isForPeople: isatty(STDERR_FILENO) == 1) { line in
            try? SmallFile.write(Array(line.utf8), to: STDERR_FILENO)
        }
    }

    package func note(_ text: String, _ facts: KeyValuePairs<String, JSON> = [:]) {
        say(.note, text, facts)
    }

    package func warn(_ text: String, _ facts: KeyValuePairs<String, JSON> = [:]) {
        say(.warning, text, facts)
    }

    package func fail(_ text: String, _ facts: KeyValuePairs<String, JSON> = [:]) {
        say(.error, text, facts)
    }

    private func say(_ level: Level, _ text: String, _ facts: KeyValuePairs<String, JSON>) {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
        write(Self.line(level, text, facts, at: milliseconds, isForPeople: isForPeople))
    }

    /// One line, its end included, whatever is in the text.
    package static func line(
        _ level: Level, _ text: String, _ facts: KeyValuePairs<String, JSON>, at time: Int,
        isForPeople: Bool
    ) -> String {
        guard isForPeople else {
            let members: [JSON.Member] = [
                .init("time", .string(Timestamp.text(milliseconds: Int64(time)))),
                .init("level", .string(level.rawValue)), .init("message", .string(text)),
            ]
            return JSON.object(members + facts.map { JSON.Member($0.key, $0.value) }).text + "\n"
        }
        let clock = Timestamp.text(milliseconds: Int64(time)).dropFirst(11).prefix(8)
        let mark = level == .note ? "" : "\(level.rawValue): "
        let rest = facts.map { fact in
            if case .string(let value) = fact.value { return "\(fact.key)=\(value)" }
            return "\(fact.key)=\(fact.value.text)"
        }
        let words = ["\(clock)", "\(mark)\(text)"] + rest
        return visible(words.joined(separator: "  ")) + "\n"
    }

    /// Lines and colours are not for whoever named a branch to choose.
    private static func visible(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
                }))
    }
}
