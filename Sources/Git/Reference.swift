import CGit2

/// A branch, a tag or another name that the repository keeps for an object.
package struct Reference: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        /// What it names directly: for an annotated tag that is the tag's own object.
        case object(ObjectID)
        case name(RawName)
    }

    package static let branches = "refs/heads/"
    package static let tags = "refs/tags/"

    package let name: RawName
    package let target: Target

    package init(name: RawName, target: Target) {
        self.name = name
        self.target = target
    }
}

/// What HEAD says.
package enum Head: Hashable, Sendable {
    case branch(RawName, ObjectID)
    case detached(ObjectID)
    /// The branch that the first commit will begin.
    case unborn(RawName)
}

extension Repository {
    /// All names and what they stand for, in order. One that cannot be read is left out, as git
    /// does, because it must not hide the others.
    package func references() throws(GitError) -> [Reference] {
        let operation = "list the refs of '\(folder)'"
        let iterator = try unsafe Handle.obtain(operation, free: git_reference_iterator_free) {
            unsafe git_reference_iterator_new(&$0, handle.pointer)
        }
        var references: [Reference] = []
        while true {
            var next: OpaquePointer?
            let code = unsafe git_reference_next(&next, iterator.pointer)
            if code == GIT_ITEROVER.rawValue { break }
            guard code >= 0, let pointer = unsafe next else {
                throw GitError.last(code, operation)
            }
            let handle = unsafe Handle(pointer, free: git_reference_free)
            if let reference = Self.reference(handle) { references.append(reference) }
        }
        return references.sorted { $0.name < $1.name }
    }

    package func head() throws(GitError) -> Head {
        let operation = "read HEAD of '\(folder)'"
        let handle = try reference("HEAD", operation)
        guard let reference = Self.reference(handle) else {
            throw GitError(
                .corrupt, operation, problem: "it names nothing", hint: GitError.corruptHint)
        }
        switch reference.target {
        case .object(let id): return .detached(id)
        case .name(let name):
            let short = name.dropping(Reference.branches) ?? name
            var resolved: OpaquePointer?
            let code = unsafe git_reference_resolve(&resolved, handle.pointer)
            if code == GIT_ENOTFOUND.rawValue { return .unborn(short) }
            guard code >= 0, let pointer = unsafe resolved else {
                throw GitError.last(code, operation)
            }
            let end = unsafe Handle(pointer, free: git_reference_free)
            guard case .object(let id)? = Self.reference(end)?.target else { return .unborn(short) }
            return .branch(short, id)
        }
    }

    func reference(_ name: String, _ operation: String) throws(GitError) -> Handle {
        try unsafe Handle.obtain(operation, free: git_reference_free) {
            unsafe git_reference_lookup(&$0, handle.pointer, name)
        }
    }

    static func reference(_ handle: borrowing Handle) -> Reference? {
        guard let name = unsafe RawName(copying: git_reference_name(handle.pointer)) else {
            return nil
        }
        if let id = unsafe git_reference_target(handle.pointer) {
            return Reference(name: name, target: .object(ObjectID(unsafe id.pointee)))
        }
        guard let other = unsafe RawName(copying: git_reference_symbolic_target(handle.pointer))
        else { return nil }
        return Reference(name: name, target: .name(other))
    }
}

extension RawName {
    /// The bytes before the NUL; nothing where there is no text.
    init?(copying text: UnsafePointer<CChar>?) {
        guard let text = unsafe text else { return nil }
        var bytes: [UInt8] = []
        var place = unsafe text
        while unsafe place.pointee != 0 {
            unsafe bytes.append(UInt8(bitPattern: place.pointee))
            unsafe place += 1
        }
        self.init(bytes)
    }
}
