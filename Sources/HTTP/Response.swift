/// What a client is answered.
package struct Response: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        case stream(any ByteStream)
    }

    package let status: Int
    package var headers: Headers
    package let body: Body

    package init(_ status: Int, _ headers: Headers = Headers(), _ body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = .bytes(body)
    }

    /// Ends when the stream does, or the client leaves.
    package init(_ status: Int, _ headers: Headers = Headers(), stream: any ByteStream) {
        self.status = status
        self.headers = headers
        body = .stream(stream)
    }
}

/// An answer that is made while it is sent: a log that grows, events as they happen, a large file.
///
/// It is asked from one thread, never twice at once, and let go of when it has ended or its client
/// has left.
package protocol ByteStream: AnyObject, Sendable {
    /// What there is by now, at most this much, without waiting.
    func next(atMost count: Int) -> StreamPiece
    /// Once, before anything is asked: `wake` is to be called from any thread when `next` may have
    /// more after it had said `later`. To call it too often does no harm.
    func begin(wake: @escaping @Sendable () -> Void)
    /// Nobody listens any more.
    func end()
}

package enum StreamPiece: Hashable, Sendable {
    /// Never empty.
    case bytes([UInt8])
    case later
    case end
}

/// The way back to whoever asked. It is answered once, from any thread.
package protocol Answering: Sendable {
    func answer(_ response: Response)
}

/// What a server does with a request. It returns at once; what takes time answers later.
package typealias Handler = @Sendable (Request, any Answering) -> Void

extension Response {
    /// Whether it can be sent: a line break in a header would begin another one, or the body.
    package var isSound: Bool {
        200...599 ~= status
            && headers.fields.allSatisfy { field in
                !field.name.isEmpty
                    && field.name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ":") }
                    && field.value.utf8.allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 }
            }
    }
}
