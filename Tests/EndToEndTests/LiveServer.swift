import Cryptography
import Glibc
import JSON
import Support
import Synchronization
import Testing

/// `slipway server` as it was built, with a folder, a port and an administrator of its own.
final class LiveServer: Sendable {
    /// A machine that is very busy needs so long; who waits longer has found a mistake.
    private static let patience: Int32 = 60_000

    let folder: Folder
    let home: String
    let port: UInt16
    private let process: pid_t
    private let journal: Int32
    private let isStopped = Atomic(false)

    /// `settings` is its 'server.yml'.
    static func start(_ settings: String, in folder: Folder, words: [String] = []) throws
        -> LiveServer
    {
        try folder.write(settings, to: "server.yml")
        let home = folder.file("home")
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try #require(unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0)
        let nothing = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
        defer {
            close(nothing)
            close(ends[1])
        }
        let process = try Child.start(
            [
                Slipway.path, "server", "--home", home, "--listen", "127.0.0.1:0", "--config",
                folder.file("server.yml"),
            ] + words, [nothing, nothing, ends[1]])
        return try LiveServer(folder, home, process, ends[0])
    }

    private init(_ folder: Folder, _ home: String, _ process: pid_t, _ journal: Int32) throws {
        self.folder = folder
        self.home = home
        self.process = process
        self.journal = journal
        do {
            let line = try Self.line("\"message\":\"serving\"", from: journal)
            let address = try #require(line.split(separator: "\"address\":\"127.0.0.1:").last)
            port = try #require(UInt16(address.prefix { $0 != "\"" }))
        } catch {
            Self.end(process, by: SIGKILL)
            close(journal)
            throw error
        }
    }

    deinit {
        stop()
        close(journal)
    }

    /// As whoever hosts it does; what runs goes on.
    func stop() {
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        Self.end(process, by: SIGTERM)
    }

    /// The next server of the same folder.
    func again() throws -> LiveServer {
        stop()
        return try Self.start(try folder.text(of: "server.yml"), in: folder)
    }

    private static func end(_ process: pid_t, by signal: Int32) {
        kill(process, signal)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// The next line of its journal that has this in it.
    func told(_ text: String) throws -> String { try Self.line(text, from: journal) }

    private static func line(_ text: String, from journal: Int32) throws -> String {
        var all = ""
        while true {
            let line = try line(of: journal)
            if line.contains(text) { return line }
            try #require(!line.isEmpty, "'\(text)' was not said, but: \(all)")
            all += line
        }
    }

    /// Byte for byte, so that nothing is taken that another asks for; empty at the end.
    private static func line(of journal: Int32) throws -> String {
        var bytes: [UInt8] = []
        while bytes.last != UInt8(ascii: "\n") {
            var waited = pollfd(fd: journal, events: Int16(POLLIN), revents: 0)
            var byte: UInt8 = 0
            guard unsafe poll(&waited, 1, patience) == 1, unsafe read(journal, &byte, 1) == 1 else {
                return String(decoding: bytes, as: UTF8.self)
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

// What is asked of it.
extension LiveServer {
    struct Answer {
        let status: Int
        let body: String

        var json: JSON { get throws { try JSON(parsing: Array(body.utf8)) } }
    }

    var token: String {
        get throws {
            let text = try folder.text(of: "home/admin-token")
            return String(text.dropLast())
        }
    }

    func ask(
        _ method: String, _ path: String, _ headers: [String] = [], body: String = "",
        isNamed: Bool = true
    ) throws -> Answer {
        let socket = try TestSocket(to: port)
        try socket.send(head(method, path, headers, body, isNamed: isNamed) + body)
        let text = socket.receiveToEnd()
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
        let words = try #require(parts.first, "nothing was answered").split(separator: " ")
        return Answer(
            status: try #require(Int(words[1])), body: parts.count > 1 ? String(parts[1]) : "")
    }

    private func head(
        _ method: String, _ path: String, _ headers: [String], _ body: String, isNamed: Bool
    ) throws -> String {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: ci", "Connection: close"] + headers
        if isNamed { lines.append("Authorization: Bearer \(try token)") }
        if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    func setSecret(_ name: String, to value: String) throws {
        let answer = try ask(
            "PUT", "/api/v1/secrets/\(name)", ["Content-Type: application/octet-stream"],
            body: value)
        try #require(answer.status == 200, "\(answer.body)")
    }

    func define(_ name: String, _ text: String) throws {
        let answer = try ask(
            "PUT", "/api/v1/pipelines/\(name)", ["Content-Type: application/yaml"], body: text)
        try #require(answer.status < 300, "\(answer.body)")
    }

    /// Everything that happens, from the beginning of the record.
    func events() throws -> LiveEvents {
        let socket = try TestSocket(to: port)
        socket.send(try head("GET", "/api/v1/events?after=0", [], "", isNamed: true))
        return LiveEvents(socket)
    }
}

/// What happens at a server, as it tells.
final class LiveEvents {
    private let socket: TestSocket
    private var received = ""

    fileprivate init(_ socket: TestSocket) { self.socket = socket }

    /// Whether an event of this kind has come that has all of these in it, or comes now.
    func has(_ kind: String, _ parts: String...) -> Bool {
        while true {
            let whole = received.replacing(/\r\n[0-9a-f]+\r\n/, with: "")
            let isThere = whole.split(separator: "\n\n").contains { event in
                event.contains("event: \(kind)\n") && parts.allSatisfy(event.contains)
            }
            if isThere { return true }
            let piece = socket.receive()
            if piece.isEmpty { return false }
            received += String(decoding: piece, as: UTF8.self)
        }
    }
}
