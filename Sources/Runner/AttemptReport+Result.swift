import Attempts
import Engine
import Logs
import Pipelines

extension AttemptReport.End {
    /// How the engine calls this end, with a sentence for people.
    var attemptEnd: AttemptEnd {
        switch self {
        case .succeeded: .succeeded
        case .exited(let code): .failed(.failed, Self.sentence(code))
        case .signalled(let signal): .failed(.failed, "signal \(signal) ended it")
        case .timedOut: .failed(.timedOut, "it took longer than it may")
        case .outOfMemory: .failed(.outOfMemory, "out of memory: it needed more than it may use")
        case .overLimit(let which): .failed(.overLimit, "it went over its limit on \(which)")
        case .stopped: .stopped
        case .logLost(let why): .failed(.lost, "what it printed could not be kept: \(why)")
        case .unsuccessful(let why): .failed(.failed, why)
        case .couldNotStart(let why): .failed(.couldNotStart, why)
        case .lost(let why): .failed(.lost, why)
        }
    }

    /// Whether its commands ran, and nobody wanted them to stop.
    var hasRun: Bool {
        switch self {
        case .succeeded, .exited, .signalled, .timedOut, .outOfMemory, .overLimit, .logLost,
            .unsuccessful:
            true
        case .stopped, .couldNotStart, .lost: false
        }
    }

    /// A shell says 128 + n of a command that signal n has ended.
    private static func sentence(_ code: Int) -> String {
        let names = [2: "SIGINT", 6: "SIGABRT", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM"]
        guard let name = names[code - 128] else { return "exit code \(code)" }
        return "exit code \(code), as when \(name) ends a command"
    }
}

extension AttemptEnd {
    private static let lines = 5
    private static let longest = 2 << 10

    /// With the last lines of its log, for those who read of a deployment and not of an action.
    func telling(_ folder: AttemptFolder) -> AttemptEnd {
        guard case .failed(let cause, let reason) = self else { return self }
        let lines = LogEnd.lines(of: folder.log, atMost: Self.lines, upTo: Self.longest)
        guard !lines.isEmpty else { return self }
        return .failed(cause, ([reason + ":"] + lines.map(LogEnd.visible)).joined(separator: "\n"))
    }
}
