import Attempts
import Glibc
import Sandbox

/// From the folder to the report. Whatever goes wrong on the way becomes a report too: an attempt
/// without one is an attempt whose supervisor was killed.
enum Supervisor {
    private static let usage: Int32 = 2
    private static let notOurs: Int32 = 5

    static func run(_ arguments: [String]) -> Int32 {
        guard (1...2).contains(arguments.count) else {
            say("usage: slipway-supervisor OWNER [SLOT]; the house starts it, people do not")
            return usage
        }
        // It outlives whoever started it, and what they print to.
        for number in [SIGHUP, SIGINT, SIGPIPE] { signal(number, SIG_IGN) }
        let ready = Readiness.make(slot: arguments.dropFirst().first.flatMap { Int($0) })
        let told = Input.readAll(STDIN_FILENO)
        // Nobody needed it. One that was cut off has lost its house before it was to begin.
        guard let errand = try? Errand(Fields(parsing: told)) else { return 0 }
        let folder = errand.folder
        // Whoever holds the lock decides; a report that is there already is the last word.
        guard let lock = Lock.take(folder.lock), unsafe access(folder.report, F_OK) != 0 else {
            return notOurs
        }
        guard let file = ReportFile.reserve(folder.report) else { return AttemptFolder.noRoom }
        let isWritten = file.write(attempt(errand, ready))
        _ = consume lock
        return isWritten ? 0 : AttemptFolder.noRoom
    }

    private static func attempt(
        _ errand: Errand, _ ready: consuming Readiness
    ) -> AttemptReport {
        let watch = Watch()
        do {
            let spec = try AttemptSpec(Fields(parsing: Input.read(errand.folder.spec)))
            let requests = StopRequests(in: errand.folder)
            let attempt = try Attempt.prepare(spec, errand, ready, watch)
            return attempt.run(requests)
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

/// When it began, and how long ago that is on the clock that never jumps.
struct Watch {
    let startedAt: Int
    private let start: Int

    init() {
        startedAt = Self.now(CLOCK_REALTIME)
        start = Self.now(CLOCK_BOOTTIME)
    }

    var milliseconds: Int { Self.now(CLOCK_BOOTTIME) - start }

    private static func now(_ clock: clockid_t) -> Int {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}

/// The lock that says a supervisor lives; its file holds the supervisor's process id.
struct Lock: ~Copyable {
    private let descriptor: Int32

    static func take(_ path: String) -> Lock? {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = unsafe pwrite(descriptor, text, text.count, 0)
        return Lock(descriptor: descriptor)
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
