import HTTP

/// A log that is read from where it was read last. Its bytes are asked for by their place, so
/// nothing is lost or doubled however often the server goes away; news that there are more is
/// only a reason to ask.
package struct LogTail {
    private static let piece = 1 << 20

    package let path: [String]
    private var offset = 0
    /// All that will ever be in it has been read.
    package private(set) var isComplete = false
    private var news: EventSource

    /// `path` is that of the log, below `/api/v1`.
    package init(_ path: [String]) {
        self.path = path
        news = EventSource(Self.following(path))
    }

    private static func following(_ path: [String]) -> ServerCall {
        var call = ServerCall(.get, path: path)
        call.query = [.init("follow", "true")]
        return call
    }

    /// Whether there may be more to read. Begins to listen if nobody does, behind what was read.
    package mutating func hasMore(from client: Client) throws(ClientError) -> Bool {
        if !news.isOpen {
            news = EventSource(Self.following(path), after: offset > 0 ? "\(offset)" : nil)
        }
        let hasNews = try !news.hear(from: client).isEmpty
        return hasNews || news.hasJustBegun()
    }

    package mutating func leave(_ client: Client) { news.leave(client) }

    package static func path(
        of pipeline: String, _ execution: Int, _ stage: String, _ visit: Int, _ job: String,
        _ attempt: Int
    ) -> [String] {
        [
            "pipelines", pipeline, "executions", "\(execution)", "attempts", stage, "\(visit)", job,
            "\(attempt)", "log",
        ]
    }

    /// The next bytes; empty when there are no more by now.
    package mutating func next(from client: Client) throws(ClientError) -> [UInt8] {
        var call = ServerCall(.get, path: path)
        call.query = [.init("offset", "\(offset)"), .init("limit", "\(Self.piece)")]
        call.accepts = "application/octet-stream, application/problem+json"
        let answer: ServerAnswer
        do throws(ClientError) {
            answer = try client.ask(call)
        } catch {
            // An attempt that has printed nothing has no log.
            guard error.kind == .refused(404) else { throw error }
            return []
        }
        offset += answer.body.count
        let size = answer.header("X-Log-Size").flatMap { Int($0) } ?? offset
        isComplete = answer.header("X-Log-Complete") == "true" && offset >= size
        return answer.body
    }
}
