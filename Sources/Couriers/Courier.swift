import Attempts
import CLaunch
package import Git
import Glibc
import Synchronization

/// A process that speaks with remotes and reads what they sent, in the server's place. It can be
/// killed when a remote hangs, which no call of libgit2 can, and what a hostile repository might do
/// to who reads it is done to a process that has nothing to lose.
package final class Courier: Sendable {
    /// How long a courier may be silent, and how long a job may take in all.
    package struct Patience: Hashable, Sendable {
        package let silence: Duration
        package let whole: Duration

        package init(silence: Duration, whole: Duration) {
            self.silence = silence
            self.whole = whole
        }

        package static let standard = Patience(silence: .seconds(20), whole: .seconds(3_600))
    }

    private let process: pid_t
    let line: Line
    let patience: Patience
    /// It does one thing at a time, and nothing any more once it has been given up.
    private let spent = Mutex(false)

    package static func start(
        _ program: String, patience: Patience = .standard
    ) throws(GitError) -> Courier {
        var line: Int32 = -1
        let process = unsafe slipway_start_courier(program, &line)
        guard process > 0 else { throw GitError.kernel("start '\(program)'") }
        return Courier(process, line, patience)
    }

    private init(_ process: pid_t, _ line: Int32, _ patience: Patience) {
        self.process = process
        self.line = Line(descriptor: line)
        self.patience = patience
    }

    deinit {
        close(line.descriptor)
        kill(process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// It was killed, or has died: another one is needed.
    package var isSpent: Bool { spent.withLock { $0 } }

    /// Ends what it is at, from another thread than the one that asked.
    package func abandon() { kill(process, SIGKILL) }

    package func ask(_ job: CourierJob) throws(GitError) -> CourierAnswer {
        let answer: CourierAnswer
        do throws(Line.Broken) {
            answer = try converse { () throws(Line.Broken) in try exchange(job) }
        } catch {
            throw failure(job, error)
        }
        if case .failed(let error) = answer { throw error }
        return answer
    }

    /// Nobody else speaks with it meanwhile, and nobody ever does once it is not understood.
    func converse<Told>(_ body: () throws(Line.Broken) -> Told) throws(Line.Broken) -> Told {
        let result: Result<Told, Line.Broken> = spent.withLock { spent in
            do throws(Line.Broken) {
                guard !spent else { throw .closed }
                return .success(try body())
            } catch {
                spent = true
                kill(process, SIGKILL)
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func exchange(_ job: CourierJob) throws(Line.Broken) -> CourierAnswer {
        let end = ContinuousClock().now + patience.whole
        try line.send(job.fields)
        while true {
            let answer = try answer(before: end, patience.silence * job.calm)
            if answer != .busy { return answer }
        }
    }

    func answer(
        before end: ContinuousClock.Instant, _ silence: Duration
    ) throws(Line.Broken) -> CourierAnswer {
        let left = ContinuousClock().now.duration(to: end)
        guard left > .zero else { throw .silent }
        let fields = try line.receive(within: min(left, silence))
        guard let answer = try? CourierAnswer(fields) else { throw .damaged }
        return answer
    }

    func failure(_ job: CourierJob, _ broken: Line.Broken) -> GitError {
        let what = job.operation
        switch broken {
        case .silent:
            return GitError(
                .timedOut, what,
                problem: "nothing was heard for \(patience.silence), or it took longer than "
                    + "\(patience.whole)",
                hint: "check that the host answers; it is asked again")
        case .closed, .damaged:
            return GitError(
                .other, what, problem: "the courier that was sent has died",
                hint: "if that happens again, the repository is damaged or made to harm: clone it "
                    + "anew")
        }
    }
}

extension CourierJob {
    /// How many times longer than for a remote silence is borne: to write many files takes a while,
    /// and no stranger can make it take for ever.
    var calm: Int {
        switch self {
        case .look, .round, .tag, .fetch: 1
        case .news, .compare, .find, .write, .repack, .forget: 30
        }
    }

    var operation: String {
        switch self {
        case .look(let look): "look at '\(look.address)'"
        case .round(let looks, _): "look at \(looks.count) remotes"
        case .tag(let question): "look at '\(question.reference)'"
        case .fetch: "fetch"
        case .news(let question): "read commit \(question.tip)"
        case .compare(_, let from, let to): "compare \(from) with \(to)"
        case .find(_, let digits, _): "find commit '\(RawName(digits))'"
        case .write(let writing): "write out commit \(writing.commit)"
        case .repack(let mirror, _): "pack '\(mirror)' anew"
        case .forget(let mirror): "remove '\(mirror)'"
        }
    }
}
