/// What a remote says that it has.
package struct RemoteRefs: Hashable, Sendable {
    package struct Ref: Hashable, Sendable {
        /// Such as `refs/heads/main`.
        package let name: String
        /// The commit; of an annotated tag the one that it stands for.
        package let commit: ObjectID

        package init(name: String, commit: ObjectID) {
            self.name = name
            self.commit = commit
        }
    }

    /// No more are taken from a remote.
    package static let maximum = 200_000

    /// Branches and tags in order of their names; whatever else a forge keeps is left out.
    package let refs: [Ref]
    /// The branch that HEAD names, where the remote tells.
    package let head: String?

    package init(refs: [Ref], head: String?) {
        self.refs = refs
        self.head = head
    }
}
