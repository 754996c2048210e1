/// What is to be done about one tag, before anything is pushed.
package enum TagDecision: Hashable, Sendable {
    case push
    /// The very image is there under this tag.
    case isThere
    /// Another one is, and the tag may not move.
    case refused(problem: String, hint: String)

    /// `found` is the digest that the tag is on now.
    package init(
        _ tag: String, for wanted: String, found: String?, in repository: ECRRepository
    ) {
        if found == wanted {
            self = .isThere
        } else if let found, !repository.mutability.mayMove(tag) {
            self = .refused(
                problem: "the tag '\(tag)' of '\(repository.name)' is immutable and on \(found), "
                    + "and not on \(wanted)",
                hint: "use a tag that is new with each build, such as one of the commit")
        } else {
            self = .push
        }
    }
}
