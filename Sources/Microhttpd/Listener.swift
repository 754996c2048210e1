import Addresses
import Glibc

/// A socket that is listened at.
struct Listener: ~Copyable {
    /// As many as may have connected before they are looked at.
    private static let backlog: Int32 = 4_096

    private(set) var descriptor: Int32
    /// With the port that it has got.
    let address: ListenAddress

    private init(descriptor: Int32, address: ListenAddress) {
        self.descriptor = descriptor
        self.address = address
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// From now on it is somebody else's to close.
    mutating func give() -> Int32 {
        defer { descriptor = -1 }
        return descriptor
    }

    static func open(_ address: ListenAddress) throws(ServerProblem) -> Listener {
        switch address.host {
        case .v4(let number): return try open(four: number, address)
        case .v6: return try open(six: address, andFour: false)
        case nil:
            // A machine may have no IPv6 at all.
            do throws(ServerProblem) { return try open(six: address, andFour: true) } catch {
                return try open(four: 0, address)
            }
        }
    }

    private static func open(
        four: UInt32, _ address: ListenAddress
    ) throws(ServerProblem) -> Listener {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = address.port.bigEndian
        name.sin_addr.s_addr = four.bigEndian
        return try unsafe withUnsafeBytes(of: &name) { name throws(ServerProblem) in
            try unsafe open(AF_INET, name, address)
        }
    }

    private static func open(
        six address: ListenAddress, andFour: Bool
    ) throws(ServerProblem) -> Listener {
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = address.port.bigEndian
        name.sin6_addr = address.host?.six ?? in6_addr()
        return try unsafe withUnsafeBytes(of: &name) { name throws(ServerProblem) in
            try unsafe open(AF_INET6, name, address, onlySix: !andFour)
        }
    }

    private static func open(
        _ family: Int32, _ name: UnsafeRawBufferPointer, _ address: ListenAddress,
        onlySix: Bool = true
    ) throws(ServerProblem) -> Listener {
        let kind =
            Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw problem(address) }
        // Accepted ones inherit these: a client that is gone without a word is found out.
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE, 60)
        set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPINTVL, 15)
        set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPCNT, 4)
        if family == AF_INET6 {
            set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, onlySix ? 1 : 0)
        }
        let length = socklen_t(name.count)
        let bound = unsafe name.withMemoryRebound(to: sockaddr.self) { name in
            guard let base = name.baseAddress else { return Int32(-1) }
            return unsafe bind(descriptor, base, length)
        }
        guard bound == 0, listen(descriptor, backlog) == 0, let port = port(of: descriptor) else {
            let problem = problem(address)
            close(descriptor)
            throw problem
        }
        return Listener(
            descriptor: descriptor, address: ListenAddress(host: address.host, port: port))
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        unsafe setsockopt(
            descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func port(of descriptor: Int32) -> UInt16? {
        var name = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = unsafe withUnsafeMutablePointer(to: &name) { name in
            unsafe name.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                unsafe getsockname(descriptor, name, &length)
            }
        }
        // The port is at the same place for both families.
        return code == 0 ? UInt16(bigEndian: name.sin6_port) : nil
    }

    private static func problem(_ address: ListenAddress) -> ServerProblem {
        let code = errno
        let hint =
            switch code {
            case EADDRINUSE: "another program listens there; stop it, or choose another port"
            case EACCES: "ports below 1024 need the right to use them; choose a higher one"
            case EADDRNOTAVAIL: "this machine does not have that address; choose one it has"
            default: "choose another address"
            }
        return ServerProblem(
            "cannot listen at '\(address)': \(unsafe String(cString: strerror(code)))", hint: hint)
    }
}
