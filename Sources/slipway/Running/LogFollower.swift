import Glibc

/// Reads a log while it is written, line by line.
final class LogFollower {
    private static let chunk = 256 << 10
    private static let longestLine = 64 << 10

    private let path: String
    private var file: Int32 = -1
    private var rest: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: chunk)

    init(_ path: String) { self.path = path }

    deinit { if file >= 0 { close(file) } }

    /// Gives out the lines that have come since; at the end also one without its end.
    func follow(isOver: Bool, _ line: (String) -> Void) {
        if file < 0 { file = unsafe open(path, O_RDONLY | O_CLOEXEC) }
        guard file >= 0 else { return }
        while true {
            let count = unsafe read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            take(buffer[..<count], line)
        }
        if isOver, !rest.isEmpty {
            line(String(decoding: rest, as: UTF8.self))
            rest = []
        }
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ line: (String) -> Void) {
        var bytes = bytes
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            rest += bytes[..<end]
            line(String(decoding: rest, as: UTF8.self))
            rest.removeAll(keepingCapacity: true)
            bytes = bytes[(end + 1)...]
        }
        rest += bytes
        // A line without an end is shown in pieces, so that it cannot fill the memory.
        if rest.count > Self.longestLine {
            line(String(decoding: rest, as: UTF8.self))
            rest.removeAll(keepingCapacity: true)
        }
    }

    /// The last lines of a log, as far as they lie in its last part.
    static func tail(of path: String, lines: Int) -> [String] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        let start = max(0, size - 16_384)
        var bytes = [UInt8](repeating: 0, count: Int(size - start))
        let count = unsafe pread(file, &bytes, bytes.count, start)
        guard count > 0 else { return [] }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { _ in false }.suffix(lines + 1).filter { !$0.isEmpty }.suffix(lines)
            .map(String.init)
    }
}
