import Couriers
import Engine
import Git
import Images
import Pipelines
import Watching

/// One look at one tag of a registry, for all sources that watch it.
struct RegistryLook {
    let question: TagQuestion
    let origin: ImageOrigin
    let sources: [(source: WatchedSource, cursor: Cursor)]
    let earlier: RemoteView?

    func perform(by courier: Courier) throws(GitError) -> LookResult {
        guard case .tag(let found) = try courier.ask(.tag(question)) else {
            throw GitError.misheard("look at '\(origin)'")
        }
        let digest: Digest? =
            switch found {
            case .missing: nil
            case .unchanged: question.known
            case .image(let digest): digest
            }
        return LookResult(
            view: RemoteView(commits: digest.map { ["\(origin)": "\($0)"] } ?? [:]),
            sightings: sources.flatMap { source, cursor in
                TagLook(
                    source, origin, cursor: cursor, found: digest,
                    wasMissing: earlier?.commits.isEmpty ?? false
                ).sightings
            })
    }

    /// What everybody knows already, so that the registry need not send it. Whoever knows nothing
    /// has it sent.
    static func known(_ sources: [(WatchedSource, Cursor)], of origin: ImageOrigin) -> Digest? {
        let known = Set(sources.map { $0.1.commits["\(origin)"] })
        guard known.count == 1, let only = known.first else { return nil }
        return only.flatMap { try? Digest(parsing: $0) }
    }
}

extension GitError {
    static func misheard(_ operation: String) -> GitError {
        GitError(
            .other, operation, problem: "the courier answered something else",
            hint: "install the programs of one version of Slipway together")
    }
}
