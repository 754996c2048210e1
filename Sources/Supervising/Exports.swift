import Glibc

/// The variables that commands set: one small file, brought out of the sandbox when all who could
/// write it are dead.
package struct Exports {
    private static let limit = 64 << 10

    private let source: String
    private let target: String

    package init(from source: String, to target: String) {
        self.source = source
        self.target = target
    }

    /// The folder it lies in is the commands' own, so it may be anything by now: a link, a pipe.
    package func bringHome() {
        let file = unsafe open(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size > 0
        else { return }
        let bytes = Input.readAll(file, limit: Self.limit)
        let copy = unsafe open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard copy >= 0 else { return }
        _ = unsafe write(copy, bytes, min(bytes.count, Self.limit))
        close(copy)
    }
}
