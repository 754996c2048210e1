import Curl
package import Glibc
import HTTP

/// A Docker Engine behind its socket, spoken to by one thread. Several requests can be under way:
/// all of them move on while one is waited for.
package final class DockerEngine {
    package let socket: String
    private let client: HTTPClient

    package init(at socket: String) throws(DockerError) {
        self.socket = socket
        do throws(CallProblem) { client = try HTTPClient() } catch {
            throw .system(operation: "speak HTTP", problem: "\(error)")
        }
    }

    /// Begins a request; `run` and `wait` take it further.
    package func begin(_ request: EngineRequest) throws(DockerError) -> EngineTransfer {
        do throws(CallProblem) {
            let transfer = try client.begin(request.call(at: socket))
            return EngineTransfer(operation: request.operation, transfer: transfer)
        } catch {
            throw .system(operation: request.operation, problem: "\(error)")
        }
    }

    /// Lets go of a request before its answer has ended.
    package func abandon(_ transfer: EngineTransfer) { client.abandon(transfer.transfer) }

    /// Sends and takes what can be without waiting.
    package func run() { client.run() }

    /// Waits until a request moves, a descriptor is ready or the time is over.
    package func wait(_ waited: [pollfd], milliseconds: Int) {
        client.wait(waited, milliseconds: milliseconds)
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
    package func answer(of transfer: EngineTransfer) throws(DockerError) -> [UInt8] {
        if let problem = transfer.problem {
            throw .unreachable(socket: socket, problem: "\(problem)")
        }
        let body = transfer.take()
        guard let status = transfer.status, 200...299 ~= status || status == 304 else {
            throw refusal(of: transfer, body)
        }
        return body
    }

    /// What the Engine says of a request that it has turned down.
    package func refusal(of transfer: EngineTransfer, _ body: [UInt8]) -> DockerError {
        .refused(
            operation: transfer.operation, status: transfer.status ?? 0,
            message: Complaint.message(in: body))
    }

    static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
