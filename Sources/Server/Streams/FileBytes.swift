import Glibc
import HTTP
import Synchronization

/// A file as it is, to its end.
final class FileBytes: ByteStream {
    private let file: Int32
    private let place = Mutex(0)

    /// Nothing if it cannot be opened.
    init?(_ path: String) {
        file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
    }

    deinit { if file >= 0 { close(file) } }

    func begin(wake: @escaping @Sendable () -> Void) { wake() }
    func end() {}

    func next(atMost count: Int) -> StreamPiece {
        place.withLock { place in
            var bytes = [UInt8](repeating: 0, count: count)
            var got: Int
            repeat {
                got = unsafe pread(file, &bytes, count, off_t(place))
            } while got < 0 && errno == EINTR
            guard got > 0 else { return .end }
            place += got
            return .bytes(Array(bytes.prefix(got)))
        }
    }
}
