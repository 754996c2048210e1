import Attempts
import Engine
import Runner

/// Shows what happens, in the order in which it did, with what is printed in between. An action's
/// end is shown after all that it has printed; meanwhile the house goes on with its work.
struct RunShow: ~Copyable {
    private let view: any RunView
    private let paths: AttemptPaths
    private var followers: [RunEvent.Subject: LogFollower] = [:]
    private var queue: [(event: RunEvent, at: Moment)] = []

    init(_ view: any RunView, _ paths: AttemptPaths) {
        self.view = view
        self.paths = paths
    }

    /// Everything has been shown.
    var isDone: Bool { queue.isEmpty }
    var isFollowing: Bool { !followers.isEmpty }

    mutating func add(_ event: RunEvent, at time: Moment) { queue.append((event, time)) }

    /// Shows what there is, of each log one piece; false when there is nothing more for now.
    mutating func go(on now: Moment) -> Bool {
        var hasMore = false
        var shown = 0
        for (event, time) in queue {
            if case .actionFinished(let subject, _, _) = event,
                let follower = followers[subject]
            {
                if printed(subject, follower, now, isOver: true) {
                    hasMore = true
                    break
                }
                followers[subject] = nil
            }
            view.show(event, at: time)
            if case .actionStarted(let subject) = event, view.wantsOutput {
                followers[subject] = LogFollower(paths.folder(of: subject.attempt).log)
            }
            shown += 1
        }
        queue.removeFirst(shown)
        let over = queue.first?.event
        for (subject, follower) in followers {
            if case .actionFinished(subject, _, _) = over { continue }
            if printed(subject, follower, now, isOver: false) { hasMore = true }
        }
        return hasMore
    }

    private func printed(
        _ subject: RunEvent.Subject, _ follower: LogFollower, _ now: Moment, isOver: Bool
    ) -> Bool {
        follower.follow(isOver: isOver) { view.show(lines: $0, of: subject, at: now) }
    }
}
