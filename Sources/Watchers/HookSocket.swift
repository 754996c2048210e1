package import Git
import Glibc

/// Where hooks tell of pushes: a socket of datagrams, so that nobody who speaks can keep the server
/// waiting, nor the server him.
package final class HookSocket: Sendable {
    /// How many messages are heard before something else has its turn.
    private static let atOnce = 200
    /// Whoever is in the server's group may tell.
    private static let mode: mode_t = 0o660

    let descriptor: Int32
    private let path: String

    private init(_ descriptor: Int32, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Takes the place of one that an earlier server has left. The folder is the caller's alone.
    package static func listen(at path: String) throws(GitError) -> HookSocket {
        let operation = "listen for hooks at '\(path)'"
        let descriptor = try open(operation)
        _ = unsafe unlink(path)
        let code = try unsafe withAddress(of: path, operation) { unsafe bind(descriptor, $0, $1) }
        guard code == 0, unsafe chmod(path, mode) == 0 else {
            let error = GitError.kernel(operation)
            close(descriptor)
            throw error
        }
        return HookSocket(descriptor, path)
    }

    deinit {
        close(descriptor)
        _ = unsafe unlink(path)
    }

    /// What was told by now.
    package func heard() -> [HookMessage] {
        var messages: [HookMessage] = []
        var space = [UInt8](repeating: 0, count: HookMessage.maximumLength + 1)
        for _ in 0..<Self.atOnce {
            let count = unsafe recv(descriptor, &space, space.count, Int32(MSG_DONTWAIT))
            guard count >= 0 else { break }
            if let message = HookMessage(parsing: Array(space[..<count])) {
                messages.append(message)
            }
        }
        return messages
    }

    private static func open(_ operation: String) throws(GitError) -> Int32 {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw GitError.kernel(operation) }
        return descriptor
    }

    private static func withAddress<Result>(
        of path: String, _ operation: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) throws(GitError) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else {
            throw GitError(
                .file, operation, problem: "the path has more than \(room - 1) bytes",
                hint: "use a folder with a shorter path")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { space in
            unsafe space.copyBytes(from: path.utf8)
        }
        return unsafe withUnsafePointer(to: &address) { place in
            unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
