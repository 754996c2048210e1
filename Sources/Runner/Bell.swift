import CLaunch
import Glibc

/// Tells a loop that waits for descriptors that there is something to look at, from any thread.
package final class Bell: Sendable {
    /// Readable when it has been rung.
    package let descriptor: Int32
    private let rope: Int32

    package init() throws(TreeProblem) {
        var ends: [Int32] = [-1, -1]
        guard unsafe slipway_pipe(&ends) == 0 else { throw TreeProblem("cannot make a pipe") }
        descriptor = ends[0]
        rope = ends[1]
        // A bell that has been rung this often and not been heard need not be rung again.
        _ = fcntl(rope, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(descriptor)
        close(rope)
    }

    package func ring() {
        var sound: UInt8 = 1
        _ = unsafe write(rope, &sound, 1)
    }

    /// From now on it has not been rung.
    package func hush() {
        var sounds = [UInt8](repeating: 0, count: 4_096)
        while unsafe read(descriptor, &sounds, sounds.count) == sounds.count {}
    }
}
