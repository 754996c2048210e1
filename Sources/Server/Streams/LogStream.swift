import Attempts
import Conductor
import Engine
import HTTP
import Logs
import Synchronization

/// A log while it is written, from any of its bytes on. Between two words it holds no file and no
/// memory but its place.
final class LogStream: ByteStream {
    private static let pieceSize = 64 << 10

    private struct State: ~Copyable {
        var place: Int
        var pending: [UInt8] = Array("retry: 1000\n\n".utf8)
        /// Held only while there is more to read.
        var reader: LogReader?
        var isOver = false
        var hasSaidEnd = false
        var hasEnded = false
        var asked: Steady
        var sent: Steady
        var listenings: [Listening] = []
        var folder: Listening?
        var wake: (@Sendable () -> Void)?
    }

    private let state: Mutex<State>
    private let house: Surroundings
    private let attempt: AttemptID
    private let folder: AttemptFolder
    /// A state that is older than this may not know of the attempt yet.
    private let known: Int
    private let mayListen: @Sendable () -> Bool

    init(
        of attempt: AttemptID, from offset: Int, known: Int, in house: Surroundings,
        mayListen: @escaping @Sendable () -> Bool
    ) {
        let now = house.now
        state = Mutex(State(place: offset, asked: now, sent: now))
        self.house = house
        self.attempt = attempt
        self.known = known
        self.mayListen = mayListen
        folder = house.folder(attempt)
    }

    func begin(wake: @escaping @Sendable () -> Void) {
        let listenings = [house.feed.listen(to: attempt, wake), house.pulse.listen(wake)]
        state.withLock { state in
            state.wake = wake
            state.listenings = listenings
        }
        wake()
    }

    func end() {
        let (listenings, folder) = state.withLock { state in
            state.hasEnded = true
            state.reader = nil
            state.wake = nil
            defer {
                state.listenings = []
                state.folder = nil
            }
            return (state.listenings, state.folder)
        }
        _ = (listenings, folder)
    }

    func next(atMost count: Int) -> StreamPiece {
        let now = house.now
        return state.withLock { state in
            if state.hasEnded { return .end }
            if now - state.asked >= Pulse.interval {
                state.asked = now
                if !mayListen() { return .end }
            }
            if state.pending.isEmpty { gather(&state) }
            if state.pending.isEmpty {
                if state.hasSaidEnd { return .end }
                guard now - state.sent >= Pulse.interval else { return .later }
                state.pending = Array(":\n\n".utf8)
            }
            state.sent = now
            defer { state.pending.removeFirst(min(count, state.pending.count)) }
            return .bytes(Array(state.pending.prefix(count)))
        }
    }

    private func gather(_ state: inout State) {
        // Looked at before the log is read: what is written until then is read.
        if !state.isOver {
            let now = house.desk.view.state
            state.isOver = now.sequence >= known && !now.isOpen(attempt)
        }
        watch(&state)
        do throws(LogError) {
            try read(&state)
        } catch {
            state.reader = nil
            guard error.kind == .notFound else {
                state.pending = LogText.end(at: state.place)
                state.hasSaidEnd = true
                return
            }
        }
        guard state.pending.isEmpty else { return }
        state.reader = nil
        if state.isOver, !state.hasSaidEnd {
            state.pending = LogText.end(at: state.place)
            state.hasSaidEnd = true
        }
    }

    private func read(_ state: inout State) throws(LogError) {
        if state.reader == nil { state.reader = try LogReader.open(LogPlace(folder.log)) }
        guard let piece = try state.reader?.read(from: state.place, upTo: Self.pieceSize) else {
            return
        }
        let isEnd = state.isOver && piece.bytes.count < Self.pieceSize
        let (text, next) = LogText.events(of: piece.bytes, at: state.place, isEnd: isEnd)
        state.pending = text
        state.place = next
    }

    /// The folder is there once the attempt has begun.
    private func watch(_ state: inout State) {
        guard state.folder == nil, !state.isOver, let wake = state.wake else { return }
        state.folder = house.folders.listen(to: folder.path, wake)
    }
}

extension EngineState {
    /// Whether an attempt waits for its runner, or runs there.
    func isOpen(_ attempt: AttemptID) -> Bool {
        runners.underWay.contains { $0.attempt == attempt }
            || runners.queue.contains { $0.attempt == attempt }
    }
}
