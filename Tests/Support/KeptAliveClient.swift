/// Asks one server again and again on one connection, and never twice for the same.
package final class KeptAliveClient {
    package struct Answer: Sendable {
        package let status: Int
        /// Which of the servers behind a balancer it came from.
        package let server: String
        package let body: [UInt8]
    }

    private let host: UInt32
    private let port: UInt16
    private var socket: TestSocket?

    package init(at host: UInt32, _ port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Nothing if none came in full.
    package func ask(_ path: String, by method: String = "GET", body: String = "") -> Answer? {
        guard let socket = begin(method, path, length: body.utf8.count), socket.send(body) else {
            return nil
        }
        return finish(socket)
    }

    /// Sends the head of a request; what follows is the test's to send.
    package func begin(_ method: String, _ path: String, length: Int = 0) -> TestSocket? {
        if socket == nil { socket = try? TestSocket(to: port, at: host) }
        guard let socket,
            socket.send(
                "\(method) \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n")
        else { return nil }
        return socket
    }

    /// Takes the whole answer.
    package func finish(_ socket: TestSocket) -> Answer? {
        var bytes: [UInt8] = []
        let blank = Array("\r\n\r\n".utf8)
        while bytes.firstRange(of: blank) == nil {
            let piece = socket.receive(atMost: 1 << 14)
            if piece.isEmpty { return nil }
            bytes += piece
        }
        guard let end = bytes.firstRange(of: blank) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            .split(separator: "\r\n")
        func field(_ name: String) -> String? {
            lines.first { $0.lowercased().hasPrefix("\(name): ") }
                .map { String($0.dropFirst(name.count + 2)) }
        }
        bytes.removeSubrange(..<end.upperBound)
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
            let length = field("content-length").flatMap({ Int($0) })
        else { return nil }
        while bytes.count < length {
            let piece = socket.receive()
            if piece.isEmpty { return nil }
            bytes += piece
        }
        if field("connection")?.lowercased() == "close" { self.socket = nil }
        return Answer(status: status, server: field("x-server") ?? "", body: bytes)
    }
}
