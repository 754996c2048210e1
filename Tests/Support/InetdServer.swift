import Glibc
import Synchronization
import Threads

/// A port of this machine that starts a program for each who connects, or says nothing at all.
package final class InetdServer: Sendable {
    package let port: Int
    package let listener: Int32
    private let state = Mutex((children: [pid_t](), silent: [Int32](), isOver: false))

    /// Nobody listens before there is a program.
    package init() throws {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { place in
            unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard unsafe bind(made, $0, length) == 0, listen(made, 64) == 0 else {
                    return Int32(-1)
                }
                return unsafe getsockname(made, $0, &length)
            }
        }
        guard code == 0 else { throw Failed(code: errno) }
        listener = made
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Each who connects is at the program's standard input and output; nobody answers without one.
    package func serve(_ words: [String]?) throws {
        let thread = try OwnThread { self.accept(words) }
        self.thread.withLock { $0 = thread }
    }

    private let thread = Mutex<OwnThread?>(nil)

    /// How many have connected.
    package var connections: Int { state.withLock { $0.children.count + $0.silent.count } }

    /// Ends all that it has started.
    package func stop() {
        state.withLock { $0.isOver = true }
        shutdown(listener, Int32(SHUT_RDWR))
        thread.withLock { $0 }?.join()
        let (children, silent) = state.withLock { ($0.children, $0.silent) }
        for descriptor in silent { close(descriptor) }
        for child in children {
            kill(child, SIGKILL)
            var status: Int32 = 0
            unsafe waitpid(child, &status, 0)
        }
        close(listener)
    }

    private func accept(_ words: [String]?) {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { return }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            guard let words else {
                state.withLock { $0.silent.append(connection) }
                continue
            }
            if let child = try? Child.start(words, [connection, connection, 2]) {
                state.withLock { $0.children.append(child) }
            }
            close(connection)
        }
    }

    package struct Failed: Error {
        let code: Int32
    }
}

/// A program that runs beside the test.
package enum Child {
    /// The descriptors become 0, 1, 2, … of the child; nothing of the test's environment does.
    package static func start(
        _ words: [String], _ descriptors: [Int32], environment: [String] = []
    ) throws -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (place, descriptor) in descriptors.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(place))
        }
        let plain = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/nonexistent", "LC_ALL=C.UTF-8"]
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        var settings = unsafe (plain + environment).map { unsafe strdup($0) } + [nil]
        defer {
            for index in unsafe arguments.indices { unsafe free(arguments[index]) }
            for index in unsafe settings.indices { unsafe free(settings[index]) }
        }
        var child = pid_t()
        let code = unsafe posix_spawn(&child, words[0], &actions, nil, &arguments, &settings)
        guard code == 0 else { throw InetdServer.Failed(code: code) }
        return child
    }
}
