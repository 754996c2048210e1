import Glibc
import SmallFiles

/// Small files of the kernel, read and written as text.
enum Text {
    private static let limit = 1 << 20

    static func read(_ path: String) -> String? {
        try? SmallFile.text(of: path, limit: limit)
    }

    /// In one write, as the kernel wants it.
    static func write(_ path: String, _ text: String) -> Bool {
        let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        let bytes = Array(text.utf8)
        return unsafe Glibc.write(file, bytes, bytes.count) == bytes.count
    }

    /// The number after a word, one such pair on a line.
    static func number(_ word: String, in path: String) -> Int? {
        for line in (read(path) ?? "").split(separator: "\n") {
            let parts = line.split(separator: " ")
            if parts.count == 2, parts[0] == word { return Int(parts[1]) }
        }
        return nil
    }
}

extension StringProtocol {
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
