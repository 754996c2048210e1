import Couriers
import Dispatch
import Engine
import Git
import Synchronization
import Threads
import Watching

// The threads that look.
extension Watcher {
    func serve() {
        while true {
            work.wait()
            let (errands, isStopping) = state.withLock { state in
                (state.queue.isEmpty ? [] : state.queue.removeFirst(), state.isStopping)
            }
            if isStopping { return }
            if errands.count == 1 { look(errands[0]) } else { goRound(errands) }
            bell.ring()
        }
    }

    private func look(_ errand: Rota.Errand) {
        guard let look = prepare(errand) else { return }
        let start = Self.now
        do throws(GitError) {
            let result = try couriers.lend { courier throws(GitError) in
                try look.perform(by: courier)
            }
            for revision in result.sightings.compactMap(\.revision) {
                try trees.note(revision.commit, from: look.address)
            }
            guard result.sightings.isEmpty || ties.take(result.sightings) else {
                return finish(errand, .failed, since: start)
            }
            ties.measure(
                LookMeasure(errand, .seen, from: start, to: Self.now, bringing: result.sightings))
            // What was seen is on its way, and the next look cannot begin yet.
            if let problem = upkeep.tidy(look.address), !isStopping {
                ties.tell(.untidy(remote: errand.remote, problem))
            }
            succeeded(errand, result.view)
        } catch {
            failed(errand, error, since: start)
        }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    /// One courier lists them all; where there is news, another goes there at once.
    private func goRound(_ errands: [Rota.Errand]) {
        let looks = errands.compactMap(prepare)
        let start = Self.now
        do throws(GitError) {
            try couriers.lend { courier throws(GitError) in
                courier.goRound(looks.map(\.listing), within: settings.plan.roundTime) {
                    hear($1, from: looks[$0], since: start)
                }
            }
        } catch {
            for look in looks { failed(look.errand, error, since: start) }
        }
    }

    private func hear(_ news: Courier.RoundNews, from look: RemoteLook, since start: Steady) {
        let errand = look.errand
        switch news {
        case .refs(let refs):
            let (view, looks) = look.understand(refs)
            ties.measure(LookMeasure(errand, .seen, from: start, to: Self.now, bringing: []))
            guard !looks.allSatisfy(\.isQuiet) else { return succeeded(errand, view) }
            state.withLock { $0.rota.hint(errand.remote, at: Self.now) }
            finish(errand, .seen)
            bell.ring()
        case .failed(let error): failed(errand, error, since: start)
        case .missed:
            finish(errand, .missed)
            bell.ring()
        }
    }

    /// Nothing if nobody watches the remote any more.
    private func prepare(_ errand: Rota.Errand) -> RemoteLook? {
        guard let remote = state.withLock({ $0.remotes[errand.remote] }) else {
            finish(errand, .failed, since: Self.now)
            return nil
        }
        return RemoteLook(
            address: remote.address, access: ties.access(remote.address, remote.sources),
            policy: ties.policy(for: remote.sources, settings.policy), trees: trees,
            sources: remote.sources.map { ($0, ties.cursor($0)) },
            earlier: remote.earlier, errand: errand)
    }

    private func succeeded(_ errand: Rota.Errand, _ view: RemoteView) {
        let hadFailed = state.withLock {
            $0.remotes[errand.remote]?.succeed(view, at: Self.now) ?? false
        }
        if hadFailed { ties.tell(.recovered(remote: errand.remote)) }
        finish(errand, .seen)
    }

    private func failed(_ errand: Rota.Errand, _ error: GitError, since start: Steady) {
        let (times, isStopping) = state.withLock { state in
            state.remotes[errand.remote]?.fail(error)
            return (state.remotes[errand.remote]?.failures ?? 1, state.isStopping)
        }
        // What was given up because the server goes down is no news.
        if !isStopping { ties.tell(.failed(remote: errand.remote, error, times: times)) }
        finish(errand, error.kind == .timedOut ? .abandoned : .failed, since: start)
    }

    private func finish(
        _ errand: Rota.Errand, _ outcome: Rota.Outcome, since start: Steady
    ) {
        ties.measure(LookMeasure(errand, outcome, from: start, to: Self.now, bringing: []))
        finish(errand, outcome)
    }

    private func finish(_ errand: Rota.Errand, _ outcome: Rota.Outcome) {
        state.withLock {
            $0.rota.finish(errand, outcome, at: Self.now, chance: Double.random(in: 0...1))
        }
    }
}
