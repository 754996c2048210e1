import Client
import Glibc
import SmallFiles

/// Where text for people and programs goes.
enum Output {
    static func print(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }
    static func error(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    /// A number of things, as a sentence has it: "no errors", "1 error", "2 errors".
    static func count(_ number: Int, _ word: String) -> String {
        "\(number == 0 ? "no" : String(number)) \(word)\(number == 1 ? "" : "s")"
    }

    static func print(bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// What a server sent, byte for byte into a file; at a terminal, what it would obey is shown
    /// instead.
    static func print(server bytes: [UInt8]) {
        guard isatty(STDOUT_FILENO) == 1 else { return print(bytes: bytes) }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        print(lines.map { LogText.line($0) }.joined(separator: "\n"))
    }

    /// Where whoever read this has gone, there is nobody left to tell.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        try? SmallFile.write(bytes, to: descriptor)
    }
}
