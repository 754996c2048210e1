import HTTP

/// A request while it is read: its head, what has come of its body, and what is wrong with it.
struct Intake {
    enum Step: Hashable {
        case readOn
        /// To be answered at once; the connection ends with it, because what would follow on it is
        /// no request.
        case refuse(RequestProblem)
        /// Not worth an answer.
        case hangUp
    }

    private(set) var head: RequestHead?
    /// What it will be answered when it has come to its end.
    private(set) var problem: RequestProblem?
    private(set) var body: [UInt8] = []
    private var limit = 0
    private var forgotten = 0

    mutating func begin(_ head: RequestHead, limit: Int) -> Step {
        self.head = head
        self.limit = limit
        guard case .length(let length) = head.framing, length > limit else { return .readOn }
        let problem = RequestProblem.tooLong(limit)
        if head.asksFirst || length > Limits.forgottenBytes { return .refuse(problem) }
        self.problem = problem
        return .readOn
    }

    /// `reserve` says whether there is room for so many bytes more, of all requests together.
    mutating func take(_ bytes: UnsafeRawBufferPointer, reserve: (Int) -> Bool) -> Step {
        if problem == nil {
            if body.count + bytes.count > limit {
                problem = .tooLong(limit)
            } else if !reserve(bytes.count) {
                problem = .crowded
            } else {
                unsafe body.append(contentsOf: bytes)
                return .readOn
            }
        }
        forgotten += bytes.count
        return forgotten > Limits.forgottenBytes ? .hangUp : .readOn
    }

    /// What it comes to.
    func request(peer: String, isSecure: Bool) -> Request? {
        guard let head else { return nil }
        return Request(
            head.method, head.target.path, query: head.target.query, headers: head.headers,
            body: body, peer: peer, isSecure: isSecure)
    }
}
