package import Attempts
import CLaunch
import Glibc

/// Hears of a request to stop: a file in the attempt's folder says which, a signal says when to
/// look. (Watching the folder would do without the signal; the kernel takes milliseconds to end a
/// watch.)
package struct StopRequests: ~Copyable {
    package let descriptor: Int32
    private let path: String

    /// Whoever started us has kept the signal from us, so that none can come too early.
    init(in folder: AttemptFolder) {
        path = folder.stop
        descriptor = slipway_hear_signal(StopRequest.signal)
    }

    deinit { close(descriptor) }

    /// The request that is there now, whether it was heard of or not.
    package func read() -> StopRequest? {
        var buffer = [UInt8](repeating: 0, count: 1_024)
        while unsafe Glibc.read(descriptor, &buffer, buffer.count) > 0 {}
        return StopRequest(rawValue: KernelFile.read(path))
    }
}
