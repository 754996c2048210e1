/// One call under way: what has come of it, and what is left of its answer.
struct GrpcCall {
    static let longestMessage = 64 << 10
    static let longestPath = 1_024
    private static let longestFields = 64 << 10
    /// Before a message stand a byte that says whether it is packed, and four of its length.
    private static let prefix = 5

    private(set) var path = ""
    /// What its head says besides, as far as it is not too much.
    private(set) var fields: [GrpcField] = []
    private var fieldBytes = 0
    /// Nothing where one message is to be answered with one.
    var talk: (any GrpcTalk)?
    private var received: [UInt8] = []
    private var isTooLong = false
    private var answer: ArraySlice<UInt8> = []

    var isAnswered: Bool { answer.isEmpty }

    mutating func name(_ path: some Collection<UInt8>) {
        isTooLong = isTooLong || path.count > Self.longestPath
        self.path = String(decoding: path.prefix(Self.longestPath), as: UTF8.self)
    }

    mutating func add(_ field: GrpcField) {
        fieldBytes += field.name.utf8.count + field.value.utf8.count
        if fieldBytes <= Self.longestFields { fields.append(field) }
    }

    mutating func receive(_ bytes: some Collection<UInt8>) {
        isTooLong = isTooLong || received.count + bytes.count > Self.prefix + Self.longestMessage
        if !isTooLong { received += bytes }
    }

    /// The one message that has come, or why it is none.
    func message() -> GrpcAnswer {
        guard !isTooLong else {
            return .refused(.resourceExhausted, "more than \(Self.longestMessage) bytes are asked")
        }
        guard received.count >= Self.prefix else {
            return .refused(.invalidArgument, "there is no message")
        }
        guard received[0] == 0 else {
            return .refused(.unimplemented, "packed messages are not read here")
        }
        let length = received[1..<Self.prefix].reduce(0) { $0 << 8 | Int($1) }
        guard length == received.count - Self.prefix else {
            return .refused(.invalidArgument, "the message is not as long as it says")
        }
        return .message(Array(received[Self.prefix...]))
    }

    /// The messages of a talk that have come whole; nothing if what has come is none.
    mutating func messages() -> [[UInt8]]? {
        guard !isTooLong else { return nil }
        var messages: [[UInt8]] = []
        var rest = received[...]
        while rest.count >= Self.prefix {
            guard rest.first == 0 else { return nil }
            let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard rest.count - Self.prefix >= length else { break }
            messages.append(Array(rest.dropFirst(Self.prefix).prefix(length)))
            rest = rest.dropFirst(Self.prefix + length)
        }
        received = Array(rest)
        return messages
    }

    mutating func answer(with message: [UInt8]) {
        let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: message.count >> $0) }
        answer = ([0] + length + message)[...]
    }

    /// The next of the answer.
    mutating func next(atMost count: Int) -> ArraySlice<UInt8> {
        defer { answer = answer.dropFirst(count) }
        return answer.prefix(count)
    }
}

/// One of the names and values that stand before a call.
package struct GrpcField: Hashable, Sendable {
    package let name: String
    package let value: String
}
