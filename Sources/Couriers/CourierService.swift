package import Addresses
import Attempts
import Git
import Glibc
import Sources

/// What a courier does with its jobs, one after the other, until nobody wants it any more.
package struct CourierService: ~Copyable {
    /// How often it tells that it has come further.
    private static let interval = Duration.milliseconds(500)
    private static let maximumBases = 100

    private let line: Line
    /// Has the process reach no address that the policy refuses.
    private let obey: (AddressPolicy) -> Void
    /// What was refused since this was last asked.
    private let refused: () -> IPAddress.Place?
    private var connection: Connection?
    private var tags = TagLooker()

    package init(
        on descriptor: Int32, obey: @escaping (AddressPolicy) -> Void,
        refused: @escaping () -> IPAddress.Place?
    ) {
        line = Line(descriptor: descriptor)
        self.obey = obey
        self.refused = refused
    }

    package mutating func run() {
        while let fields = try? line.receive() {
            let answer: CourierAnswer
            do {
                answer = try perform(try CourierJob(fields))
            } catch let error as GitError {
                answer = .failed(error)
            } catch {
                answer = .failed(
                    GitError(
                        .other, "do a job", problem: "\(error)",
                        hint: "install the programs of one version of Slipway together"))
            }
            guard (try? line.send(answer.fields)) != nil else { return }
        }
    }

    /// Tells the refs of one remote after the other.
    private mutating func perform(
        _ looks: [CourierJob.Look], within time: Duration
    ) -> CourierAnswer {
        let clock = ContinuousClock()
        let end = clock.now + time
        for look in looks {
            let answer: CourierAnswer
            do throws(GitError) {
                answer = .refs(try perform(look))
            } catch {
                answer = .failed(error)
            }
            guard (try? line.send(answer.fields)) != nil, clock.now < end else { break }
        }
        return .done
    }

    private mutating func perform(_ job: CourierJob) throws(GitError) -> CourierAnswer {
        switch job {
        case .look(let look): return .refs(try perform(look))
        case .round(let looks, let time): return perform(looks, within: time)
        case .tag(let question):
            return .tag(try tags.look(question, obey: obey, notice: notice()))
        case .fetch(let names):
            guard let connected = connection.take() else {
                throw GitError(
                    .other, "fetch", problem: "it is connected to nothing", hint: "look first")
            }
            try connected.remote.fetch(names)
            return .done
        case .news(let question):
            return try MirrorLock.reading(question.mirror) { () throws(GitError) in
                .news(try answer(question))
            }
        case .compare(let mirror, let from, let to):
            return try MirrorLock.reading(mirror) { () throws(GitError) in
                .comparison(
                    try Comparison.make(try Repository.open(at: mirror), from: from, to: to))
            }
        case .find(let mirror, let digits, let tips):
            return try MirrorLock.reading(mirror) { () throws(GitError) in
                .found(try Found.find(digits, among: tips, in: try Repository.open(at: mirror)))
            }
        case .write(let writing):
            return try MirrorLock.reading(writing.mirror) { () throws(GitError) in
                try write(writing)
            }
        case .repack(let mirror, let commits):
            // What it is connected for holds the packs open that are to go.
            connection = nil
            try Mirror.repack(mirror, keeping: commits, notice: notice())
            return .done
        case .forget(let mirror):
            connection = nil
            try Mirror.remove(mirror)
            return .done
        }
    }

    private mutating func perform(_ look: CourierJob.Look) throws(GitError) -> RemoteRefs {
        connection = nil
        obey(look.policy.addresses)
        try look.policy.check(look.address)
        if look.sweeps, let mirror = look.mirror { try Mirror.sweep(mirror) }
        do throws(GitError) {
            guard let place = look.mirror else {
                return try Remote.connect(to: look.address, look.access, notice: notice()).refs()
            }
            let mirror = try Mirror.open(place)
            let remote = try Remote.connect(
                to: look.address, look.access, for: mirror, notice: notice())
            let refs = try remote.refs()
            connection = Connection(remote: remote, mirror: mirror)
            return refs
        } catch {
            guard let place = refused() else { throw error }
            throw GitError(
                .address, "look at '\(look.address)'",
                problem: "it is not reached: it is \(place.words)",
                hint: "use the host's public name, or allow '\(place.rawValue)' addresses in the "
                    + "server's configuration")
        }
    }

    /// Tells the server that there is progress, now and then.
    private func notice() -> () -> Void {
        let line = line
        let clock = ContinuousClock()
        var told = clock.now
        return {
            let now = clock.now
            guard now - told >= Self.interval else { return }
            told = now
            try? line.send(CourierAnswer.busy.fields)
        }
    }

    private func answer(_ question: CourierJob.Question) throws(GitError) -> News {
        let mirror = try Repository.open(at: question.mirror)
        // It may be a file that a tag names, which is no damage.
        _ = try mirror.resolve(question.tip.description)
        let known = question.seen + [question.before].compactMap(\.self)
        let history = try mirror.history(
            of: question.tip, without: known, atMost: News.maximumCommits)
        let commit = try mirror.commit(question.tip)
        let own = [commit.author.person, commit.committer.person]
        var people = own + history.people.filter { !own.contains($0) }
        if own[0] == own[1] { people.removeFirst() }
        var paths: [String]?
        if question.wantsPaths { paths = try changes(question, mirror) }
        return News(
            message: Self.cut(commit.message), people: Array(people.prefix(News.maximumPeople)),
            commits: history.commits, paths: paths, committedAt: Int(commit.committer.seconds))
    }

    /// Against what the ref was at; for a new one, against where it parts from the others.
    private func changes(
        _ question: CourierJob.Question, _ mirror: borrowing Repository
    ) throws(GitError) -> [String]? {
        var older = question.before
        if let older {
            // It may have been on the remote only before there was this mirror.
            guard mirror.contains(older) else { return nil }
        } else {
            let others = Array(question.seen.prefix(Self.maximumBases))
            older = try mirror.base(of: question.tip, and: others)
        }
        let paths = try mirror.changedPaths(from: older, to: question.tip)
        return paths.count > News.maximumPaths ? nil : paths.map(\.description)
    }

    private func write(_ writing: CourierJob.Writing) throws(GitError) -> CourierAnswer {
        obey(writing.policy.addresses)
        let mirror = try Repository.open(at: writing.mirror)
        let finder = MirroredSubmodules(writing, notice: notice())
        let revision = SourceRevision(
            of: try mirror.commit(writing.commit), in: writing.mirror)
        do throws(SourceError) {
            let trees = try SourceTrees(at: writing.trees, .open, boot: writing.boot)
            let tree = try trees.tree(for: revision, submodules: finder)
            return .tree(path: tree.path, warnings: tree.warnings.map(\.description))
        } catch {
            throw GitError(.other, error.operation, problem: error.problem, hint: error.hint)
        }
    }

    private static func cut(_ message: String) -> String {
        String(decoding: message.utf8.prefix(News.maximumMessage), as: UTF8.self)
    }
}

/// A remote that is connected to. It is let go of before the mirror that it points to.
private struct Connection: ~Copyable {
    let remote: Remote
    let mirror: Repository
}
