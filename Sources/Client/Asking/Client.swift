import Curl
import Glibc
import HTTP
import Pipelines

/// Asks one server, as one person. Calls move on while another is waited for.
package final class Client {
    /// A whole answer is not longer.
    private static let longestAnswer = 64 << 20
    private static let streamBuffer = 1 << 20

    package let choice: ServerChoice
    private let http: HTTPClient
    private let token: Token?

    package init(_ choice: ServerChoice) throws(ClientError) {
        self.choice = choice
        token = try choice.tokenToSend
        do throws(CallProblem) {
            http = try HTTPClient()
        } catch {
            throw Self.error(error, at: choice.address)
        }
    }

    package var address: ServerAddress { choice.address }

    /// The answer, if it says yes.
    package func ask(_ call: ServerCall) throws(ClientError) -> ServerAnswer {
        var sent = made(of: call)
        sent.taking = .whole(limit: Self.longestAnswer)
        let answer: Answer
        do throws(CallProblem) {
            answer = try http.ask(sent)
        } catch {
            throw Self.error(error, at: address)
        }
        return try accepted(answer.status, answer.headers, answer.body)
    }

    /// Begins to listen to an answer that may last. `wait` takes it further.
    package func listen(to call: ServerCall) throws(ClientError) -> Listening {
        var sent = made(of: call)
        sent.taking = .stream(buffer: Self.streamBuffer)
        do throws(CallProblem) {
            return Listening(try http.begin(sent))
        } catch {
            throw Self.error(error, at: address)
        }
    }

    package func leave(_ listening: Listening) { http.abandon(listening.transfer) }

    /// What has come since it was asked for last; nothing once all of it has.
    package func take(from listening: Listening) throws(ClientError) -> [UInt8]? {
        let transfer = listening.transfer
        let isDone = transfer.isDone
        let bytes = transfer.take()
        guard let status = transfer.status, 200...299 ~= status else {
            guard isDone else {
                listening.refusal += bytes.prefix(Self.streamBuffer - listening.refusal.count)
                return []
            }
            if let problem = transfer.problem { throw Self.error(problem, at: address) }
            let words = listening.refusal + bytes
            return try accepted(transfer.status ?? 0, transfer.headers, words).body
        }
        if isDone, bytes.isEmpty {
            if let problem = transfer.problem { throw Self.error(problem, at: address) }
            return nil
        }
        return bytes
    }

    /// Until something comes, a descriptor is ready, or the time is over.
    package func wait(for descriptors: [Int32] = [], milliseconds: Int) {
        let waited = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        http.wait(waited, milliseconds: milliseconds)
    }

    private func made(of call: ServerCall) -> Call {
        var headers = Headers(call.headers.map { Field($0.name, $0.value) })
        headers.add("Accept", call.accepts)
        headers.add("User-Agent", "slipway")
        if let token { headers.add("Authorization", "Bearer \(token.secret)") }
        if let body = call.body { headers.add("Content-Type", body.type) }
        var sent = Call(
            call.method, .url(call.url(at: address)), headers: headers, body: call.body?.bytes)
        if let file = choice.authorities { sent.trust = .authorities(file) }
        // A proxy would see what stays on this machine otherwise.
        sent.proxy = address.isLoopback ? .none : .environment
        sent.silentSeconds = call.longestSilence
        return sent
    }

    private func accepted(
        _ status: Int, _ headers: Headers, _ body: [UInt8]
    ) throws(ClientError) -> ServerAnswer {
        let fields = headers.fields.map { ServerCall.Parameter($0.name, $0.value) }
        let answer = ServerAnswer(status: status, headers: fields, body: body)
        return try answer.accepted(by: address, hasToken: token != nil)
    }

    private static func error(_ problem: CallProblem, at address: ServerAddress) -> ClientError {
        let detail = Report.visible(problem.detail)
        switch problem.kind {
        case .unreachable:
            return ClientError(
                .unreachable, "\(address) cannot be reached: \(detail)",
                hint: "see that the server runs and the address is right; `--server URL` names "
                    + "another")
        case .untrusted:
            return ClientError(
                .unreachable, "\(address) does not prove who it is: \(detail)",
                hint: "name the file of the authority that signed its certificate: '--ca FILE'")
        case .timedOut, .broken, .tooLong:
            let other = "if it has a certificate, its address begins with 'https://'"
            return ClientError(
                .unreachable, "\(address) did not answer to the end: \(detail)",
                hint: "try again; \(address.isSecure ? "" : "\(other); ")if that does not help, "
                    + "look at the server's log")
        case .malformed, .refusedAddress, .system, .unreadBody:
            return ClientError(.host, "cannot ask \(address): \(detail)", hint: problem.hint)
        }
    }
}

/// An answer that is listened to.
package final class Listening {
    let transfer: Transfer
    /// What is said instead of yes.
    fileprivate(set) var refusal: [UInt8] = []

    init(_ transfer: Transfer) { self.transfer = transfer }

    /// It has begun, and what comes is what was asked for.
    package var isHeard: Bool { transfer.status.map { 200...299 ~= $0 } == true }

    /// There is nothing to listen to, and will not be.
    package var isEmpty: Bool { transfer.status == 204 }
}
