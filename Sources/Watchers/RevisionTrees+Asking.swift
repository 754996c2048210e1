package import Couriers
package import Git

/// What a mirror knows, asked by way of a courier. Each takes as long as reading it does.
extension RevisionTrees {
    package func comparison(
        from older: ObjectID, to newer: ObjectID, at address: RemoteAddress
    ) throws(GitError) -> Comparison {
        let job = CourierJob.compare(mirror: mirror(of: address), from: older, to: newer)
        guard case .comparison(let told) = try ask(job) else { throw Self.misheard }
        return told
    }

    package func find(
        _ digits: String, among refs: [CourierJob.Tip], at address: RemoteAddress
    ) throws(GitError) -> Found {
        let job = CourierJob.find(mirror: mirror(of: address), digits: digits, among: refs)
        guard case .found(let found) = try ask(job) else { throw Self.misheard }
        return found
    }

    /// What a commit brings to those who have another.
    package func news(
        of commit: ObjectID, since known: [ObjectID], at address: RemoteAddress
    ) throws(GitError) -> News {
        let question = CourierJob.Question(
            mirror: mirror(of: address), tip: commit, before: nil, seen: known, wantsPaths: false)
        guard case .news(let news) = try ask(.news(question)) else { throw Self.misheard }
        return news
    }

    private func ask(_ job: CourierJob) throws(GitError) -> CourierAnswer {
        try couriers.lend { courier throws(GitError) in try courier.ask(job) }
    }

    private static var misheard: GitError { .misheard("read a mirror") }
}
