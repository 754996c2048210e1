import Logs

/// Reads a log while it is written, a piece at a time: whoever prints may be quicker than whoever
/// shows it, and others want to be heard too.
final class LogFollower {
    /// What is read at once.
    private static let piece = 64 << 10
    private static let longestLine = 64 << 10
    private static let tailLength = 16 << 10

    private let place: LogPlace
    private var reader: LogReader?
    private var offset = 0
    /// The beginning of a line whose end has not come yet.
    private var rest: [UInt8] = []

    init(_ path: String) { place = LogPlace(path) }

    /// Gives out the lines of the next piece, if there are any; false when there is no more for
    /// now. At the end it gives out a line without its end, too.
    func follow(isOver: Bool, _ lines: ([ArraySlice<UInt8>]) -> Void) -> Bool {
        let bytes = next()
        guard !bytes.isEmpty else {
            if isOver, !rest.isEmpty {
                lines([rest[...]])
                rest = []
            }
            return false
        }
        take(bytes[...], lines)
        return bytes.count == Self.piece || isOver
    }

    /// What cannot be read is shown as if it were not there; the log itself says what it lacks.
    private func next() -> [UInt8] {
        // There may be no log yet.
        guard var open = reader.take() ?? (try? LogReader.open(place)) else { return [] }
        let piece = try? open.read(from: offset, upTo: Self.piece)
        reader = consume open
        offset = piece?.next ?? offset
        return piece?.bytes ?? []
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ lines: ([ArraySlice<UInt8>]) -> Void) {
        var found: [ArraySlice<UInt8>] = []
        var bytes = bytes
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            if rest.isEmpty {
                found.append(bytes[..<end])
            } else {
                found.append((rest + bytes[..<end])[...])
                rest = []
            }
            bytes = bytes[(end + 1)...]
        }
        rest += bytes
        // A line without an end is shown in pieces, so that it cannot fill the memory.
        if rest.count > Self.longestLine {
            found.append(rest[...])
            rest = []
        }
        if !found.isEmpty { lines(found) }
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
