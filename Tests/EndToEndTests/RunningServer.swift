import CLaunch
import FoundationEssentials
import Glibc
import Support
import Testing

/// `slipway server` as a process of its own, with a home that it leaves with the test.
final class RunningServer {
    /// Where its home, its settings and whatever a test adds lie.
    let folder: Folder
    private(set) var port: UInt16 = 0
    private var process: pid_t = 0
    /// How many lines of its journal were asked for.
    private var toldLines = 0
    /// What its environment has besides that of the tests: `A=b C=d`.
    private let variables: String

    init(
        in folder: Folder, settings: String = "", on port: UInt16 = 0, variables: String = ""
    ) throws {
        self.folder = folder
        self.variables = variables
        try folder.write("room: 1MiB\n\(settings)", to: "server.yml")
        try start(on: port)
    }

    convenience init(settings: String = "") throws {
        try self.init(in: Folder(), settings: settings)
    }

    deinit { if process != 0 { stop() } }

    /// The next one takes up the home where the last one left it, on its port if it is named.
    func start(on wanted: UInt16 = 0) throws {
        try folder.write("", to: "journal")
        toldLines = 0
        // A new session: what runs outlives the server, as it does when a service manager stops it.
        let script = """
            cd '\(folder.path)' && exec env \(variables) \
              setsid '\(Slipway.path)' server --home home \
              --listen 127.0.0.1:\(wanted) --config server.yml 2> journal
            """
        var words = unsafe [strdup("sh"), strdup("-c"), strdup(script), nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        let code = unsafe posix_spawn(&process, "/bin/sh", nil, nil, &words, environ)
        try #require(code == 0)
        let told = waitFor("\"address\":\"127.0.0.1:")
        let digits = told.split(separator: "\"address\":\"127.0.0.1:").last?.prefix(
            while: \.isNumber)
        port = try #require(digits.flatMap { UInt16($0) }, "\(told)")
    }

    /// By `SIGTERM`; or by `SIGKILL`, which leaves it no time for anything.
    func stop(_ signal: Int32 = SIGTERM) {
        kill(process, signal)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        process = 0
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var journal: String { (try? folder.text(of: "journal")) ?? "" }
    var administrator: String {
        get throws { String(try folder.text(of: "home/admin-token").dropLast()) }
    }

    /// Waits until it has said so in its journal, or somebody else in another file, and gives
    /// all of that.
    @discardableResult
    func waitFor(_ words: String, in file: String = "journal") -> String {
        look(for: words, in: file) { $0.contains(words) ? $0 : nil } ?? ""
    }

    /// The next line of its journal with these words in it, after the one that was told last.
    func told(_ words: String) throws -> String {
        let told = look(for: words, in: "journal") { [toldLines] text in
            // What follows the last end of a line is still being written.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            return lines.dropFirst(toldLines).firstIndex { $0.contains(words) }.map { place in
                (line: String(lines[place]), place: place)
            }
        }
        let (line, place) = try #require(told)
        toldLines = place + 1
        return line
    }

    private func look<Found>(
        for words: String, in file: String, _ find: (String) -> Found?
    ) -> Found? {
        let watch = inotify_init1(Int32(IN_CLOEXEC))
        defer { close(watch) }
        _ = unsafe inotify_add_watch(watch, folder.file(file), UInt32(IN_MODIFY))
        let end = slipway_process_descriptor(process)
        defer { close(end) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        var waited = [watch, end].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            let text = (try? folder.text(of: file)) ?? ""
            if let found = find(text) { return found }
            guard waited[1].revents == 0, unsafe poll(&waited, 2, 60_000) > 0 else {
                Issue.record("it did not say '\(words)': \(text)")
                return nil
            }
            if waited[0].revents != 0 { _ = unsafe read(watch, &buffer, buffer.count) }
        }
    }
}

// What is asked of it.
extension RunningServer {
    struct Answer {
        let status: Int
        let head: String
        let body: String

        init(_ text: String) {
            status = Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
            let end = text.firstRange(of: "\r\n\r\n")
            head = String(text[..<(end?.lowerBound ?? text.endIndex)])
            body = String(text[(end?.upperBound ?? text.endIndex)...])
        }

        /// The text of the first member of this name.
        func text(_ name: String) -> String? {
            body.split(separator: "\"\(name)\":\"", maxSplits: 1).dropFirst().first.map {
                String($0.prefix { $0 != "\"" })
            }
        }
    }

    func connect() throws -> TestSocket { try TestSocket(to: port) }

    /// Bytes, and all that comes back until it hangs up.
    func say(_ text: some Sequence<UInt8>) throws -> Answer {
        let socket = try connect()
        socket.send(text)
        return Answer(socket.receiveToEnd())
    }

    func ask(
        _ method: String, _ path: String, as token: String? = nil,
        type: String = "application/json", _ body: [UInt8] = [], headers: String = ""
    ) throws -> Answer {
        let who = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let size =
            method == "GET" ? "" : "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n"
        let head = "\(method) \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        return try say(Array("\(head)\(who)\(size)\(headers)\r\n".utf8) + body)
    }

    func ask(_ path: String, as token: String? = nil, headers: String = "") throws -> Answer {
        try ask("GET", path, as: token, headers: headers)
    }

    /// A token that was made for somebody.
    func token(_ name: String, _ role: String) throws -> String {
        let wish = "{\"name\":\"\(name)\",\"roles\":[{\"role\":\"\(role)\"}]}"
        let answer = try ask("POST", "/api/v1/tokens", as: administrator, Array(wish.utf8))
        return try #require(answer.text("token"), "\(answer.body)")
    }

    func setSecret(_ name: String, to value: String) throws {
        let answer = try ask(
            "PUT", "/api/v1/secrets/\(name)", as: administrator, type: "application/octet-stream",
            Array(value.utf8))
        try #require(answer.status == 200, "\(answer.body)")
    }

    /// Gives a pipeline this definition.
    func define(_ name: String, _ text: String) throws {
        let answer = try ask(
            "PUT", "/api/v1/pipelines/\(name)", as: administrator, type: "application/yaml",
            Array(text.utf8))
        try #require([200, 201].contains(answer.status), "\(answer.body)")
    }

    /// Everything that happens after a place on the record, as it tells.
    func events(after sequence: Int = 0) throws -> ServerEvents {
        let socket = try connect()
        socket.send(
            "GET /api/v1/events?after=\(sequence) HTTP/1.1\r\nHost: a\r\n"
                + "Authorization: Bearer \(try administrator)\r\n\r\n")
        return ServerEvents(socket)
    }

    /// Follows its events until one of them has these words, and gives all that was told.
    func follow(after sequence: Int = 0, until words: String) throws -> String {
        let told = try events(after: sequence).socket.receive(until: words)
        #expect(told.contains(words))
        return told
    }

    /// The command as the administrator gives it, to this server or, at another address, to this
    /// one too.
    func command(at url: String? = nil, _ words: String...) throws -> Program.Result {
        try Program.run(commandLine(words, at: url))
    }

    func commandLine(_ words: [String], at url: String? = nil) throws -> [String] {
        [
            "/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "HOME=\(folder.path)", "TERM=dumb",
            "SLIPWAY_URL=\(url ?? self.url)", "SLIPWAY_TOKEN=\(try administrator)", Slipway.path,
        ] + words
    }
}
