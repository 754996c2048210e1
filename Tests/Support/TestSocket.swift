import Glibc

/// A TCP connection within this machine whose bytes a test writes and reads itself. Waiting for the
/// other side has a bound, so that a test fails instead of hanging.
package final class TestSocket: Sendable {
    private static let patience = 20
    package let descriptor: Int32

    fileprivate init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var time = timeval(tv_sec: Self.patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    package convenience init(to port: UInt16, at host: String) throws {
        var address = in_addr()
        guard unsafe inet_pton(AF_INET, host, &address) == 1 else { throw Failed(code: EINVAL) }
        try self.init(to: port, at: UInt32(bigEndian: address.s_addr))
    }

    deinit { close(descriptor) }

    /// A small window makes the other side wait early.
    package init(
        to port: UInt16, at host: UInt32 = TestSocket.home, window: Int32? = nil
    ) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failed(code: errno) }
        if var window {
            unsafe setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &window, socklen_t(MemoryLayout<Int32>.size))
        }
        var time = timeval(tv_sec: Self.patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
        var address = Self.loopback(port, at: host)
        let code = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Failed(code: errno) }
    }

    /// Whether all of it was taken.
    @discardableResult
    package func send(_ bytes: some Sequence<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { space in
                unsafe Glibc.send(
                    descriptor, space.baseAddress, space.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    package func send(_ text: String) -> Bool { send(text.utf8) }

    /// What comes next; empty at the end, and after waiting in vain.
    package func receive(atMost most: Int = 1 << 16) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: most)
        let count = unsafe buffer.withUnsafeMutableBytes { space in
            unsafe recv(descriptor, space.baseAddress, space.count, 0)
        }
        return Array(buffer.prefix(max(0, count)))
    }

    /// Until it holds the text, or to the end.
    package func receive(until text: String) -> String {
        let sought = Array(text.utf8)
        var received: [UInt8] = []
        while true {
            let piece = receive()
            // It may have begun in the piece before.
            let start = max(0, received.count - sought.count)
            received += piece
            if piece.isEmpty || received[start...].firstRange(of: sought) != nil {
                return String(decoding: received, as: UTF8.self)
            }
        }
    }

    package func receiveToEnd() -> String {
        var received: [UInt8] = []
        while true {
            let piece = receive()
            if piece.isEmpty { return String(decoding: received, as: UTF8.self) }
            received += piece
        }
    }

    /// Whether the other side hangs up, whatever it says before.
    package func waitForEnd() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 12)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 || count < 0 && errno == ECONNRESET { return true }
            if count < 0 { return false }
        }
    }

    /// Whether there is something to receive, which is waited for.
    package var isReadable: Bool { isReady(POLLIN, within: Self.patience) }

    /// Numbers that go round (`Rounds`), until nothing more is taken for a second; how many those
    /// were.
    package func sendRounds() -> Int {
        var sent = 0
        while isReady(POLLOUT, within: 1) {
            let bytes = Rounds.next(after: sent)
            let count = unsafe Glibc.send(
                descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    private func isReady(_ events: Int32, within seconds: Int) -> Bool {
        var waited = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return unsafe poll(&waited, 1, Int32(seconds * 1_000)) == 1
    }

    /// Nothing more will be sent.
    package func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// 127.0.0.1
    package static let home: UInt32 = 0x7F00_0001

    fileprivate static func loopback(_ port: UInt16, at host: UInt32 = home) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = host.bigEndian
        return address
    }

    package struct Failed: Error {
        let code: Int32

        package init(code: Int32) { self.code = code }
    }
}

/// A port of this machine at which a test plays the server.
package final class TestListener: Sendable {
    private let descriptor: Int32
    package let port: UInt16

    package init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = TestSocket.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { [descriptor] address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard unsafe bind(descriptor, address, length) == 0,
                    listen(descriptor, 64) == 0
                else { return Int32(-1) }
                return unsafe getsockname(descriptor, address, &length)
            }
        }
        guard code == 0 else { throw TestSocket.Failed(code: errno) }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    /// Whether somebody has connected whom nobody has taken in.
    package var isCalled: Bool {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waited, 1, 0) == 1
    }

    package func next() throws -> TestSocket {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waited, 1, 20_000) == 1 else { throw TestSocket.Failed(code: ETIMEDOUT) }
        let accepted = accept(descriptor, nil, nil)
        guard accepted >= 0 else { throw TestSocket.Failed(code: errno) }
        return TestSocket(accepted)
    }
}
