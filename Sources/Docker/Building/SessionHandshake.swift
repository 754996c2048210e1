/// How a connection to the Engine becomes one on which the Engine asks: what is sent first, and
/// what has to come back. Pure, because it comes in pieces.
package struct SessionHandshake: Sendable {
    package enum State: Hashable, Sendable {
        case open
        /// What follows it is the first of the Engine's questions.
        case done(rest: [UInt8])
        case refused(String)
    }

    private static let longest = 16 << 10

    private var received: [UInt8] = []
    package private(set) var state = State.open

    package init() {}

    /// `context` is the name by which the Engine keeps what it was sent for the next build.
    package static func request(id: String, context: String) -> [UInt8] {
        let fields =
            [
                "POST /session HTTP/1.1", "Host: docker",
                "Connection: Upgrade",
                "Upgrade: h2c", "Content-Length: 0", "X-Docker-Expose-Session-Uuid: \(id)",
                "X-Docker-Expose-Session-Name: slipway",
                "X-Docker-Expose-Session-Sharedkey: \(context)",
            ] + SessionServices.methods.map { "X-Docker-Expose-Session-Grpc-Method: \($0)" }
        return Array((fields.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    package mutating func feed(_ bytes: [UInt8]) {
        guard state == .open else { return }
        received += bytes
        let end = Array("\r\n\r\n".utf8)
        guard let head = received.firstRange(of: end) else {
            if received.count > Self.longest { state = .refused("its answer has no end") }
            return
        }
        let first = received.prefix { $0 != UInt8(ascii: "\r") }
        let words = String(decoding: first, as: UTF8.self)
        guard words.split(separator: " ").dropFirst().first == "101" else {
            let body = Array(received[head.upperBound...])
            state = .refused("\(BuildText.visible(words)): \(Complaint.message(in: body))")
            return
        }
        state = .done(rest: Array(received[head.upperBound...]))
    }
}
