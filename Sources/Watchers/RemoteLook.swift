import Addresses
import Couriers
import Engine
import Git
import Pipelines
import Watching

/// What came of a look.
struct LookResult {
    let view: RemoteView
    let sightings: [Sighting]
}

/// One look at one remote, for all sources that come from it: what is there, what of it is new, and
/// what that brings.
struct RemoteLook {
    let address: RemoteAddress
    let access: Access
    let policy: FetchPolicy
    let trees: RevisionTrees
    let sources: [(source: WatchedSource, git: GitOrigin, cursor: Cursor)]
    let earlier: RemoteView?
    let errand: Rota.Errand

    private var mirror: String { trees.mirror(of: address) }

    func perform(by courier: Courier) throws(GitError) -> LookResult {
        do throws(GitError) {
            // Most of those that nobody told of have no news, and need no mirror.
            if !errand.isHinted, !errand.sweeps, let quiet = try list(by: courier) { return quiet }
            return try attempt(by: courier, sweeps: errand.sweeps)
        } catch {
            guard [.corrupt, .missingObject].contains(error.kind), !courier.isSpent else {
                throw error
            }
            // A mirror can lose what was written just before the power went; a remote cannot be
            // helped, and fails again.
            _ = try courier.ask(.forget(mirror: mirror))
            return try attempt(by: courier, sweeps: false)
        }
    }

    /// Nothing if there is news.
    private func list(by courier: Courier) throws(GitError) -> LookResult? {
        let (view, looks) = try see(by: courier, listing)
        return looks.allSatisfy(\.isQuiet) ? LookResult(view: view, sightings: []) : nil
    }

    /// What tells whether there is news.
    var listing: CourierJob.Look {
        CourierJob.Look(address, access, policy, mirror: nil, sweeps: false)
    }

    private func see(
        by courier: Courier, _ look: CourierJob.Look
    ) throws(GitError) -> (RemoteView, [SourceLook]) {
        guard case .refs(let refs) = try courier.ask(.look(look)) else { throw misheard }
        return understand(refs)
    }

    func understand(_ refs: RemoteRefs) -> (RemoteView, [SourceLook]) {
        var commits: [String: String] = [:]
        for ref in refs.refs { commits[ref.name] = ref.commit.description }
        let view = RemoteView(commits: commits, head: refs.head)
        let looks = sources.map {
            SourceLook($0.source, $0.git, cursor: $0.cursor, now: view, earlier: earlier)
        }
        return (view, looks)
    }

    private func attempt(by courier: Courier, sweeps: Bool) throws(GitError) -> LookResult {
        let mirror = mirror
        let (view, looks) = try see(
            by: courier, CourierJob.Look(address, access, policy, mirror: mirror, sweeps: sweeps))
        let wanted = Set(looks.flatMap(\.refs))
        if !wanted.isEmpty { _ = try courier.ask(.fetch(wanted.sorted())) }
        var reader = NewsReader(courier: courier, mirror: mirror)
        var sightings: [Sighting] = []
        for (look, source) in zip(looks, sources) where !look.isQuiet {
            let wantsPaths = !source.git.paths.isEmpty
            sightings += try look.sightings(pushes: errand.pushes) { change throws(GitError) in
                try reader.news(of: change, source.cursor, wantsPaths: wantsPaths)
            }
        }
        return LookResult(view: view, sightings: sightings)
    }

    private var misheard: GitError { .misheard("look at '\(address)'") }
}

/// Asks a courier what changes bring, each once, however many sources want to know.
private struct NewsReader {
    /// Others that a new ref is compared with.
    private static let maximumSeen = 1_000

    private let courier: Courier
    private let mirror: String
    private var known: [CourierJob.Question: SourceLook.News?] = [:]

    init(courier: Courier, mirror: String) {
        self.courier = courier
        self.mirror = mirror
    }

    mutating func news(
        of change: SourceLook.Change, _ cursor: Cursor, wantsPaths: Bool
    ) throws(GitError) -> SourceLook.News? {
        guard let tip = ObjectID(change.after) else { return nil }
        let seen = Set(cursor.commits.values).sorted().prefix(Self.maximumSeen)
        let question = CourierJob.Question(
            mirror: mirror, tip: tip, before: change.before.flatMap { ObjectID($0) },
            seen: seen.compactMap { ObjectID($0) }, wantsPaths: wantsPaths)
        if let told = known[question] { return told }
        let told = try ask(question)
        known[question] = told
        return told
    }

    private func ask(_ question: CourierJob.Question) throws(GitError) -> SourceLook.News? {
        let answer: CourierAnswer
        do throws(GitError) {
            answer = try courier.ask(.news(question))
        } catch {
            guard error.kind == .unknownName else { throw error }
            return nil
        }
        guard case .news(let news) = answer else { return nil }
        return SourceLook.News(
            message: news.message, people: news.people, commits: news.commits.map(\.description),
            paths: news.paths, committedAt: news.committedAt)
    }
}
