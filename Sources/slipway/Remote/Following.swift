import CLaunch
import Client
import Glibc
import HTTP
import JSON

/// Shows an execution on a server until it is over, through restarts of the server. Whoever leaves
/// stops nothing.
struct Following {
    /// It is looked anew at least so often, whatever news come, in milliseconds.
    private static let longestSilence = 30_000
    private static let shortly = 500

    private let remote: Remote
    private let execution: (pipeline: String, number: Int)
    private let showsOutput: Bool
    private let interrupt: Int32
    private var reconnection: Reconnection
    private var news: EventSource
    private var progress = Progress()
    private var pending: [Progress.Step] = []
    private var tails: [Progress.Subject: (tail: LogTail, lines: LineBuffer)] = [:]
    private var isStale = true
    private var lastLine = ""
    private var end: Condition?

    init(_ remote: Remote, _ pipeline: String, _ number: Int, showsOutput: Bool) {
        self.remote = remote
        execution = (pipeline, number)
        self.showsOutput = showsOutput && !remote.face.isJSON
        interrupt = slipway_hear_signal(SIGINT)
        reconnection = Reconnection(to: remote.client, interrupt)
        var call = ServerCall(.get, "events")
        call.query = [.init("pipeline", pipeline)]
        news = EventSource(call)
    }

    /// Its exit code is that of the execution.
    mutating func run() throws(ClientError) -> Int32 {
        while true {
            do throws(ClientError) {
                try look()
                if let end { return Self.code(for: end) }
                try hear()
                reconnection.succeeded()
            } catch {
                isStale = true
                try reconnection.failed(error)
            }
            if reconnection.wasInterrupted { return leave() }
        }
    }

    /// Looks how far it has come, and shows what has not been shown, in its order. Where the server
    /// goes away in between, the rest is shown when it is back.
    private mutating func look() throws(ClientError) {
        if isStale {
            let path = ["pipelines", execution.pipeline, "executions", "\(execution.number)"]
            let told = try remote.client.told(
                ExecutionDetail.self, ServerCall(.get, path: path))
            isStale = false
            pending += progress.take(told.value)
            if remote.face.isJSON, told.line != lastLine { Output.print(told.line + "\n") }
            lastLine = told.line
        }
        while let step = pending.first {
            if case .ended(let subject, _) = step { try print(subject, toTheEnd: true) }
            show(step)
            pending.removeFirst()
        }
    }

    private mutating func show(_ step: Progress.Step) {
        var text = ""
        switch step {
        case .say(let line): text = line
        case .began(let subject):
            if showsOutput, tails[subject] == nil {
                let path = LogTail.path(
                    of: execution.pipeline, execution.number, subject.stage, subject.visit,
                    subject.action, subject.number)
                tails[subject] = (LogTail(path), LineBuffer())
            }
            return
        case .ended(let subject, let line):
            tails[subject] = nil
            text = line
        case .over(let condition, let line):
            end = condition
            text = remote.face.paint(line, Table.Paint(of: condition))
        }
        if !remote.face.isJSON { Output.print(text + "\n") }
    }

    /// Waits for news, and shows what they say has been printed.
    private mutating func hear() throws(ClientError) {
        if try !news.hear(from: remote.client).isEmpty || news.hasJustBegun() { isStale = true }
        var hasAll = true
        for subject in tails.keys where try !print(subject, toTheEnd: false) { hasAll = false }
        guard !isStale else { return }
        let before = Reconnection.now
        let pause = hasAll ? Self.longestSilence : Self.shortly
        remote.client.wait(for: [interrupt], milliseconds: pause)
        if Reconnection.now - before >= Self.longestSilence { isStale = true }
    }

    /// False if there is nothing yet to listen to.
    @discardableResult
    private mutating func print(
        _ subject: Progress.Subject, toTheEnd: Bool
    ) throws(ClientError) -> Bool {
        guard var (tail, lines) = tails[subject] else { return true }
        defer { tails[subject] = (tail, lines) }
        if !toTheEnd {
            do throws(ClientError) {
                guard try tail.hasMore(from: remote.client) else { return true }
            } catch {
                // It has begun, and printed nothing.
                guard error.kind == .refused(404) else { throw error }
                return false
            }
        }
        while true {
            let bytes = try tail.next(from: remote.client)
            for line in lines.take(bytes) { Self.print(line, of: subject) }
            if bytes.isEmpty || tail.isComplete { break }
        }
        guard toTheEnd else { return true }
        for line in lines.end() { Self.print(line, of: subject) }
        tail.leave(remote.client)
        return true
    }

    private static func print(_ line: ArraySlice<UInt8>, of subject: Progress.Subject) {
        Output.print("  \(subject.title) | \(LogText.line(line))\n")
    }
}

extension Following {
    private func leave() -> Int32 {
        let name = "\(execution.pipeline)/\(execution.number)"
        Output.error("\nslipway: \(name) goes on; `slipway stop \(name)` stops it\n")
        return ExitCode.stopped
    }

    static func code(for end: Condition) -> Int32 {
        switch end {
        case .succeeded: ExitCode.success
        case .failed: ExitCode.failure
        case .stopped, .ahead, .waiting, .active, .other: ExitCode.stopped
        }
    }
}
