import Client
import Glibc

/// Waits for a server that has gone away while it was listened to, and says so once.
struct Reconnection {
    /// One that has been away for longer is not waited for, in milliseconds.
    private static let longest = 600_000

    private let client: Client
    /// Readable when whoever is there has pressed Ctrl-C.
    private let interrupt: Int32
    private var lostAt: Int?
    private var patience = Patience()

    init(to client: Client, _ interrupt: Int32) {
        self.client = client
        self.interrupt = interrupt
    }

    var wasInterrupted: Bool {
        var waited = pollfd(fd: interrupt, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waited, 1, 0) > 0
    }

    /// Waits a while, or throws what cannot be waited out.
    mutating func failed(_ error: ClientError) throws(ClientError) {
        guard error.isPassing else { throw error }
        if lostAt == nil {
            lostAt = Self.now
            Output.error("slipway: \(client.address) is gone; it is asked until it answers again\n")
        }
        guard Self.now - (lostAt ?? 0) < Self.longest else { throw error }
        let end = Self.now + patience.next(chance: .random(in: 0...1))
        while !wasInterrupted, Self.now < end {
            client.wait(for: [interrupt], milliseconds: end - Self.now)
        }
    }

    mutating func succeeded() {
        guard lostAt != nil else { return }
        lostAt = nil
        patience.reset()
        Output.error("slipway: \(client.address) answers again\n")
    }

    static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
