import Support

/// What happens at a server, as it tells.
final class ServerEvents {
    let socket: TestSocket
    private var received = ""

    init(_ socket: TestSocket) { self.socket = socket }

    /// Whether an event of this kind has come that has all of these in it, or comes now.
    func has(_ kind: String, _ parts: String...) -> Bool {
        // A server that has nothing to tell goes on telling that it is there.
        let end = ContinuousClock.now + .seconds(180)
        while ContinuousClock.now < end {
            let whole = received.replacing(/\r\n[0-9a-f]+\r\n/, with: "")
            let isThere = whole.split(separator: "\n\n").contains { event in
                event.contains("event: \(kind)\n") && parts.allSatisfy(event.contains)
            }
            if isThere { return true }
            let piece = socket.receive()
            if piece.isEmpty { return false }
            received += String(decoding: piece, as: UTF8.self)
        }
        return false
    }
}
