import HTTP
import Synchronization

/// What every request of one server is met with.
final class Reception: Sendable {
    private struct Rooms: Sendable {
        var known: BodyRoom
        var strangers: BodyRoom
    }

    let limits: Limits
    let isSecure: Bool
    let doorkeeper: Doorkeeper
    /// Does what is asked without a body.
    let handler: Handler
    private let porter: Porter
    let log: @Sendable (AccessRecord) -> Void
    private let rooms: Mutex<Rooms>

    init(
        limits: Limits, isSecure: Bool, doorkeeper: Doorkeeper, porter: @escaping Porter,
        log: @escaping @Sendable (AccessRecord) -> Void, handler: @escaping Handler
    ) {
        self.limits = limits
        self.isSecure = isSecure
        self.doorkeeper = doorkeeper
        self.porter = porter
        self.log = log
        self.handler = handler
        rooms = Mutex(
            Rooms(
                known: BodyRoom(size: limits.bodiesBytes),
                strangers: BodyRoom(size: limits.strangersBodiesBytes)))
    }

    func entrance(of request: Request) -> Entrance {
        switch porter(request) {
        case .refused(let response): .refused(response)
        case .open(let most, let holder, let handler):
            .open(atMost: min(most, limits.largestBodyBytes), for: holder, then: handler)
        }
    }

    /// Gives whether there is room for so much more of a body; it has to be released.
    func reserve(_ count: Int, for holder: BodyHolder) -> Bool {
        rooms.withLock { rooms in
            switch holder {
            case .known(let name): rooms.known.take(count, for: name)
            case .stranger(let name): rooms.strangers.take(count, for: name)
            }
        }
    }

    func release(_ count: Int, of holder: BodyHolder) {
        rooms.withLock { rooms in
            switch holder {
            case .known(let name): rooms.known.giveBack(count, of: name)
            case .stranger(let name): rooms.strangers.giveBack(count, of: name)
            }
        }
    }
}
