import Logs

/// Reads a log while it is written, line by line.
final class LogFollower {
    private static let chunk = 256 << 10
    private static let longestLine = 64 << 10
    private static let tailLength = 16 << 10

    private let place: LogPlace
    private var reader: LogReader?
    private var offset = 0
    private var rest: [UInt8] = []

    init(_ path: String) { place = LogPlace(path) }

    /// Gives out the lines that have come since; at the end also one without its end.
    func follow(isOver: Bool, _ line: (String) -> Void) {
        while true {
            let bytes = next()
            if bytes.isEmpty { break }
            take(bytes[...], line)
        }
        if isOver, !rest.isEmpty {
            line(String(decoding: rest, as: UTF8.self))
            rest = []
        }
    }

    /// What cannot be read is shown as if it were not there; the log itself says what it lacks.
    private func next() -> [UInt8] {
        // There may be no log yet.
        guard var open = reader.take() ?? (try? LogReader.open(place)) else { return [] }
        let piece = try? open.read(from: offset, upTo: Self.chunk)
        reader = consume open
        offset = piece?.next ?? offset
        return piece?.bytes ?? []
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

    /// The last lines of a log that are not empty, as far as they lie in its last part.
    static func tail(of path: String, lines: Int) -> [String] {
        guard var reader = try? LogReader.open(LogPlace(path)),
            let length = try? reader.length(),
            let piece = try? reader.read(from: length - tailLength, upTo: tailLength)
        else { return [] }
        return String(decoding: piece.bytes, as: UTF8.self).split(separator: "\n").suffix(lines)
            .map(String.init)
    }
}
