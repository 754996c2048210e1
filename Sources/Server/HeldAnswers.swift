import Conductor
import Engine
import Synchronization

/// Holds answers back until the desk shows what they tell of. A desk answers as soon as something
/// is on the record, and shows it a moment later: whoever asks next must not be told of the time
/// before.
final class HeldAnswers: Sendable {
    /// Beyond that many nobody waits: it is the pulse's turn, or the next word of the desk.
    static let mostWaiting = 1_000

    private struct Held: Sendable {
        let sequence: Int
        let answer: @Sendable () -> Void
    }

    private let desk: any Desk
    private let held = Mutex<[Held]>([])
    private let listening = Mutex<(any Sendable)?>(nil)

    init(_ desk: any Desk) {
        self.desk = desk
        listening.withLock { $0 = desk.listen { [weak self] in self?.look() } }
    }

    /// Answers when the desk shows the record up to there.
    func wait(for sequence: Int, _ answer: @escaping @Sendable () -> Void) {
        let isHeld = held.withLock { held in
            guard held.count < Self.mostWaiting else { return false }
            held.append(Held(sequence: sequence, answer: answer))
            return true
        }
        // Looked at after it was noted, so that no word of the desk falls between.
        if isHeld { look() } else { answer() }
    }

    /// Whatever the desk shows: somebody has waited long enough.
    func giveUp() { release { _ in true } }

    private func look() {
        let shown = desk.view.state.sequence
        release { $0 <= shown }
    }

    private func release(_ isDue: (Int) -> Bool) {
        let due = held.withLock { held in
            let due = held.filter { isDue($0.sequence) }
            held.removeAll { isDue($0.sequence) }
            return due
        }
        for entry in due { entry.answer() }
    }
}
