import Attempts
import Docker
import FoundationEssentials
import Glibc
import Sandbox
import Support
import Testing

/// One attempt, run for real by the built supervisor in a container of the tests' own Engine.
struct ContainerAttempting {
    let folder: Folder
    let socket: String
    var spec: AttemptSpec
    var secrets: [HandedSecret] = []

    var attempt: AttemptFolder { AttemptFolder(folder.file("attempt")) }

    init(_ script: String, image: String = TestEngine.image) throws {
        try self.init(steps: [.init(name: nil, script: script)], image: image)
    }

    init(
        steps: [AttemptSpec.Step], image: String = TestEngine.image,
        pull: ContainerSpec.Pull = .never
    ) throws {
        folder = try Folder()
        socket = try #require(TestEngine.socket)
        spec = AttemptSpec(id: "test", steps: steps, filter: "")
        spec.slot = getuid() == 0 ? 264_000 + Int(getpid()) % 1_000 : nil
        spec.limits = .init(milliseconds: 120_000, graceMilliseconds: 60_000)
        spec.container = ContainerSpec(
            socket: socket, image: image, pull: pull, house: folder.path)
    }

    static let supervisor: String = {
        let program = CommandLine.arguments.first ?? ""
        let folder = URL(filePath: program).deletingLastPathComponent()
        return folder.appending(path: "slipway-container-supervisor").path()
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
        return (try report(), (try? log()) ?? "")
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

    /// What the Engine has of it: its containers and volumes.
    func things() throws -> [String] {
        let engine = try DockerEngine(at: socket)
        let label = "slipway.house=\(folder.path)"
        return try engine.containers(labelled: label).map(\.id)
            + engine.volumes(labelled: label).map(\.id)
    }

    /// Waits until the log holds a word that the commands print when they have come so far.
    func waitFor(_ word: String) throws {
        let watch = inotify_init1(Int32(IN_CLOEXEC))
        defer { close(watch) }
        _ = unsafe inotify_add_watch(
            watch, attempt.path, UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO))
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            if let text = try? log(), text.contains(word) { return }
            // One that has ended before it came so far is no reason to wait for ever.
            if unsafe access(attempt.report, F_OK) == 0 { throw EndedEarly(report: try report()) }
            _ = unsafe read(watch, &buffer, buffer.count)
        }
    }

    struct EndedEarly: Error {
        let report: AttemptReport
    }
}
