import CMicrohttpd
import Synchronization

/// A connection as long as the library knows it, with the request that is at work on it.
final class Client: Sendable {
    let ticket: Crowd.Ticket
    let descriptor: Int32
    let peer: String
    private let current = Mutex<Exchange?>(nil)

    init(ticket: Crowd.Ticket, descriptor: Int32, peer: String) {
        self.ticket = ticket
        self.descriptor = descriptor
        self.peer = peer
    }

    var exchange: Exchange? {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}

/// The library's name of a connection. It is used by the library's own thread, or under the lock of
/// an `Exchange`, which forgets it when the library does.
@safe struct Connection: @unchecked Sendable {  // See above for the rule.
    let pointer: OpaquePointer

    func suspend() { unsafe MHD_suspend_connection(pointer) }
    func resume() { unsafe MHD_resume_connection(pointer) }
}
