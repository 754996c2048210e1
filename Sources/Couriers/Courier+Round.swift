package import Git

extension Courier {
    /// What is told of a remote on a round.
    package enum RoundNews: Hashable, Sendable {
        case refs(RemoteRefs)
        case failed(GitError)
        /// The round was broken off before: somebody else should look there.
        case missed
    }

    /// How much longer than it should a round may last before the rest of it is given back.
    private static let grace = Duration.milliseconds(500)

    /// Looks at remotes one after the other, and tells of each as soon as it is known. One that
    /// hangs is waited for as ever, but those behind it are given back when the time is up.
    package func goRound(
        _ looks: [CourierJob.Look], within time: Duration, tell: (Int, RoundNews) -> Void
    ) {
        var round = Round(end: looks.count)
        do throws(Line.Broken) {
            try converse { () throws(Line.Broken) in
                try line.send(CourierJob.round(looks, time).fields)
                try follow(&round, within: time + Self.grace, tell)
            }
        } catch {
            if let now = round.step() { tell(now, .failed(failure(.look(looks[now]), error))) }
        }
        for missed in round.giveBack(from: round.next) { tell(missed, .missed) }
    }

    private func follow(
        _ round: inout Round, within time: Duration, _ tell: (Int, RoundNews) -> Void
    ) throws(Line.Broken) {
        let clock = ContinuousClock()
        let (soon, end) = (clock.now + time, clock.now + patience.whole)
        while true {
            let left = max(.zero, clock.now.duration(to: soon))
            if round.hasMore, try !line.hears(within: left) {
                for missed in round.giveBack(from: round.next + 1) { tell(missed, .missed) }
            }
            let news: RoundNews
            switch try answer(before: end, patience.silence) {
            case .busy: continue
            case .refs(let refs): news = .refs(refs)
            case .failed(let error): news = .failed(error)
            case .done: return
            default: throw .damaged
            }
            if let now = round.step() { tell(now, news) }
        }
    }
}

/// How far a round has come.
private struct Round {
    /// Whoever is asked now.
    var next = 0
    /// Those from here on are others' by now.
    var end: Int

    var isOpen: Bool { next < end }
    var hasMore: Bool { next + 1 < end }

    /// Nothing if nobody wants to know any more.
    mutating func step() -> Int? {
        defer { next += 1 }
        return isOpen ? next : nil
    }

    mutating func giveBack(from first: Int) -> Range<Int> {
        defer { end = min(end, first) }
        return min(first, end)..<end
    }
}
