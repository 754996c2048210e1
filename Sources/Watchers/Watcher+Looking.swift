import Couriers
import Dispatch
import Engine
import Git
import Pipelines
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
        guard let remote = remote(of: errand) else { return }
        let start = Self.now
        do throws(GitError) {
            let result =
                switch remote.place {
                case .git(let address):
                    try perform(prepare(errand, remote, address))
                case .image(let origin):
                    try perform(errand, remote, origin)
                }
            guard result.sightings.isEmpty || ties.take(result.sightings) else {
                return finish(errand, .failed, since: start)
            }
            ties.measure(
                LookMeasure(errand, .seen, from: start, to: Self.now, bringing: result.sightings))
            // What was seen is on its way, and the next look cannot begin yet.
            if case .git(let address) = remote.place, let problem = upkeep.tidy(address),
                !isStopping
            {
                ties.tell(.untidy(remote: errand.remote, problem))
            }
            succeeded(errand, result.view)
        } catch {
            failed(errand, error, since: start)
        }
    }

    private func perform(_ look: RemoteLook) throws(GitError) -> LookResult {
        let result = try couriers.lend { courier throws(GitError) in
            try look.perform(by: courier)
        }
        for commit in result.sightings.compactMap(\.revision?.commit) {
            try trees.note(commit, from: look.address)
        }
        return result
    }

    private func perform(
        _ errand: Rota.Errand, _ remote: KnownRemote, _ origin: ImageOrigin
    ) throws(GitError) -> LookResult {
        let sources = remote.sources.map { ($0, ties.cursor($0)) }
        let question = TagQuestion(
            origin.repository, origin.tag, known: RegistryLook.known(sources, of: origin),
            through: try ties.door(origin), settings.policy)
        let look = RegistryLook(
            question: question, origin: origin, sources: sources, earlier: remote.earlier)
        return try couriers.lend { courier throws(GitError) in try look.perform(by: courier) }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    /// One courier lists them all; where there is news, another goes there at once.
    private func goRound(_ errands: [Rota.Errand]) {
        let looks = errands.compactMap { errand -> RemoteLook? in
            guard let remote = remote(of: errand) else { return nil }
            guard case .git(let address) = remote.place else {
                finish(errand, .missed)
                return nil
            }
            return prepare(errand, remote, address)
        }
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
    private func remote(of errand: Rota.Errand) -> KnownRemote? {
        let remote = state.withLock { $0.remotes[errand.remote] }
        if remote == nil { finish(errand, .failed, since: Self.now) }
        return remote
    }

    private func prepare(
        _ errand: Rota.Errand, _ remote: KnownRemote, _ address: RemoteAddress
    ) -> RemoteLook {
        RemoteLook(
            address: address, access: ties.access(address, remote.sources),
            policy: ties.policy(for: remote.sources, settings.policy), trees: trees,
            sources: remote.sources.compactMap { source in
                source.source.git.map { (source, $0, ties.cursor(source)) }
            },
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
        finish(
            errand, error.kind == .timedOut ? .abandoned : .failed, since: start,
            wanting: error.pause)
    }

    private func finish(
        _ errand: Rota.Errand, _ outcome: Rota.Outcome, since start: Steady,
        wanting rest: Duration? = nil
    ) {
        ties.measure(LookMeasure(errand, outcome, from: start, to: Self.now, bringing: []))
        finish(errand, outcome, wanting: rest)
    }

    private func finish(
        _ errand: Rota.Errand, _ outcome: Rota.Outcome, wanting rest: Duration? = nil
    ) {
        state.withLock {
            $0.rota.finish(
                errand, outcome, at: Self.now, chance: Double.random(in: 0...1),
                wanting: rest ?? .zero)
        }
    }
}
