/// News that a server tells for as long as it is asked, gone on with where they broke off.
package struct EventSource {
    private let call: ServerCall
    private var parser: EventParser
    private var listening: Listening?
    private var isHeard = false
    /// The server has said that nothing more comes.
    private var isFinished = false

    /// News that come after the one with this id; without one, from now on.
    package init(_ call: ServerCall, after lastID: String? = nil) {
        self.call = call
        parser = EventParser(after: lastID)
    }

    package var isOpen: Bool { listening != nil || isFinished }

    /// True once the server has begun to tell, a single time: what happened before that it may not
    /// tell any more.
    package mutating func hasJustBegun() -> Bool {
        guard !isHeard, listening?.isHeard == true else { return false }
        isHeard = true
        return true
    }

    /// What has been told since. Begins to listen if nobody does. Where the server has gone away it
    /// throws, and the next time begins anew after what was heard last.
    package mutating func hear(from client: Client) throws(ClientError) -> [ServerEvent] {
        guard !isFinished || listening != nil else { return [] }
        if listening == nil { listening = try begin(client) }
        guard let open = listening else { return [] }
        do throws(ClientError) {
            if let bytes = try client.take(from: open) {
                let events = try parser.take(bytes)
                isFinished = isFinished || events.contains { $0.name == "end" }
                return events
            }
        } catch {
            leave(client)
            guard error.kind == .refused(409), parser.lastID != nil else { throw error }
            // A record that was restored does not reach as far as the one that was heard.
            parser = EventParser()
            return []
        }
        // Whoever is told that there is no content need not come again.
        isFinished = isFinished || open.isEmpty
        leave(client)
        guard !isFinished else { return [] }
        throw ClientError(
            .unreachable, "\(client.address) has ended the connection",
            hint: "it may be starting anew; try again")
    }

    /// Nobody listens any more.
    package mutating func leave(_ client: Client) {
        if let listening { client.leave(listening) }
        listening = nil
        isHeard = false
        parser.restart()
    }

    private func begin(_ client: Client) throws(ClientError) -> Listening {
        var call = call
        call.accepts = "text/event-stream, application/problem+json"
        if let last = parser.lastID { call.headers.append(.init("Last-Event-ID", last)) }
        return try client.listen(to: call)
    }
}
