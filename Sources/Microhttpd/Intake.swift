import HTTP

/// A request while it is read: its head, what has come of its body, and what is wrong with it.
struct Intake {
    enum Step {
        case readOn
        /// To be answered at once; the connection ends with it, because what would follow on it is
        /// no request.
        case refuse(Response)
        /// Not worth an answer.
        case hangUp
    }

    private(set) var head: RequestHead?
    /// What it will be answered when it has come to its end.
    private(set) var refusal: Response?
    private(set) var body: [UInt8] = []
    /// Whose the body is.
    private(set) var holder: BodyHolder?
    private var limit = 0
    private var forgotten = 0
    private var mostForgotten = Limits.forgottenBytes

    /// It brings no body.
    mutating func begin(_ head: RequestHead) { self.head = head }

    /// What comes is not kept.
    mutating func begin(_ head: RequestHead, refused response: Response) -> Step {
        self.head = head
        mostForgotten = Limits.unheardBytes
        return forget(response)
    }

    mutating func begin(_ head: RequestHead, limit: Int, for holder: BodyHolder) -> Step {
        self.head = head
        self.limit = limit
        self.holder = holder
        guard case .length(let length) = head.framing, length > limit else { return .readOn }
        return forget(RequestProblem.tooLong(limit).response)
    }

    private mutating func forget(_ response: Response) -> Step {
        if head?.asksFirst == true { return .refuse(response) }
        if case .length(let length) = head?.framing, length > mostForgotten {
            return .refuse(response)
        }
        refusal = response
        return .readOn
    }

    /// `reserve` says whether there is room for so many bytes more.
    mutating func take(
        _ bytes: UnsafeRawBufferPointer, reserve: (Int, BodyHolder) -> Bool
    ) -> Step {
        if refusal == nil, let holder {
            if body.count + bytes.count > limit {
                refusal = RequestProblem.tooLong(limit).response
            } else if !reserve(bytes.count, holder) {
                refusal = RequestProblem.crowded.response
            } else {
                unsafe body.append(contentsOf: bytes)
                return .readOn
            }
        }
        forgotten += bytes.count
        return forgotten > mostForgotten ? .hangUp : .readOn
    }

    /// What it comes to, as far as it is here.
    func request(peer: String, isSecure: Bool) -> Request? {
        guard let head else { return nil }
        return Request(
            head.method, head.target.path, query: head.target.query, headers: head.headers,
            body: body, peer: peer, isSecure: isSecure)
    }
}
