import Glibc

/// What an image wants to be asked to end with, as images write it: `SIGQUIT`, `QUIT` or `3`.
enum StopSignals {
    static func number(_ text: String?) -> Int32 {
        guard let text, !text.isEmpty else { return SIGTERM }
        if let number = Int32(text), 1...64 ~= number { return number }
        let name = text.uppercased()
        return known[name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name] ?? SIGTERM
    }

    private static let known: [String: Int32] = [
        "ABRT": SIGABRT, "ALRM": SIGALRM, "HUP": SIGHUP, "INT": SIGINT, "KILL": SIGKILL,
        "QUIT": SIGQUIT, "TERM": SIGTERM, "USR1": SIGUSR1, "USR2": SIGUSR2, "WINCH": SIGWINCH,
        "RTMIN+3": 37, "RTMIN+4": 38,
    ]
}
