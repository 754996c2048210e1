import CGit2
import Glibc

extension Repository {
    /// Writes one pack with all that can be reached from these, as far as they are here, and
    /// returns its digest; nothing if there is nothing to write.
    package func pack(
        _ roots: [ObjectID], into folder: String, notice: @escaping () -> Void = {}
    ) throws(GitError) -> String? {
        let operation = "pack '\(self.folder)' anew"
        let builder = try unsafe Handle.obtain(operation, free: git_packbuilder_free) {
            unsafe git_packbuilder_new(&$0, handle.pointer)
        }
        let talk = PackingTalk(notice)
        let payload = unsafe Unmanaged.passUnretained(talk).toOpaque()
        return try withExtendedLifetime(talk) { () throws(GitError) -> String? in
            // One processor: this is done beside builds.
            _ = unsafe git_packbuilder_set_threads(builder.pointer, 1)
            try attempt(operation) {
                unsafe git_packbuilder_set_callbacks(builder.pointer, cameFurther, payload)
            }
            try insert(roots, builder, operation)
            guard unsafe git_packbuilder_object_count(builder.pointer) > 0 else { return nil }
            try attempt(operation) {
                unsafe git_packbuilder_write(builder.pointer, folder, 0o444, nil, nil)
            }
            guard let name = unsafe git_packbuilder_name(builder.pointer) else { return nil }
            return unsafe String(cString: name)
        }
    }

    private func insert(
        _ roots: [ObjectID], _ builder: borrowing Handle, _ operation: String
    ) throws(GitError) {
        let walk = try unsafe Handle.obtain(operation, free: git_revwalk_free) {
            unsafe git_revwalk_new(&$0, handle.pointer)
        }
        for root in Set(roots) {
            var id = root.oid
            if contains(root) {
                try attempt(operation) { unsafe git_revwalk_push(walk.pointer, &id) }
                continue
            }
            // A tag, or what else a ref may name. What is not here cannot be kept.
            let code = unsafe git_packbuilder_insert_recur(builder.pointer, &id, nil)
            if code == GIT_ENOTFOUND.rawValue { continue }
            guard code >= 0 else { throw GitError.last(code, operation) }
            // Of a tag's commit that brings no more than its own files.
            if let commit = try? resolve(root.description) {
                var id = commit.commit.oid
                try attempt(operation) { unsafe git_revwalk_push(walk.pointer, &id) }
            }
        }
        try attempt(operation) {
            unsafe git_packbuilder_insert_walk(builder.pointer, walk.pointer)
        }
    }
}

private final class PackingTalk {
    let notice: () -> Void

    init(_ notice: @escaping () -> Void) { self.notice = notice }
}

private func cameFurther(
    _: Int32, _: UInt32, _: UInt32, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    let talk = unsafe payload.map {
        unsafe Unmanaged<PackingTalk>.fromOpaque($0).takeUnretainedValue()
    }
    talk?.notice()
    return 0
}
