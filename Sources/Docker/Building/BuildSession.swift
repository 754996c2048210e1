import Glibc
import Grpc

/// A connection on which the Engine asks, while a build that names it runs. One thread has it.
@safe final class BuildSession {
    let id: String
    private let descriptor: Int32
    private let server: GrpcServer
    private var handshake = SessionHandshake()
    private var waiting: ArraySlice<UInt8>
    /// Why nothing more can be asked on it.
    private(set) var problem: String?

    init(
        at socket: String, sending context: BuildContext, answering services: SessionServices
    ) throws(BuildProblem) {
        var random = SystemRandomNumberGenerator()
        id = [random.next(), random.next()].map { (part: UInt64) in String(part, radix: 36) }
            .joined()
        do throws(GrpcProblem) {
            server = try GrpcServer { path, fields in
                path == ContextTalk.method ? ContextTalk(context, fields) : nil
            } answering: { path, message in
                services.answer(path, message)
            }
        } catch {
            throw .engine(.system(operation: "begin a build", problem: "\(error)"))
        }
        waiting = SessionHandshake.request(id: id, context: context.name)[...]
        descriptor = try Self.connect(to: socket)
    }

    deinit { close(descriptor) }

    /// The Engine knows it.
    var isReady: Bool { if case .done = handshake.state { true } else { false } }

    /// What has to be waited for.
    var waited: [pollfd] {
        guard problem == nil else { return [] }
        let reading = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard !waiting.isEmpty else { return [reading] }
        return [reading, pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
    }

    /// Takes and answers what can be without waiting.
    func run() {
        while problem == nil {
            send()
            var bytes = [UInt8](repeating: 0, count: 16 << 10)
            let count = unsafe recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            guard count > 0 else {
                problem = "the Engine left the connection on which it asks for files"
                return
            }
            take(Array(bytes.prefix(count)))
        }
    }

    private func take(_ bytes: [UInt8]) {
        guard !isReady else { return serve(bytes) }
        handshake.feed(bytes)
        switch handshake.state {
        case .open: break
        case .refused(let words): problem = words
        case .done(let rest): serve(rest)
        }
    }

    private func serve(_ bytes: [UInt8]) {
        do throws(GrpcProblem) {
            try server.receive(bytes)
            waiting += try server.send()
        } catch {
            problem = error.description
        }
    }

    private func send() {
        while problem == nil {
            if waiting.isEmpty {
                guard isReady, let more = try? server.send(), !more.isEmpty else { return }
                waiting = more[...]
            }
            let count = unsafe waiting.withUnsafeBytes { space in
                unsafe Glibc.send(
                    descriptor, space.baseAddress, space.count,
                    Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            waiting = waiting.dropFirst(count)
        }
    }

    private static func connect(to socket: String) throws(BuildProblem) -> Int32 {
        func problem(_ words: String) -> BuildProblem {
            .engine(.unreachable(socket: socket, problem: words))
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard socket.utf8.count < room else {
            throw problem("the path has more than \(room - 1) bytes")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { space in
            unsafe space.copyBytes(from: socket.utf8)
        }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw problem(unsafe String(cString: strerror(errno))) }
        let code = unsafe withUnsafePointer(to: &address) { place in
            unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else {
            let words = unsafe String(cString: strerror(errno))
            close(descriptor)
            throw problem(words)
        }
        return descriptor
    }
}
