import Client
import Glibc
import SmallFiles

/// The person at the terminal.
enum Terminal {
    static var isThere: Bool { isatty(STDIN_FILENO) == 1 }

    static var width: Int { size.columns }
    static var height: Int { size.lines }

    private static var size: (columns: Int, lines: Int) {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0,
            size.ws_row > 0
        else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Only a clear yes is one.
    static func agrees(to question: String) -> Bool {
        Output.error("\(question) [y/N] ")
        let answer = readLine(strippingNewline: true) ?? ""
        return ["y", "yes"].contains(answer.lowercased())
    }

    /// A line from standard input; what is typed at a terminal is not shown.
    static func secret(_ question: String, limit: Int) throws(ClientError) -> [UInt8] {
        guard isThere else { return try whole(limit: limit) }
        var before = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw ClientError(
                .host, "the terminal cannot be told to hide what is typed",
                hint: "give it on standard input")
        }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO)
        // Before the question: what is typed until then is thrown away.
        Echo.off(before, hidden)
        Output.error("\(question): ")
        defer {
            Echo.on()
            Output.error("\n")
        }
        return Array((readLine(strippingNewline: true) ?? "").utf8)
    }

    private static func whole(limit: Int) throws(ClientError) -> [UInt8] {
        var bytes: [UInt8] = []
        do throws(FileProblem) {
            try SmallFile.read(STDIN_FILENO, into: &bytes, limit: limit + 1)
        } catch {
            throw ClientError(
                .host, "standard input cannot be read: \(error)", hint: "see what it is")
        }
        guard bytes.count <= limit else {
            throw ClientError(
                .usage, "standard input holds more than \(limit) bytes", hint: "give less")
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return bytes
    }
}

/// Whether a terminal shows what is typed. Whoever presses Ctrl-C meanwhile gets it back as it was.
private enum Echo {
    /// Written before the signal can come, and read by its handler alone.
    nonisolated(unsafe) private static var before = termios()

    static func off(_ before: termios, _ hidden: termios) {
        unsafe Self.before = before
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                Echo.on()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        var hidden = hidden
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
    }

    static func on() {
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    }
}
