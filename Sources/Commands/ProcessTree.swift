import CLaunch
import Glibc
import Supervising

/// The processes of a sandbox. The first one in it takes all others with it when it is killed,
/// however they forked.
package struct ProcessTree: Processes {
    private let watcher: Int32
    package let first: Int32
    /// Readable when the first is dead, which it is when all the others are.
    package let descriptor: Int32
    package var isGone: Bool

    init(watcher: Int32, info: Int32) {
        self.watcher = watcher
        first = Self.first(of: watcher, toldOn: info)
        descriptor = first > 0 ? slipway_process_descriptor(first) : -1
        // Bubblewrap told of none: it failed before there was one.
        isGone = descriptor < 0
    }

    /// Bubblewrap has told of it, or ended, before a command is run. The number that it tells is
    /// one of its own namespace; here the first is its only child.
    private static func first(of watcher: Int32, toldOn info: Int32) -> Int32 {
        var buffer = [UInt8](repeating: 0, count: 512)
        var count = 0
        repeat {
            count = unsafe read(info, &buffer, buffer.count)
        } while count < 0 && errno == EINTR
        return count > 0 ? Self.children(of: watcher).first ?? -1 : -1
    }

    /// Limits how many there may be. They are counted in the user namespace of their sandbox, so
    /// the limit has to be given to the first of them, and not to who makes the sandbox.
    func limit(to processes: Int) {
        if first > 0 { _ = slipway_limit_processes(first, UInt(processes)) }
    }

    func kill() {
        if first > 0 { _ = Glibc.kill(first, SIGKILL) }
        _ = Glibc.kill(watcher, SIGKILL)
    }
}
