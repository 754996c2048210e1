import Git
import Pipelines

/// A commit, and under which name it was found.
struct CommitFacts {
    let commit: Commit
    let ref: String
    let branch: String?
    let tag: String?

    var authors: [String] {
        let people = [commit.author.person, commit.committer.person]
        return people[0] == people[1] ? [people[0]] : people
    }

    static func of(
        _ name: String, in repository: borrowing Repository
    ) throws(SourceError) -> CommitFacts {
        do throws(GitError) {
            let found = try repository.resolve(name)
            return CommitFacts(found, try repository.commit(found.commit))
        } catch {
            guard error.kind == .unknownName,
                let near = Nearest.word(to: name, among: Self.names(in: repository))
            else { throw SourceError(error) }
            throw SourceError(
                error.operation, problem: error.problem, hint: "did you mean '\(near)'?")
        }
    }

    /// Nothing before the first commit.
    static func ofHead(
        in repository: borrowing Repository
    ) throws(SourceError) -> CommitFacts? {
        if case .unborn = try reading({ () throws(GitError) in try repository.head() }) {
            return nil
        }
        return try of("HEAD", in: repository)
    }

    private init(_ found: Repository.Resolved, _ commit: Commit) {
        self.commit = commit
        ref = found.reference?.description ?? commit.id.description
        branch = found.reference?.dropping(Reference.branches)?.description
        tag = found.reference?.dropping(Reference.tags)?.description
    }

    /// What a person may have meant. Where they cannot be listed, there is nothing to suggest.
    private static func names(in repository: borrowing Repository) -> [String] {
        let references = (try? repository.references()) ?? []
        return references.compactMap { reference in
            let name = reference.name
            let short =
                name.dropping(Reference.branches) ?? name.dropping(Reference.tags)
                ?? name.dropping("refs/remotes/")
            return short?.text
        }
    }
}
