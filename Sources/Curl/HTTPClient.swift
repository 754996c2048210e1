import CCurl
package import Glibc

/// Speaks HTTP with several servers at once, in the one thread that owns it: all calls move on
/// while one is waited for.
///
/// It follows no redirect, keeps no cookie, and reads no file that could hold passwords.
@safe package final class HTTPClient {
    private let multi: UnsafeMutableRawPointer
    private var open: [Transfer] = []

    package init() throws(CallProblem) {
        if let problem = Self.problem {
            throw CallProblem(.system, "libcurl cannot be used: \(problem)")
        }
        guard let multi = unsafe slipway_curl_multi_init() else {
            throw CallProblem(.system, "libcurl cannot begin")
        }
        unsafe self.multi = multi
    }

    deinit {
        for transfer in open { unsafe slipway_curl_multi_remove_handle(multi, transfer.handle) }
        unsafe slipway_curl_multi_cleanup(multi)
    }

    /// Why there is no libcurl to ask with; it is loaded by the first that wants to know.
    private static let problem = unsafe slipway_curl_begin().map { unsafe String(cString: $0) }

    /// Begins a call; `run` and `wait` take it further.
    package func begin(_ call: Call) throws(CallProblem) -> Transfer {
        let transfer = try Transfer(call)
        guard unsafe slipway_curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
            throw CallProblem(.system, "libcurl does not take it")
        }
        open.append(transfer)
        return transfer
    }

    /// Lets go of a call before its answer has ended.
    package func abandon(_ transfer: Transfer) {
        guard let place = open.firstIndex(where: { $0 === transfer }) else { return }
        unsafe slipway_curl_multi_remove_handle(multi, transfer.handle)
        open.remove(at: place)
    }

    /// Sends and takes what can be without waiting.
    package func run() {
        var running: Int32 = 0
        unsafe slipway_curl_multi_perform(multi, &running)
        var code = CURLE_OK
        while let handle = unsafe slipway_curl_ended(multi, &code) {
            guard let transfer = open.first(where: { unsafe $0.handle == handle }) else { break }
            abandon(transfer)
            transfer.end(code)
        }
    }

    /// Waits until a call moves, a descriptor is ready or the time is over.
    package func wait(_ waited: [pollfd], milliseconds: Int) {
        var extra = waited.map { wanted in
            let events = wanted.events == Int16(POLLOUT) ? CURL_WAIT_POLLOUT : CURL_WAIT_POLLIN
            return curl_waitfd(fd: wanted.fd, events: Int16(events), revents: 0)
        }
        let time = Int32(clamping: milliseconds)
        unsafe slipway_curl_multi_poll(multi, &extra, UInt32(extra.count), time)
        run()
    }

    /// Asks and waits for the whole answer, as long as the call says.
    package func ask(_ call: Call) throws(CallProblem) -> Answer {
        let transfer = try begin(call)
        defer { abandon(transfer) }
        var body: [UInt8] = []
        run()
        while !transfer.isDone {
            wait([], milliseconds: 60_000)
            body += transfer.take()
        }
        if let problem = transfer.problem { throw problem }
        body += transfer.take()
        return Answer(status: transfer.status ?? 0, headers: transfer.headers, body: body)
    }
}
