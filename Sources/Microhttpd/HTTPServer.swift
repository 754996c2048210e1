import CMicrohttpd
import Glibc
package import HTTP
import Synchronization

/// A server of HTTP/1.1 at one address, with or without TLS.
///
/// Its few threads wait for no client and for no answer: a connection that has nothing to do costs
/// its memory and nothing else.
package final class HTTPServer: Sendable {
    /// Where it listens, with the port that it has got.
    package let address: ListenAddress
    private let reception: Reception
    private let running: Mutex<Running?>

    /// TLS 1.2 and newer, as GnuTLS sees what is safe.
    private static let priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
    /// After answers were cut, for their last bytes.
    private static let farewellMilliseconds = 1_000

    private init(address: ListenAddress, reception: Reception, running: consuming Running) {
        self.address = address
        self.reception = reception
        self.running = Mutex(running)
    }

    deinit { stop(within: 0) }

    /// Begins to serve. `handler` and `porter` are called in the server's threads, and `log` after
    /// each request. Without a porter every body is read as a stranger's.
    package static func start(
        on address: ListenAddress, tls certificate: Certificate? = nil, limits: Limits = Limits(),
        porter: Porter? = nil,
        log: @escaping @Sendable (AccessRecord) -> Void = { _ in },
        handler: @escaping Handler
    ) throws(ServerProblem) -> HTTPServer {
        var listener = try Listener.open(address)
        let most = limits.connections ?? min(OpenFiles.raise() / 2, Limits.mostConnections)
        let doorkeeper = try Doorkeeper(
            limit: most, limitOfAddress: limits.connectionsOfAddress ?? max(64, most / 8),
            patience: limits.patienceMilliseconds)
        let reception = Reception(
            limits: limits, isSecure: certificate != nil, doorkeeper: doorkeeper,
            porter: porter ?? { request in
                .open(
                    atMost: limits.bodyBytes, for: .stranger(request.peer), then: handler)
            }, log: log, handler: handler)
        let got = listener.address
        try doorkeeper.start()
        do throws(ServerProblem) {
            let daemon = try start(listener.descriptor, certificate, most: most, reception)
            let running = Running(
                daemon: daemon, listening: listener.give(), doorkeeper: doorkeeper)
            return HTTPServer(address: got, reception: reception, running: running)
        } catch {
            doorkeeper.stop()
            throw error
        }
    }

    package var connections: Int { reception.doorkeeper.connections }
    /// Requests that are being read, answered or sent.
    package var requests: Int { reception.doorkeeper.requests }

    /// Takes nothing new, lets answers end within the time, and cuts what is left: streams that
    /// have nothing to say at once. Returns when all of it is over; a second call does nothing.
    package func stop(within milliseconds: Int) {
        guard let running = running.withLock({ $0.take() }) else { return }
        let doorkeeper = reception.doorkeeper
        running.stopListening()
        doorkeeper.closeDoor()
        for exchange in doorkeeper.exchanges { exchange.hangUp() }
        doorkeeper.waitForCalm(milliseconds: milliseconds)
        for exchange in doorkeeper.exchanges { exchange.cut() }
        doorkeeper.waitForCalm(milliseconds: Self.farewellMilliseconds)
        running.end()
    }

    private static func start(
        _ descriptor: Int32, _ certificate: Certificate?, most: Int, _ reception: Reception
    ) throws(ServerProblem) -> Daemon {
        var options = unsafe slipway_http_options()
        unsafe options.flags =
            MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_ALLOW_SUSPEND_RESUME.rawValue
            | MHD_USE_ITC.rawValue | MHD_USE_ERROR_LOG.rawValue
            | (certificate == nil ? 0 : MHD_USE_TLS.rawValue)
        let limits = reception.limits
        // The crowd's limit is the one that counts. Here is room for those on their way out, and
        // for all of them with one thread, as each of the library's threads has its share.
        unsafe options.connections = UInt32(most + 256) * UInt32(max(1, limits.threads))
        unsafe options.threads = UInt32(max(1, limits.threads))
        unsafe options.silent_seconds = UInt32(limits.silentSeconds)
        unsafe options.memory = limits.headBytes
        unsafe options.listening = descriptor
        unsafe options.context = Unmanaged.passUnretained(reception).toOpaque()
        unsafe options.handle = Callbacks.handle
        unsafe options.begin = Callbacks.begin
        unsafe options.completed = Callbacks.completed
        unsafe options.connection = Callbacks.connection
        return try unsafe Daemon.start(options, certificate, priorities)
    }
}

/// The library at work, and what watches over it. It is ended once.
struct Running: ~Copyable {
    private let daemon: Daemon
    private let listening: Int32
    private let doorkeeper: Doorkeeper

    init(daemon: Daemon, listening: Int32, doorkeeper: Doorkeeper) {
        self.daemon = daemon
        self.listening = listening
        self.doorkeeper = doorkeeper
    }

    /// Whoever connects now finds nobody. The library's own way to do that is not taken: its
    /// threads may let go of the socket at the same time, and then it ends the process. Nothing
    /// takes the socket's number instead, until the library closes it.
    func stopListening() {
        let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0, dup2(nothing, listening) >= 0 else {
            shutdown(listening, Int32(SHUT_RDWR))
            return
        }
        _ = fcntl(listening, F_SETFD, FD_CLOEXEC)
        close(nothing)
    }

    consuming func end() {
        daemon.stop()
        doorkeeper.stop()
    }
}
