package import Attempts
import Glibc

/// From the folder to the report. Whatever goes wrong on the way becomes a report too: an attempt
/// without one is an attempt whose supervisor was killed.
package enum Supervisor {
    private static let usage: Int32 = 2
    private static let notOurs: Int32 = 5

    /// Makes ready what does not depend on the errand, waits for that, and does the work.
    /// `arguments` are those of the program, its own name first: whose it is, and the user that its
    /// commands will be.
    package static func run<Ready: ~Copyable>(
        _ arguments: [String], ready make: (_ slot: Int?) -> Ready,
        _ work: (
            AttemptSpec, Errand, consuming Ready, Watch, borrowing StopRequests
        ) throws -> AttemptReport
    ) -> Int32 {
        guard (2...3).contains(arguments.count) else {
            let name = arguments.first?.split(separator: "/").last ?? "slipway-supervisor"
            say("usage: \(name) OWNER [SLOT]; the house starts it, people do not")
            return usage
        }
        // It outlives whoever started it, and what they print to.
        for number in [SIGHUP, SIGINT, SIGPIPE] { signal(number, SIG_IGN) }
        let ready = make(arguments.dropFirst(2).first.flatMap { Int($0) })
        let told = Input.readAll(STDIN_FILENO)
        // Nobody needed it. One that was cut off has lost its house before it was to begin.
        guard let errand = try? Errand(Fields(parsing: told)) else { return 0 }
        let folder = errand.folder
        // Whoever holds the lock decides; a report that is there already is the last word.
        guard let lock = Lock.take(folder.lock), unsafe access(folder.report, F_OK) != 0 else {
            return notOurs
        }
        guard let file = ReportFile.reserve(folder.report) else { return AttemptFolder.noRoom }
        let isWritten = file.write(attempt(errand, ready, work))
        _ = consume lock
        return isWritten ? 0 : AttemptFolder.noRoom
    }

    private static func attempt<Ready: ~Copyable>(
        _ errand: Errand, _ ready: consuming Ready,
        _ work: (
            AttemptSpec, Errand, consuming Ready, Watch, borrowing StopRequests
        ) throws -> AttemptReport
    ) -> AttemptReport {
        let watch = Watch()
        do {
            let spec = try AttemptSpec(Fields(parsing: Input.read(errand.folder.spec)))
            return try work(spec, errand, ready, watch, StopRequests(in: errand.folder))
        } catch {
            return AttemptReport(
                end: .couldNotStart("\(error)"), startedAt: watch.startedAt,
                milliseconds: watch.milliseconds)
        }
    }

    private static func say(_ text: String) {
        let line = Array("\(text)\n".utf8)
        _ = unsafe write(STDERR_FILENO, line, line.count)
    }
}
