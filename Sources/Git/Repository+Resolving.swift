import CGit2

extension Repository {
    /// What a person's name for a commit stands for.
    package struct Resolved: Hashable, Sendable {
        package let commit: ObjectID
        /// The full ref, such as 'refs/heads/main'; nothing where the name was a commit's own.
        package let reference: RawName?
    }

    /// The commit that a person means by 'HEAD', a branch, a tag, a full ref or the first digits of
    /// a commit. The name is looked up as it stands and never taken for an expression.
    package func resolve(_ name: String) throws(GitError) -> Resolved {
        let operation = "find '\(RawName(name))' in '\(folder)'"
        if name == "HEAD" { return try resolvedHead(operation) }
        if let id = ObjectID(name) {
            return Resolved(commit: try peel(id, operation), reference: nil)
        }
        if let found = try resolvedReference(name, operation) { return found }
        if let id = try idBeginning(with: name, operation) {
            return Resolved(commit: try peel(id, operation), reference: nil)
        }
        if case .unborn = try head(), try references().isEmpty { throw noCommit(operation) }
        throw GitError(
            .unknownName, operation,
            problem: "no branch, tag or commit has that name",
            hint: "see 'git branch --all' and 'git tag' for the names that are there")
    }

    private func resolvedHead(_ operation: String) throws(GitError) -> Resolved {
        switch try head() {
        case .branch(let name, let id):
            let full = RawName(Reference.branches).bytes + name.bytes
            return Resolved(commit: try peel(id, operation), reference: RawName(full))
        case .detached(let id): return Resolved(commit: try peel(id, operation), reference: nil)
        case .unborn: throw noCommit(operation)
        }
    }

    private func noCommit(_ operation: String) -> GitError {
        GitError(
            .noCommit, operation, problem: "the repository has no commit yet",
            hint: "make the first one with 'git commit'")
    }

    /// A full ref, or else a branch, a tag or a remote's branch of that name.
    private func resolvedReference(
        _ name: String, _ operation: String
    ) throws(GitError) -> Resolved? {
        if name.hasPrefix("refs/") { return try lookUp(name, operation) }
        let branch = try lookUp(Reference.branches + name, operation)
        let tag = try lookUp(Reference.tags + name, operation)
        if let branch, let tag, branch.commit != tag.commit {
            throw GitError(
                .ambiguousName, operation,
                problem: "it is both a branch and a tag, at different commits",
                hint: "write '\(Reference.branches)\(name)' or '\(Reference.tags)\(name)'")
        }
        if let found = branch ?? tag { return found }
        return try lookUp("refs/remotes/" + name, operation)
    }

    /// Nothing if there is no such ref, or if no ref may be called that.
    private func lookUp(_ name: String, _ operation: String) throws(GitError) -> Resolved? {
        // A NUL would end the name early, and another would be found.
        guard !name.utf8.contains(0) else { return nil }
        var id = git_oid()
        switch unsafe git_reference_name_to_id(&id, handle.pointer, name) {
        case 0:
            return Resolved(
                commit: try peel(ObjectID(id), operation), reference: RawName(name))
        case GIT_ENOTFOUND.rawValue, GIT_EINVALIDSPEC.rawValue: return nil
        case let code: throw GitError.last(code, operation)
        }
    }

    private static let shortestPrefix = 4

    private func idBeginning(
        with prefix: String, _ operation: String
    ) throws(GitError) -> ObjectID? {
        let digits = prefix.lowercased()
        guard Self.shortestPrefix...ObjectID.digits ~= digits.utf8.count,
            ObjectID.areDigits(digits)
        else { return nil }
        var short = git_oid()
        guard unsafe git_oid_fromstrn(&short, digits, digits.utf8.count) == 0 else { return nil }
        var found: OpaquePointer?
        let code = unsafe git_object_lookup_prefix(
            &found, handle.pointer, &short, digits.utf8.count, GIT_OBJECT_ANY)
        switch code {
        case 0:
            guard let pointer = unsafe found else { return nil }
            let object = unsafe Handle(pointer, free: git_object_free)
            return unsafe git_object_id(object.pointer).map { unsafe ObjectID($0.pointee) }
        case GIT_ENOTFOUND.rawValue: return nil
        case GIT_EAMBIGUOUS.rawValue:
            throw GitError(
                .ambiguousName, operation, problem: "more than one object begins with these digits",
                hint: "write more of them")
        default: throw GitError.last(code, operation)
        }
    }

    /// The commit that an object is, or that a tag stands for.
    private func peel(_ id: ObjectID, _ operation: String) throws(GitError) -> ObjectID {
        var oid = id.oid
        let object = try unsafe Handle.obtain(operation, free: git_object_free) {
            unsafe git_object_lookup(&$0, handle.pointer, &oid, GIT_OBJECT_ANY)
        }
        var peeled: OpaquePointer?
        let code = unsafe git_object_peel(&peeled, object.pointer, GIT_OBJECT_COMMIT)
        if code == GIT_EPEEL.rawValue || code == GIT_EINVALIDSPEC.rawValue {
            throw GitError(
                .unknownName, operation, problem: "it is a file or a folder, and no commit",
                hint: "name a commit, a branch or a tag of a commit")
        }
        guard code >= 0, let pointer = unsafe peeled else { throw GitError.last(code, operation) }
        let commit = unsafe Handle(pointer, free: git_object_free)
        guard let found = unsafe git_object_id(commit.pointer) else { return id }
        return ObjectID(unsafe found.pointee)
    }
}
