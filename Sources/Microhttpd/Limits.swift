/// What a server bears.
package struct Limits: Hashable, Sendable {
    /// Connections in all; nothing for half of the files that this process may have open.
    package var connections: Int?
    /// Of one address; nothing for an eighth of all. This machine's own addresses have no such
    /// limit, because a proxy there speaks for many.
    package var connectionsOfAddress: Int?
    /// A whole request has to come within this time, from its connection's beginning or the end of
    /// the answer before, whatever is trickled meanwhile.
    package var patienceMilliseconds = 30_000
    /// A client that does not take its answer is given up.
    package var silentSeconds = 60
    /// First line and headers together, less what the library needs to note them down.
    package var headBytes = 16 << 10
    /// A body's, where the server is not told otherwise for what is asked.
    package var bodyBytes = 1 << 20
    /// A body's, whatever the server is told.
    package var largestBodyBytes = 64 << 20
    /// Those of all bodies that are here at once, of those who are known.
    package var bodiesBytes = 192 << 20
    /// And of strangers.
    package var strangersBodiesBytes = 64 << 20
    package var threads = 2

    package init() {}

    static let mostConnections = 16_384
    /// A body that is too long is read up to here and forgotten, because a client that is still
    /// sending would not hear why it is refused.
    static let forgottenBytes = 64 << 20
    /// So much of a body that was refused by its head. With a longer one the answer goes at once.
    static let unheardBytes = 4 << 20
}
