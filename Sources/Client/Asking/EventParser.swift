/// One thing that a server tells while it is listened to.
package struct ServerEvent: Hashable, Sendable {
    /// `message` if the server gives it no other.
    package let name: String
    package let data: String

    package init(name: String = "message", data: String) {
        self.name = name
        self.data = data
    }
}

/// Reads server-sent events out of bytes that come in pieces of any size.
package struct EventParser: Sendable {
    /// One event is not larger; a server that sends more is not ours.
    package static let longest = 1 << 20

    /// What has been seen last, to go on after it.
    package private(set) var lastID: String?
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var name = ""
    private var id: String?
    private var endedWithReturn = false

    package init(after lastID: String? = nil) {
        self.lastID = lastID
        id = lastID
    }

    /// What was under way when a connection broke is told again by the next.
    package mutating func restart() { self = EventParser(after: lastID) }

    package mutating func take(_ bytes: some Sequence<UInt8>) throws(ClientError) -> [ServerEvent] {
        var events: [ServerEvent] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n") where endedWithReturn: endedWithReturn = false
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                endedWithReturn = byte == UInt8(ascii: "\r")
                if let event = endLine() { events.append(event) }
            default:
                endedWithReturn = false
                line.append(byte)
            }
            guard line.count + data.count <= Self.longest else {
                throw ClientError(
                    .garbled, "the server sent an event of more than \(Self.longest >> 20) MiB",
                    hint: "check that the address is a Slipway server's")
            }
        }
        return events
    }

    private mutating func endLine() -> ServerEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else { return endEvent() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            data += value
            data.append(UInt8(ascii: "\n"))
        case "event": name = text
        case "id" where !text.contains("\0"): id = text
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> ServerEvent? {
        defer {
            data.removeAll(keepingCapacity: true)
            name = ""
        }
        lastID = id
        guard !data.isEmpty else { return nil }
        return ServerEvent(
            name: name.isEmpty ? "message" : name,
            data: String(decoding: data.dropLast(), as: UTF8.self))
    }
}
