import CMicrohttpd
import HTTP
import Synchronization

/// One request and its answer. The library's thread calls it while the request comes and the answer
/// goes; any thread may answer, wake and cut it, before and after it is over.
final class Exchange: Sendable {
    private struct Work: ~Copyable {
        var passage = Passage()
        var intake = Intake()
        var handler: Handler
        var method: Request.Method?
        var status: Int?
        var bytes = 0
        /// Nothing once the library has forgotten it.
        var connection: Connection?
    }

    private let work: Mutex<Work>
    let reception: Reception
    let client: Client
    private let target: String
    /// In bytes, as it was sent.
    let targetLength: Int
    private let start = Steady.now

    init(
        _ connection: Connection, target: String, length: Int, client: Client,
        at reception: Reception
    ) {
        targetLength = length
        work = Mutex(Work(handler: reception.handler, connection: connection))
        self.target = target
        self.client = client
        self.reception = reception
    }

    /// Its head is here; without headers if one of them is not a line of its own.
    func begin(method: String, version: String, headers: Headers?) -> Intake.Step {
        work.withLock { $0.method = Request.Method(rawValue: method) }
        guard let headers else { return .refuse(RequestProblem.torn.response) }
        do throws(RequestProblem) {
            let head = try RequestHead(
                method: method, target: target, version: version, headers: headers)
            return begin(head)
        } catch {
            return .refuse(error.response)
        }
    }

    /// Who brings a body is let in by the head, so that nothing of it is kept for nobody.
    private func begin(_ head: RequestHead) -> Intake.Step {
        let bare = work.withLock { work -> Request? in
            work.intake.begin(head)
            return work.intake.request(peer: client.peer, isSecure: reception.isSecure)
        }
        guard head.framing != .none, let bare else { return .readOn }
        let entrance = reception.entrance(of: bare)
        return work.withLock { work in
            switch entrance {
            case .refused(let response):
                return work.intake.begin(head, refused: response)
            case .open(let most, let holder, let handler):
                work.handler = handler
                return work.intake.begin(head, limit: most, for: holder)
            }
        }
    }

    var hasBegun: Bool { work.withLock { $0.intake.head != nil } }

    /// Its answer is sent without the body.
    var isHead: Bool { work.withLock { $0.method == .head } }

    /// Its body came in chunks, whose ends the library reads more kindly than others would.
    var isChunked: Bool { work.withLock { $0.intake.head?.framing == .chunked } }

    func take(_ bytes: UnsafeRawBufferPointer) -> Intake.Step {
        work.withLock { work in
            unsafe work.intake.take(bytes) { reception.reserve($0, for: $1) }
        }
    }

    /// All of it is here, or it was resumed: gives what to send, if there is anything yet. If there
    /// is not, the connection is suspended.
    func proceed() -> Response? {
        hand()
        return work.withLock { work in
            let response = work.passage.collect()
            if response == nil { work.connection?.suspend() }
            return response
        }
    }

    private func hand() {
        let (request, refusal, handler) = work.withLock {
            work -> (Request?, Response?, Handler) in
            guard work.passage.hand() else { return (nil, nil, work.handler) }
            return (
                work.intake.request(peer: client.peer, isSecure: reception.isSecure),
                work.intake.refusal, work.handler
            )
        }
        guard let request else { return }
        let isOpen = reception.doorkeeper.serve(client)
        if let refusal {
            answer(refusal)
        } else if !isOpen {
            answer(RequestProblem.stopping.response)
        } else {
            handler(request, Reply(self))
        }
    }

    func answer(_ response: Response) {
        let effect = work.withLock { work in
            Self.carry(out: work.passage.answer(response), on: work.connection)
        }
        if effect == .ignored { response.letGo() }
    }

    /// Somebody waits for an answer, and there is none yet.
    var isUnanswered: Bool { work.withLock { $0.passage.isUnanswered } }

    func wake() {
        work.withLock { work in _ = Self.carry(out: work.passage.wake(), on: work.connection) }
    }

    func hangUp() {
        work.withLock { work in _ = Self.carry(out: work.passage.hangUp(), on: work.connection) }
    }

    func cut() {
        let response = RequestProblem.stopping.response
        work.withLock { work in
            _ = Self.carry(out: work.passage.cut(with: response), on: work.connection)
        }
    }

    /// The stream may be asked.
    func ask() -> Bool { work.withLock { $0.passage.ask() } }

    func give(_ count: Int) {
        work.withLock { work in
            work.passage.give()
            work.bytes += count
        }
    }

    func rest() -> Passage.Rest {
        work.withLock { work in
            let rest = work.passage.rest()
            if rest == .suspend { work.connection?.suspend() }
            return rest
        }
    }

    func note(status: Int, bytes: Int) {
        work.withLock { work in
            work.status = status
            work.bytes = bytes
        }
    }

    /// The library forgets it.
    func end() {
        let (left, record, body, holder) = work.withLock { work in
            work.connection = nil
            let record = AccessRecord(
                method: work.method, path: AccessRecord.path(of: target),
                status: work.status, bytes: work.bytes, milliseconds: Steady.now - start,
                peer: client.peer)
            return (
                work.passage.leave(), record, work.intake.body.count, work.intake.holder
            )
        }
        left?.letGo()
        if let holder { reception.release(body, of: holder) }
        reception.log(record)
        reception.doorkeeper.end(client)
    }

    private static func carry(
        out effect: Passage.Effect, on connection: Connection?
    ) -> Passage.Effect {
        if effect == .resume { connection?.resume() }
        return effect
    }
}

extension Response {
    /// Nobody will ever take it.
    fileprivate func letGo() { if case .stream(let stream) = body { stream.end() } }
}

/// The way back that a handler is given. Let go of, it answers that nobody has.
final class Reply: Answering {
    private let exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }

    deinit { if exchange.isUnanswered { exchange.answer(RequestProblem.unanswered.response) } }

    func answer(_ response: Response) { exchange.answer(response) }
}
