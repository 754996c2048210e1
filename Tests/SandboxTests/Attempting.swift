import Attempts
import FoundationEssentials
import Glibc
import Sandbox
import Support
import Testing

/// One attempt, run for real by the built supervisor in a folder of its own.
struct Attempting {
    let folder: Folder
    var spec: AttemptSpec
    var secrets: [HandedSecret] = []

    var attempt: AttemptFolder { AttemptFolder(folder.file("attempt")) }

    init(_ script: String) throws { try self.init(steps: [.init(name: nil, script: script)]) }

    init(steps: [AttemptSpec.Step]) throws {
        folder = try Folder()
        let filter = folder.file("filter")
        try Filter.write(to: filter)
        spec = AttemptSpec(id: "test", steps: steps, filter: filter)
        spec.slot = getuid() == 0 ? 260_000 + Int(getpid()) % 200 : nil
        spec.limits = .init(milliseconds: 60_000, graceMilliseconds: 60_000)
    }

    static let supervisor: String = {
        let program = CommandLine.arguments.first ?? ""
        let folder = URL(filePath: program).deletingLastPathComponent()
        let beside = folder.appending(path: "slipway-supervisor").path()
        return FileManager.default.fileExists(atPath: beside)
            ? beside : ".build/debug/slipway-supervisor"
    }()

    func prepare() throws {
        try FileManager.default.createDirectory(
            atPath: attempt.path, withIntermediateDirectories: false)
        try Data(spec.fields.bytes).write(to: URL(filePath: attempt.spec))
    }

    func run() throws -> (report: AttemptReport, log: String) {
        try prepare()
        let supervisor = try start()
        supervisor.wait()
        return (try report(), try log())
    }

    func start() throws -> SupervisorProcess {
        try SpareSupervisor.start(Self.supervisor, owner: attempt.path, slot: spec.slot)
            .send(Errand(folder: attempt, secrets: secrets))
    }

    func report() throws -> AttemptReport {
        let bytes = Array(try Data(contentsOf: URL(filePath: attempt.report)))
        return try AttemptReport(Fields(parsing: bytes))
    }

    func log() throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: attempt.log)), as: UTF8.self)
    }

    /// It came to its end before it said what was waited for.
    struct Over: Error {
        let end: AttemptReport.End
    }

    /// Waits until the log holds a word that the commands print when they have come so far.
    func waitFor(_ word: String) throws {
        let watch = inotify_init1(Int32(IN_CLOEXEC))
        defer { close(watch) }
        let events = UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO)
        _ = unsafe inotify_add_watch(watch, attempt.path, events)
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let isOver = FileManager.default.fileExists(atPath: attempt.report)
            if let text = try? log(), text.contains(word) { return }
            if isOver { throw Over(end: try report().end) }
            _ = unsafe read(watch, &buffer, buffer.count)
        }
    }
}
