import Attempts
import Glibc

/// How an instance is, as far as the house knows.
package struct InstanceState: Hashable, Sendable {
    package enum Condition: Hashable, Sendable {
        /// It was never well so far.
        case starting
        case healthy, unhealthy
        /// It was asked to end. Its door takes nobody new; what is under way goes on.
        case stopping
        /// Nothing of it runs.
        case gone
    }

    package let condition: Condition
    /// Why it is not well, or how it ended, for people.
    package let cause: String?
    /// What it printed at last, of one that is not well.
    package let lastLines: [String]
    /// Where it is reached: `127.70.1.2:41234`. Nothing for one that nobody speaks with, one that
    /// is gone, and one whose door is not made yet.
    package let door: String?

    package init(
        _ condition: Condition, cause: String? = nil, lastLines: [String] = [],
        door: String? = nil
    ) {
        self.condition = condition
        self.cause = cause
        self.lastLines = lastLines
        self.door = door
    }

    init(_ reading: ServiceReading, lastLines: () -> [String]) {
        let condition: Condition =
            switch reading.condition {
            case .starting: .starting
            case .healthy: .healthy
            case .unhealthy: .unhealthy
            case .stopping: .stopping
            }
        self.init(
            condition, cause: reading.cause,
            lastLines: reading.condition == .unhealthy || reading.cause != nil ? lastLines() : [],
            door: reading.door)
    }
}

extension AttemptReport.End {
    /// How an instance ended, for people.
    func cause(_ limits: AttemptSpec.Limits?) -> String {
        switch self {
        case .succeeded: "exited with code 0"
        // A shell says so of a command that a signal has ended.
        case .exited(let code) where 129...192 ~= code:
            "exited with code \(code) (\(Self.name(ofSignal: code - 128)))"
        case .exited(let code): "exited with code \(code)"
        case .signalled(let signal): "ended by \(Self.name(ofSignal: signal))"
        case .timedOut: "out of time"
        case .outOfMemory:
            limits?.memory.map { "out of memory: it may have \(Self.shown($0))" }
                ?? "out of memory"
        case .overLimit(let which): "over its limit: \(which)"
        case .stopped: "stopped"
        case .logLost(let why): "its log could not be kept: \(why)"
        case .unsuccessful(let why): why
        case .couldNotStart(let why): "could not start: \(why)"
        case .lost(let why): why
        }
    }

    private static func name(ofSignal number: Int) -> String {
        let names: [Int32: String] = [
            SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGHUP: "SIGHUP",
            SIGILL: "SIGILL", SIGINT: "SIGINT", SIGKILL: "SIGKILL", SIGPIPE: "SIGPIPE",
            SIGSEGV: "SIGSEGV", SIGSYS: "SIGSYS", SIGTERM: "SIGTERM",
        ]
        return names[Int32(clamping: number)] ?? "signal \(number)"
    }

    private static func shown(_ bytes: Int) -> String {
        bytes >= 1 << 30 && bytes % (1 << 30) == 0
            ? "\(bytes >> 30) GiB" : "\(bytes >> 20) MiB"
    }
}
