import Glibc

/// The socket on which a HAProxy is told what to do: one question a connection, so that each
/// answer belongs to its question. The answer ends with the connection.
package struct RuntimeSocket: Hashable, Sendable {
    /// Ten thousand servers are told in four of them.
    private static let greatestAnswer = 16 << 20

    package let path: String
    package let patience: Duration

    package init(_ path: String, patience: Duration = .seconds(5)) {
        self.path = path
        self.patience = patience
    }

    /// What HAProxy answers, without the empty lines around it.
    func ask(_ question: String) throws(BalancerProblem) -> String {
        let descriptor = try connect(for: question)
        defer { close(descriptor) }
        let end = ContinuousClock.now + patience
        try send(question, to: descriptor)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            try wait(for: descriptor, until: end, question)
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe recv(descriptor, space.baseAddress, space.count, Int32(MSG_DONTWAIT))
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count >= 0 else { throw unanswered(question, Self.lastProblem) }
            if count == 0 { break }
            answer += buffer[..<count]
            guard answer.count <= Self.greatestAnswer else {
                throw unanswered(question, "it answers more than \(Self.greatestAnswer) bytes")
            }
        }
        let isBlank = { (byte: UInt8) in byte == 10 || byte == 32 || byte == 13 }
        let trimmed = answer.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return String(decoding: Array(trimmed), as: UTF8.self)
    }

    private func connect(for question: String) throws(BalancerProblem) -> Int32 {
        func problem(_ words: String) -> BalancerProblem {
            .unreachable(socket: path, asked: question, problem: words)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else {
            throw problem("the path has more than \(room - 1) bytes")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { space in
            unsafe space.copyBytes(from: path.utf8)
        }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw problem(Self.lastProblem) }
        let code = unsafe withUnsafePointer(to: &address) { place in
            unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else {
            let words = Self.lastProblem
            close(descriptor)
            throw problem(words)
        }
        return descriptor
    }

    /// A question is shorter than any socket's room, so one write takes it whole.
    private func send(_ question: String, to descriptor: Int32) throws(BalancerProblem) {
        let bytes = Array("\(question)\n".utf8)
        let count = unsafe bytes.withUnsafeBytes { space in
            unsafe Glibc.send(descriptor, space.baseAddress, space.count, Int32(MSG_NOSIGNAL))
        }
        guard count == bytes.count else {
            throw unanswered(question, count < 0 ? Self.lastProblem : "it takes no more words")
        }
        // The master goes on waiting for questions until there can be no more.
        shutdown(descriptor, Int32(SHUT_WR))
    }

    private func wait(
        for descriptor: Int32, until end: ContinuousClock.Instant, _ question: String
    ) throws(BalancerProblem) {
        let left = (end - .now).milliseconds
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard left > 0, unsafe poll(&waited, 1, Int32(clamping: left)) != 0 else {
            throw unanswered(question, "it has not answered in full within \(patience)")
        }
    }

    private func unanswered(_ question: String, _ problem: String) -> BalancerProblem {
        .unanswered(socket: path, asked: question, problem: problem)
    }

    private static var lastProblem: String { unsafe String(cString: strerror(errno)) }
}
