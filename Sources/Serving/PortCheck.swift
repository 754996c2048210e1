import Doors
import Glibc
import Supervising

/// Looks at an instance through its port, from within its network.
struct PortCheck {
    /// Some programs listen at one of them only.
    private static let addresses = ["127.0.0.1", "::1"]

    let port: UInt16
    let milliseconds: Int

    /// Whether it takes connections.
    func accepts() -> Finding {
        let deadline = Deadline(milliseconds)
        return talk(deadline) { _, address in .well(by: address) }
    }

    func answers(path: String, host: String, statuses: ClosedRange<Int>) -> Finding {
        let deadline = Deadline(milliseconds)
        let request = HTTPAnswer.request(path: path, host: host)
        return talk(deadline) { connection, address in
            let bytes = Array(request.utf8)
            guard unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
            else { return .ill("GET \(path): the connection was cut off") }
            guard let received = receive(from: connection, deadline) else {
                return .ill("GET \(path) is not answered within \(Self.shown(milliseconds))")
            }
            if received.isEmpty { return .ill("GET \(path): hung up without an answer") }
            guard let answer = HTTPAnswer(received) else {
                return .ill("GET \(path) is answered with something that is not HTTP")
            }
            return answer.finding(asked: path, allowed: statuses, by: address)
        }
    }

    static func shown(_ milliseconds: Int) -> String {
        milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }

    private func talk(_ deadline: Deadline, _ body: (Int32, String) -> Finding) -> Finding {
        for address in Self.addresses {
            guard case .success(let connection) = DoorSocket.connect(to: address, port) else {
                continue
            }
            defer { close(connection) }
            guard deadline.wait(for: connection, POLLOUT) else {
                return .ill(
                    "a connection to port \(port) is not taken within "
                        + Self.shown(milliseconds))
            }
            if DoorSocket.failure(of: connection) == 0 { return body(connection, address) }
        }
        return .ill(ListeningPorts.cause(port, listening: Self.listening()))
    }

    /// Nothing if it takes too long.
    private func receive(from connection: Int32, _ deadline: Deadline) -> [UInt8]? {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !HTTPAnswer.isWhole(received) {
            guard deadline.wait(for: connection, POLLIN) else { return nil }
            let count = unsafe recv(connection, &buffer, buffer.count, 0)
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        return received
    }

    /// In the network of this thread.
    private static func listening() -> [UInt16] {
        ListeningPorts.all(
            in: ["tcp", "tcp6"].map { KernelFile.read("/proc/thread-self/net/\($0)") })
    }
}

/// When something has to be over.
struct Deadline {
    private let watch = Watch()
    private let milliseconds: Int

    init(_ milliseconds: Int) { self.milliseconds = milliseconds }

    /// False when it is over before the descriptor is ready.
    func wait(for descriptor: Int32, _ events: Int32) -> Bool {
        while true {
            let left = milliseconds - watch.milliseconds
            var waited = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let count = unsafe poll(&waited, 1, Int32(clamping: max(0, left)))
            if count > 0 { return true }
            if left <= 0 { return false }
        }
    }
}
