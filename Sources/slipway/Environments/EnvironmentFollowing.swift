import CLaunch
import Client
import Glibc
import HTTP
import JSON
import Pipelines

/// Shows an environment while a deployment moves through it, through restarts of the server.
/// Whoever leaves stops nothing.
struct EnvironmentFollowing {
    /// It is looked anew at least so often, whatever news come, in milliseconds.
    private static let longestSilence = 30_000
    /// Times are shown as they pass.
    private static let second = 1_000

    private let remote: Remote
    private let name: String
    /// The one whose newest deployment is followed; the one that is under way if none is named.
    private let release: String?
    /// Whether whoever stays wants it to be turned back.
    private let wantsBack: Bool
    private let interrupt: Int32
    private var reconnection: Reconnection
    private var news: EventSource?
    private var shown: EnvironmentDetail?
    private var followed: PastDeploymentWords?
    private var looked = 0
    private var isStale = true
    private var drawn = 0
    private var isLost = false
    private var lastLine = ""

    init(
        _ remote: Remote, _ name: String, of release: String? = nil, wantsBack: Bool = false
    ) {
        self.release = release
        self.remote = remote
        self.name = name
        self.wantsBack = wantsBack
        interrupt = slipway_hear_signal(SIGINT)
        reconnection = Reconnection(to: remote.client, interrupt)
    }

    /// With a check its exit code says whether what runs is what should run.
    mutating func showOnce(checks: Bool) throws(ClientError) -> Int32 {
        try look()
        finish()
        let isWell = shown?.summary.drift.isEmpty ?? false
        return checks && !isWell ? ExitCode.failure : ExitCode.success
    }

    /// Its exit code is that of the deployment which is under way, or else of the next one.
    mutating func run() throws(ClientError) -> Int32 {
        while true {
            do throws(ClientError) {
                if isStale {
                    try look()
                    show()
                }
                if let code = code {
                    finish()
                    tellEnd()
                    return code
                }
                try hear()
                // What is said of it stands below the page, which is drawn anew then.
                if isLost { drawn = 0 }
                isLost = false
                reconnection.succeeded()
            } catch {
                isStale = true
                isLost = true
                drawn = 0
                try reconnection.failed(error)
            }
            if reconnection.wasInterrupted {
                finish()
                return leave()
            }
        }
    }

    /// Nothing as long as it goes on.
    private var code: Int32? {
        guard !isStale else { return nil }
        guard let now = end else { return ExitCode.success }
        switch now.outcome {
        case "succeeded": return ExitCode.success
        case "turned back": return wantsBack ? ExitCode.success : ExitCode.failure
        case "stuck": return ExitCode.failure
        case "dropped": return now.there ? ExitCode.success : ExitCode.stopped
        default: return nil
        }
    }

    /// The deployment that is followed, as it is by now.
    private var end: PastDeploymentWords? {
        shown?.history.last { past in
            past.release == followed?.release && past.ordered == followed?.ordered
        }
    }

    private func tellEnd() {
        guard !remote.face.isJSON, let end else { return }
        let time = end.begun.flatMap { begun in
            end.ended.map { " after \(Ago.elapsed(from: begun, to: $0))" }
        }
        let reason = end.reason.isEmpty ? "" : ": \(end.reason.firstLine)"
        let line = Report.visible("\(name): \(end.release) \(end.outcome)\(time ?? "")\(reason)")
        Output.print("\n" + remote.face.paint(line, .init(outcome: end.outcome)) + "\n")
    }

    private mutating func look() throws(ClientError) {
        let told = try remote.client.told(
            EnvironmentDetail.self, ServerCall(.get, "environments", name))
        shown = told.value
        looked = Reconnection.now
        isStale = false
        if followed == nil {
            let history = told.value.history
            followed =
                release.map { release in history.first { $0.release == release } }
                ?? history.last { $0.ended == nil }
        }
        if news == nil {
            var call = ServerCall(.get, "events")
            call.query = [.init("pipeline", told.value.summary.pipeline)]
            news = EventSource(call)
        }
        if remote.face.isJSON, told.line != lastLine { Output.print(told.line + "\n") }
        if remote.face.isJSON { lastLine = told.line }
    }

    private mutating func hear() throws(ClientError) {
        let isNew = try news?.hear(from: remote.client).isEmpty == false
        let isFirst = news?.hasJustBegun() == true
        if isNew || isFirst || Reconnection.now - looked >= Self.longestSilence {
            isStale = true
            return
        }
        remote.client.wait(for: [interrupt], milliseconds: Self.second)
        if remote.face.isTerminal, !remote.face.isJSON { draw() }
    }

    // MARK: - Showing

    private mutating func show() {
        guard !remote.face.isJSON, let shown else { return }
        if remote.face.isTerminal { draw() } else { say(shown) }
    }

    /// Over what was drawn before, and no more than the terminal has lines.
    private mutating func draw() {
        var lines = page
        let room = Terminal.height - 1
        if lines.count > room { lines = lines.prefix(room - 1) + ["…"] }
        Output.print(eraser + lines.map { "\($0)\n" }.joined())
        drawn = lines.count
    }

    private var eraser: String { drawn > 0 ? "\u{1B}[\(drawn)A\u{1B}[J" : "" }

    /// All of it, to stay.
    private mutating func finish() {
        guard !remote.face.isJSON else { return }
        Output.print(eraser + page.map { "\($0)\n" }.joined())
        drawn = 0
    }

    private var page: [String] {
        let face = remote.face
        return shown.map { shown in
            EnvironmentPage(shown, now: Face.now, width: face.width, isPainted: face.isPainted)
                .lines
        } ?? []
    }

    /// A line for each step, where there is no terminal.
    private mutating func say(_ shown: EnvironmentDetail) {
        guard let deployment = shown.summary.deployment else { return }
        let step = deployment.present.map { ": \($0.sentence)" } ?? ""
        let back = deployment.cause.map { " goes back (\($0.firstLine))" } ?? ""
        let line = Report.visible(
            "\(name) \(deployment.release)\(back), step \(deployment.step) of "
                + "\(deployment.steps.count)\(step)")
        if line != lastLine { Output.print(line + "\n") }
        lastLine = line
    }

    private func leave() -> Int32 {
        let name = Report.visible(name)
        Output.error("\nslipway: the deployment to \(name) goes on\n")
        return ExitCode.stopped
    }
}
