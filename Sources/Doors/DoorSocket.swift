import CSystem
import Glibc

/// Sockets of a door, none of which anybody waits for.
package enum DoorSocket {
    private static let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    /// The kernel cuts it to what it allows.
    private static let backlog: Int32 = 4_096

    /// A connection that is being made, in the network of the thread that calls; or why not.
    package static func connect(
        to address: String, _ port: UInt16
    ) -> Result<Int32, DoorProblem> {
        var place = sockaddr_storage()
        var length: socklen_t = 0
        guard unsafe slipway_inet_address(address, port, &place, &length) else {
            return .failure(DoorProblem("'\(address)' is no address"))
        }
        let made = socket(
            Int32(place.ss_family), Int32(SOCK_STREAM.rawValue) | flags, Int32(IPPROTO_TCP))
        guard made >= 0 else { return .failure(.last("make a socket")) }
        if unsafe slipway_connect(made, &place, length) == 0 || errno == EINPROGRESS {
            speakAtOnce(made)
            return .success(made)
        }
        let problem = DoorProblem.last("connect to \(address):\(port)")
        close(made)
        return .failure(problem)
    }

    /// At a port of the kernel's choice at the first of the addresses that can be had. Nobody can
    /// connect before `listen`.
    static func bind(to addresses: [String]) throws(DoorProblem) -> (Int32, endpoint: String) {
        var problem = DoorProblem("there is no address for a door")
        for address in addresses {
            var place = sockaddr_storage()
            var length: socklen_t = 0
            guard unsafe slipway_inet_address(address, 0, &place, &length) else {
                problem = DoorProblem("'\(address)' is no address")
                continue
            }
            let made = socket(
                Int32(place.ss_family), Int32(SOCK_STREAM.rawValue) | flags, Int32(IPPROTO_TCP))
            guard made >= 0 else { throw .last("make a socket") }
            if unsafe slipway_bind(made, &place, length) == 0 {
                return (made, "\(address):\(slipway_bound_port(made))")
            }
            problem = .last("bind a door to \(address)")
            close(made)
        }
        throw problem
    }

    static func listen(_ bound: Int32) -> Bool { Glibc.listen(bound, backlog) == 0 }

    /// Those who have come and were not taken in are told so.
    static func refuse(_ listener: Int32) { _ = shutdown(listener, Int32(SHUT_RD)) }

    /// The next who has come; nothing if nobody has, or nobody more can be taken in.
    static func accept(_ listener: Int32) -> Int32? {
        let taken = accept4(listener, nil, nil, flags)
        guard taken >= 0 else { return nil }
        speakAtOnce(taken)
        return taken
    }

    /// What went wrong with a connection since that was asked last.
    package static func failure(of connection: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let isTold = unsafe getsockopt(connection, SOL_SOCKET, SO_ERROR, &code, &length) == 0
        return isTold ? code : errno
    }

    /// Has the other side see that it was cut off, and not that all was said.
    static func reset(_ connection: Int32) {
        var cut = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        unsafe setsockopt(connection, SOL_SOCKET, SO_LINGER, &cut, size)
    }

    /// Whoever relays must not wait until there is more to send.
    private static func speakAtOnce(_ connection: Int32) {
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        unsafe setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, size)
    }
}

package struct DoorProblem: Error, Hashable, CustomStringConvertible {
    package let description: String
    package let code: Int32?

    init(_ description: String, code: Int32? = nil) {
        self.description = description
        self.code = code
    }

    static func last(_ operation: String) -> DoorProblem {
        let code = errno
        return DoorProblem(
            "cannot \(operation): \(unsafe String(cString: strerror(code)))", code: code)
    }
}
