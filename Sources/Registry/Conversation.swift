import Curl
import Glibc
import HTTP
import Images
import Threads

/// Runs errands at one registry, several at once in the one thread that owns it: it sends what they
/// ask for, waits as long as they want, and shows the pass. It decides nothing but who sees that.
final class Conversation {
    static let mostHops = 5

    let profile: RegistryRoute
    let client: HTTPClient
    var admission: Admission
    private let clock: RegistryClock
    private let stop: StopSignal
    /// Told of each wait, and why.
    var delayed: (Int, String) -> Void = { _, _ in }

    init(
        _ profile: RegistryRoute, scopes: [String], clock: RegistryClock, stop: StopSignal
    ) throws(RegistryProblem) {
        self.profile = profile
        self.clock = clock
        self.stop = stop
        admission = Admission(profile.login, for: scopes, at: profile.root)
        do throws(CallProblem) { client = try HTTPClient() } catch {
            throw Self.permanent(error, at: profile.root)
        }
    }

    /// Runs one errand to its end.
    func run<Errand: RegistryErrand>(
        _ errand: Errand, sink: BlobSink? = nil, showingPass: Bool = true
    ) throws(RegistryProblem) -> Errand.Outcome {
        var outcome: Errand.Outcome?
        try run([Job(errand, sink: sink)], atOnce: 1, showingPass: showingPass) { outcome = $1 }
        guard let outcome else { throw Self.stopped }
        return outcome
    }

    /// Runs all of them to their ends, or until one fails, and those that arrive meanwhile. `moved`
    /// sees what they are at; `ended` is told the place and the outcome of each.
    func run<Errand: RegistryErrand>(
        _ jobs: [Job<Errand>], arriving: Arrivals<Errand>? = nil, atOnce: Int,
        showingPass: Bool = true,
        moved: ([Job<Errand>]) -> Void = { _ in },
        ended: (Int, Errand.Outcome) -> Void
    ) throws(RegistryProblem) {
        var (jobs, arriving) = (jobs, arriving)
        defer { for job in jobs { abandon(job) } }
        while arriving != nil || jobs.contains(where: { !$0.isEnded }) {
            guard !stop.isSet else { throw Self.stopped }
            var isQuiet = true
            if let arrivals = arriving {
                let new = try arrivals.take()
                if new == nil { arriving = nil }
                jobs += new ?? []
                isQuiet = new?.isEmpty == true
            }
            for index in jobs.indices {
                let isBeginning = jobs[index].isNew && jobs.count(where: isUnderWay) < atOnce
                guard isBeginning || isReady(jobs[index]) else { continue }
                isQuiet = false
                let step = try next(&jobs[index], showingPass: showingPass)
                guard let step else { continue }
                if let outcome = try take(step, for: &jobs[index], showingPass: showingPass) {
                    ended(index, outcome)
                }
            }
            moved(jobs)
            if isQuiet { wait(for: jobs, or: arriving?.bell) }
        }
    }

    private func isUnderWay<Errand>(_ job: Job<Errand>) -> Bool { !job.isNew && !job.isEnded }

    private func isReady<Errand>(_ job: Job<Errand>) -> Bool {
        switch job.state {
        case .new, .ended: false
        case .asking(let asking): asking.transfer.isDone || job.sink != nil && asking.transfer.holds
        case .waiting(let time): clock.now() >= time
        }
    }

    private func abandon<Errand>(_ job: Job<Errand>) {
        if case .asking(let asking) = job.state { client.abandon(asking.transfer) }
    }

    private func wait<Errand>(for jobs: [Job<Errand>], or bell: Bell?) {
        let due = jobs.compactMap { job in
            if case .waiting(let time) = job.state { time } else { nil }
        }.min()
        let left = due.map { max(0, $0 - clock.now()) }
        if let left, bell == nil, !jobs.contains(where: \.isAsking), clock.pass(left) { return }
        let heard = [stop.descriptor, bell?.descriptor].compactMap(\.self).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        client.wait(heard, milliseconds: min(left ?? 60_000, 60_000))
    }

    static let stopped = RegistryProblem(
        .stopped, "it was stopped", hint: "run it again; what is there already is not sent again")
}

extension Conversation {
    /// What follows from what has come for a job; nothing if that goes on.
    private func next<Errand: RegistryErrand>(
        _ job: inout Job<Errand>, showingPass: Bool
    ) throws(RegistryProblem) -> RegistryStep<Errand.Outcome>? {
        switch job.state {
        case .new: return job.errand.begin()
        case .ended: return nil
        case .waiting: return job.errand.apply(.waited)
        case .asking(let asking):
            let piece = asking.transfer.take()
            if let sink = job.sink, asking.transfer.status == 200 {
                try sink.add(piece)
            } else {
                job.answer += piece
            }
            guard asking.transfer.isDone else { return nil }
            // What came while the last was taken.
            guard !asking.transfer.holds else { return nil }
            return try heard(asking, for: &job, showingPass: showingPass)
        }
    }

    private func heard<Errand: RegistryErrand>(
        _ asking: Job<Errand>.Asking, for job: inout Job<Errand>, showingPass: Bool
    ) throws(RegistryProblem) -> RegistryStep<Errand.Outcome>? {
        if let problem = asking.transfer.problem {
            if problem.isPermanent { throw Self.permanent(problem, at: asking.request.place) }
            return job.errand.apply(.broke(Self.words(problem)))
        }
        let answer = RegistryAnswer(
            asking.transfer.status ?? 0, asking.transfer.headers, body: job.answer)
        if let elsewhere = try redirection(answer, of: asking) {
            try begin(elsewhere, for: &job, hops: asking.hops + 1)
            return nil
        }
        let isOurs = asking.request.place.isSameServer(as: profile.root)
        guard answer.status == 401, showingPass, isOurs else {
            return job.errand.apply(.answered(answer))
        }
        switch admission.turnedDown(answer.headers, shown: asking.generation) {
        case .again: return job.errand.apply(.admitted(forThis: false))
        case .refused(let problem): throw problem
        case .fetch(let request):
            guard try fetchToken(request) else {
                return try heard(asking, for: &job, showingPass: showingPass)
            }
            return job.errand.apply(.admitted(forThis: true))
        }
    }

    /// False if less should be asked for.
    private func fetchToken(_ request: RegistryRequest) throws(RegistryProblem) -> Bool {
        let question = Question(
            "get a token from \(request.place)", request, persistence: profile.persistence)
        do throws(RegistryProblem) { try admission.took(run(question, showingPass: false)) } catch {
            guard error.kind == .denied || error.kind == .refused, admission.narrow() else {
                throw error
            }
            return false
        }
        return true
    }

    /// Does what a step says; gives the outcome if it was the last.
    private func take<Errand: RegistryErrand>(
        _ step: RegistryStep<Errand.Outcome>, for job: inout Job<Errand>, showingPass: Bool
    ) throws(RegistryProblem) -> Errand.Outcome? {
        switch step {
        case .ask(let request): try begin(request, for: &job, hops: 0)
        case .wait(let milliseconds, let cause):
            delayed(milliseconds, cause)
            job.state = .waiting(until: clock.now() + milliseconds)
        case .failed(let problem): throw job.content?.damage ?? problem
        case .done(let outcome):
            job.state = .ended
            if let damage = job.content?.damage { throw damage }
            job.content = nil
            return outcome
        }
        return nil
    }

    private func begin<Errand: RegistryErrand>(
        _ request: RegistryRequest, for job: inout Job<Errand>, hops: Int
    ) throws(RegistryProblem) {
        job.answer = []
        job.sink?.restart()
        let shown = request.place.isSameServer(as: profile.root) ? admission.pass : nil
        var call = try request.call(showing: shown, content: job.content, profile)
        if job.sink != nil { call.taking = .stream(buffer: 1 << 20) }
        do throws(CallProblem) {
            job.state = .asking(
                .init(
                    transfer: try client.begin(call), request: request,
                    generation: admission.generation, hops: hops))
        } catch {
            throw Self.permanent(error, at: request.place)
        }
    }
}
