import HTTP
import Logs
import Synchronization

/// A part of a log as it is, however long.
final class LogBytes: ByteStream {
    private struct State: ~Copyable {
        var reader: LogReader
        var place: Int
    }

    private let state: Mutex<State>
    private let limit: Int

    init(_ reader: consuming sending LogReader, _ range: Range<Int>) {
        limit = range.upperBound
        state = Mutex(State(reader: reader, place: range.lowerBound))
    }

    func begin(wake: @escaping @Sendable () -> Void) { wake() }
    func end() {}

    func next(atMost count: Int) -> StreamPiece {
        state.withLock { state in
            let wanted = min(count, limit - state.place)
            guard wanted > 0,
                let piece = try? state.reader.read(from: state.place, upTo: wanted),
                !piece.bytes.isEmpty
            else { return .end }
            state.place = piece.next
            return .bytes(piece.bytes)
        }
    }
}
