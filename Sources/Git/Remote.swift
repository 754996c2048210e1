import CGit2
import Glibc

/// A remote repository, spoken with over one connection. A call may take as long as the other side
/// likes: whoever calls has to be able to do without the whole process.
@safe package struct Remote: ~Copyable {
    private let handle: Handle
    private let talk: RemoteTalk

    /// Connects. What is fetched later goes into `mirror`; `notice` is called while bytes arrive.
    package static func connect(
        to address: RemoteAddress, _ access: Access, for mirror: borrowing Repository,
        notice: @escaping () -> Void = {}
    ) throws(GitError) -> Remote {
        unsafe try connect(to: address, access, fetchingInto: mirror.handle.pointer, notice)
    }

    /// Connects for its refs alone: without a mirror nothing can be fetched, and none is opened.
    package static func connect(
        to address: RemoteAddress, _ access: Access, notice: @escaping () -> Void = {}
    ) throws(GitError) -> Remote {
        unsafe try connect(to: address, access, fetchingInto: nil, notice)
    }

    private static func connect(
        to address: RemoteAddress, _ access: Access, fetchingInto mirror: OpaquePointer?,
        _ notice: @escaping () -> Void
    ) throws(GitError) -> Remote {
        let talk = RemoteTalk(address, access, notice)
        var options = unsafe git_remote_create_options()
        try attempt(talk.operation) {
            unsafe git_remote_create_options_init(
                &options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION))
        }
        unsafe options.repository = unsafe mirror
        unsafe options.flags =
            GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue
            | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC.rawValue
        let place = address.way == .folder ? address.path : address.description
        let handle = try unsafe Handle.obtain(talk.operation, free: git_remote_free) {
            unsafe git_remote_create_with_opts(&$0, place, &options)
        }
        try talk.useAuthorities()
        let remote = Remote(handle, talk)
        try remote.open()
        return remote
    }

    private init(_ handle: consuming Handle, _ talk: RemoteTalk) {
        self.handle = handle
        self.talk = talk
    }

    private func open() throws(GitError) {
        var options = unsafe git_remote_connect_options()
        try attempt(talk.operation) {
            unsafe git_remote_connect_options_init(
                &options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION))
        }
        unsafe options.callbacks = unsafe try talk.callbacks()
        unsafe options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        let code = unsafe git_remote_connect_ext(handle.pointer, GIT_DIRECTION_FETCH, &options)
        guard code >= 0 else { throw talk.failure(code) }
    }

    /// Its branches and tags as they were when it was connected to.
    package func refs() throws(GitError) -> RemoteRefs {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        let code = unsafe git_remote_ls(&heads, &count, handle.pointer)
        guard code >= 0 else { throw talk.failure(code) }
        guard count <= RemoteRefs.maximum else {
            throw GitError(
                .overLimit, talk.operation,
                problem:
                    "it has \(count) refs, and no more than \(RemoteRefs.maximum) are looked at",
                hint: "remove branches and tags that nobody needs")
        }
        var commits: [String: ObjectID] = [:]
        var head: String?
        for index in 0..<count {
            guard let entry = unsafe heads?[index],
                let name = unsafe RawName(copying: entry.pointee.name)?.text
            else { continue }
            if name == "HEAD" {
                head = unsafe RawName(copying: entry.pointee.symref_target)?.text
            } else if name.hasPrefix(Reference.branches) || name.hasPrefix(Reference.tags) {
                let id = ObjectID(unsafe entry.pointee.oid)
                if name.hasSuffix(Self.peeled) {
                    commits[String(name.dropLast(Self.peeled.count))] = id
                } else if commits[name] == nil {
                    commits[name] = id
                }
            }
        }
        let refs = commits.map { RemoteRefs.Ref(name: $0.key, commit: $0.value) }
        return RemoteRefs(refs: refs.sorted { $0.name < $1.name }, head: head)
    }

    private static let peeled = "^{}"

    /// Brings these refs, with all that they need, into the mirror.
    package func fetch(_ names: [String]) throws(GitError) {
        var options = unsafe git_fetch_options()
        try attempt(talk.operation) {
            unsafe git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
        }
        unsafe options.callbacks = unsafe try talk.callbacks()
        unsafe options.update_fetchhead = 0
        unsafe options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        unsafe options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        var texts = unsafe names.map { unsafe strdup("+\($0):\($0)") }
        defer { for index in unsafe texts.indices { unsafe free(texts[index]) } }
        let code = unsafe texts.withUnsafeMutableBufferPointer { space in
            var specs = unsafe git_strarray(strings: space.baseAddress, count: space.count)
            let code = unsafe git_remote_download(handle.pointer, &specs, &options)
            guard code >= 0 else { return code }
            return unsafe git_remote_update_tips(
                handle.pointer, &options.callbacks, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE, nil)
        }
        guard code >= 0 else { throw talk.failure(code) }
    }
}
