import CCurl
package import Glibc

/// A Docker Engine behind its socket, spoken to by one thread. Several requests can be under way:
/// all of them move on while one is waited for.
@safe package final class DockerEngine {
    package let socket: String
    private let multi: UnsafeMutableRawPointer
    private var open: [Transfer] = []

    package init(at socket: String) throws(DockerError) {
        self.socket = socket
        guard Self.isReady, let multi = unsafe curl_multi_init() else {
            throw .system(operation: "speak HTTP", problem: "libcurl cannot begin")
        }
        unsafe self.multi = multi
    }

    deinit {
        for transfer in open { unsafe curl_multi_remove_handle(multi, transfer.handle) }
        unsafe curl_multi_cleanup(multi)
    }

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Begins a request; `run` and `wait` take it further.
    package func begin(_ request: EngineRequest) throws(DockerError) -> Transfer {
        let transfer = try Transfer(request, socket: socket)
        guard unsafe curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
            throw .system(operation: request.operation, problem: "libcurl does not take it")
        }
        open.append(transfer)
        return transfer
    }

    /// Lets go of a request before its answer has ended.
    package func abandon(_ transfer: Transfer) {
        guard let place = open.firstIndex(where: { $0 === transfer }) else { return }
        unsafe curl_multi_remove_handle(multi, transfer.handle)
        open.remove(at: place)
    }

    /// Sends and takes what can be without waiting.
    package func run() {
        var running: Int32 = 0
        unsafe curl_multi_perform(multi, &running)
        var code = CURLE_OK
        while let handle = unsafe slipway_curl_ended(multi, &code) {
            guard let transfer = open.first(where: { unsafe $0.handle == handle }) else { break }
            abandon(transfer)
            transfer.end(code)
        }
    }

    /// Waits until a request moves, a descriptor is ready or the time is over.
    package func wait(_ waited: [pollfd], milliseconds: Int) {
        var extra = waited.map { wanted in
            let events = wanted.events == Int16(POLLOUT) ? CURL_WAIT_POLLOUT : CURL_WAIT_POLLIN
            return curl_waitfd(fd: wanted.fd, events: Int16(events), revents: 0)
        }
        let time = Int32(clamping: milliseconds)
        unsafe curl_multi_poll(multi, &extra, UInt32(extra.count), time, nil)
        run()
    }

    /// Asks and waits for the whole answer.
    @discardableResult
    package func perform(
        _ request: EngineRequest, within seconds: Int = 60
    ) throws(DockerError) -> [UInt8] {
        let transfer = try begin(request)
        defer { abandon(transfer) }
        let deadline = Self.now + seconds * 1_000
        run()
        while !transfer.isDone {
            let left = deadline - Self.now
            guard left > 0 else {
                throw .unreachable(
                    socket: socket,
                    problem: "it was to \(request.operation) and said nothing for \(seconds) s")
            }
            wait([], milliseconds: left)
        }
        return try answer(of: transfer)
    }

    /// The answer of a request that has ended, if that is a success.
    package func answer(of transfer: Transfer) throws(DockerError) -> [UInt8] {
        if let problem = transfer.problem { throw .unreachable(socket: socket, problem: problem) }
        let body = transfer.take()
        guard let status = transfer.status, 200...299 ~= status || status == 304 else {
            throw refusal(of: transfer, body)
        }
        return body
    }

    /// What the Engine says of a request that it has turned down.
    package func refusal(of transfer: Transfer, _ body: [UInt8]) -> DockerError {
        .refused(
            operation: transfer.operation, status: transfer.status ?? 0,
            message: Complaint.message(in: body))
    }

    private static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
