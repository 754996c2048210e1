package import Attempts
import Glibc
import Masking

/// The variables that commands set: one small file, brought out of the sandbox when all who could
/// write it are dead. What they set is recorded for good and shown to viewers, so the secrets that
/// they were given are hidden in it as they are in the log.
package struct Exports {
    private static let limit = 64 << 10

    private let source: String
    private let target: String
    private let masker: Masker

    package init(from source: String, to target: String, hiding secrets: [HandedSecret]) {
        self.source = source
        self.target = target
        masker = Masker(Needles(hiding: secrets.map(\.value)))
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
        let bytes = masked(Input.readAll(file, limit: Self.limit))
        let copy = unsafe open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard copy >= 0 else { return }
        _ = unsafe write(copy, bytes, min(bytes.count, Self.limit))
        close(copy)
    }

    private func masked(_ bytes: [UInt8]) -> [UInt8] {
        var masker = masker
        var shown: [UInt8] = []
        let sink: (Span<UInt8>) -> Void = { piece in
            unsafe piece.withUnsafeBufferPointer { unsafe shown.append(contentsOf: $0) }
        }
        masker.feed(bytes.span, into: sink)
        masker.finish(into: sink)
        return shown
    }
}
