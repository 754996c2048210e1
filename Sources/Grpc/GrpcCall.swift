/// One call under way: what has come of it, and what is left of its answer.
struct GrpcCall: Hashable, Sendable {
    static let longestMessage = 64 << 10
    static let longestPath = 1_024
    /// Before a message stand a byte that says whether it is packed, and four of its length.
    private static let prefix = 5

    private(set) var path = ""
    private var received: [UInt8] = []
    private var isTooLong = false
    private var answer: ArraySlice<UInt8> = []

    var isAnswered: Bool { answer.isEmpty }

    mutating func name(_ path: some Collection<UInt8>) {
        isTooLong = isTooLong || path.count > Self.longestPath
        self.path = String(decoding: path.prefix(Self.longestPath), as: UTF8.self)
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
