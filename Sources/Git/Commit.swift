import CGit2

/// What a commit says of itself.
package struct Commit: Hashable, Sendable {
    package struct Signature: Hashable, Sendable {
        package let name: String
        package let mail: String
        /// Seconds since 1970, and how far the writer's clock was ahead of UTC, in minutes.
        package let seconds: Int64
        package let offset: Int

        /// As git writes a person: `Name <mail>`.
        package var person: String { "\(name) <\(mail)>" }
    }

    package let id: ObjectID
    /// The fewest digits, at least seven, that name no other object of the repository today.
    package let shortID: String
    package let tree: ObjectID
    package let parents: [ObjectID]
    package let message: String
    package let author: Signature
    package let committer: Signature
}

extension Repository {
    package func commit(_ id: ObjectID) throws(GitError) -> Commit {
        let operation = "read commit \(id) of '\(folder)'"
        let handle = try commitHandle(id, operation)
        let own = unsafe handle.pointer
        guard let tree = unsafe git_commit_tree_id(own), let author = unsafe git_commit_author(own),
            let committer = unsafe git_commit_committer(own)
        else {
            throw GitError(
                .corrupt, operation, problem: "parts of it are missing", hint: GitError.corruptHint)
        }
        let parents = unsafe (0..<git_commit_parentcount(own)).compactMap { index in
            unsafe git_commit_parent_id(own, index).map { unsafe ObjectID($0.pointee) }
        }
        return Commit(
            id: id, shortID: try shortID(handle, operation), tree: ObjectID(unsafe tree.pointee),
            parents: parents, message: unsafe Self.text(git_commit_message(own)),
            author: unsafe Self.signature(author.pointee),
            committer: unsafe Self.signature(committer.pointee))
    }

    /// Who wrote a commit and who made it.
    func people(of id: ObjectID) throws(GitError) -> [String] {
        let handle = try commitHandle(id, "read commit \(id) of '\(folder)'")
        let signatures = unsafe [
            git_commit_author(handle.pointer), git_commit_committer(handle.pointer),
        ]
        return unsafe signatures.compactMap { signature in
            unsafe signature.map { unsafe Self.signature($0.pointee).person }
        }
    }

    func commitHandle(_ id: ObjectID, _ operation: String) throws(GitError) -> Handle {
        var oid = id.oid
        return try unsafe Handle.obtain(operation, free: git_commit_free) {
            unsafe git_commit_lookup(&$0, handle.pointer, &oid)
        }
    }

    private func shortID(
        _ commit: borrowing Handle, _ operation: String
    ) throws(GitError) -> String {
        var buffer = unsafe git_buf()
        defer { unsafe git_buf_dispose(&buffer) }
        let code = unsafe git_object_short_id(&buffer, commit.pointer)
        guard code >= 0, let text = unsafe RawName(copying: buffer.ptr)?.text else {
            throw GitError.last(code, operation)
        }
        return text
    }

    private static func signature(_ signature: git_signature) -> Commit.Signature {
        unsafe Commit.Signature(
            name: text(signature.name), mail: text(signature.email),
            seconds: signature.when.time, offset: Int(signature.when.offset))
    }

    private static func text(_ characters: UnsafePointer<CChar>?) -> String {
        unsafe text(RawName(copying: characters)?.bytes ?? [])
    }

    /// Old commits may be in another encoding. Where it is not UTF-8 it is taken for Latin-1, which
    /// reads any bytes, and is right for most.
    private static func text(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
