import Conductor
import Engine
import People
import Synchronization

/// Puts on the record what was kept from happening: counted, so that whoever knocks a million times
/// fills no disk.
final class DenialLog: Sendable {
    private struct Tallies: Sendable {
        var denials = Tally<Denial>()
        var failures = Tally<FailedSignIn>()
    }

    private let tallies = Mutex(Tallies())
    private let desk: any Desk

    init(_ desk: any Desk) { self.desk = desk }

    func note(_ denial: Denial) {
        let now = desk.view.now.steady.milliseconds
        tell(tallies.withLock { $0.denials.note(denial, at: now) }, [])
    }

    func note(_ failure: FailedSignIn) {
        let now = desk.view.now.steady.milliseconds
        tell([], tallies.withLock { $0.failures.note(failure, at: now) })
    }

    /// What has been counted for long enough.
    func tellDue() {
        let now = desk.view.now.steady.milliseconds
        let (denials, failures) = tallies.withLock {
            ($0.denials.due(at: now), $0.failures.due(at: now))
        }
        tell(denials, failures)
    }

    /// Everything, before the house goes down.
    func close() {
        let (denials, failures) = tallies.withLock { ($0.denials.close(), $0.failures.close()) }
        tell(denials, failures)
    }

    private func tell(_ denials: [Tally<Denial>.Count], _ failures: [Tally<FailedSignIn>.Count]) {
        let commands =
            denials.map { PeopleCommand.denied($0.kind, count: $0.count) }
            + failures.map { PeopleCommand.signInsFailed($0.kind, count: $0.count) }
        guard !commands.isEmpty else { return }
        // Nobody waits for it: whoever was denied was answered at once.
        desk.submit(commands.map { Message(.people($0), by: .slipway) }) { [self] result in
            if case .failure = result { takeBack(denials, failures) }
        }
    }

    /// The disk is full, say: it is told when there is room again.
    private func takeBack(
        _ denials: [Tally<Denial>.Count], _ failures: [Tally<FailedSignIn>.Count]
    ) {
        let now = desk.view.now.steady.milliseconds
        tallies.withLock { tallies in
            tallies.denials.takeBack(denials, at: now)
            tallies.failures.takeBack(failures, at: now)
        }
    }
}
