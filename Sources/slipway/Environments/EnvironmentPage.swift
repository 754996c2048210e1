import Client
import Pipelines

/// An environment as somebody reads it who has been woken: how it is, what is wrong, what moves and
/// how far, who answers, and what can be done.
struct EnvironmentPage {
    /// Where nobody says how wide it may be.
    private static let standardWidth = 80

    private let shown: EnvironmentDetail
    private let now: Instant
    private let width: Int
    private let isPainted: Bool
    private(set) var lines: [String] = []

    init(_ shown: EnvironmentDetail, now: Instant, width: Int?, isPainted: Bool) {
        self.shown = shown
        self.now = now
        self.width = width ?? Self.standardWidth
        self.isPainted = isPainted
        addHead()
        addTroubles()
        addDeployment()
        addFailure()
        addTraffic()
        addInstances()
        addQueue()
        addDeeds()
    }

    private var summary: EnvironmentSummary { shown.summary }

    // MARK: - Lines

    /// What does not fit is cut.
    private mutating func add(_ text: String, _ paint: Table.Paint? = nil, indent: Int = 0) {
        let line = String(repeating: " ", count: indent) + Report.visible(text)
        let cut = Table.cut(line, to: width)
        lines.append(isPainted ? Table.paint(cut, paint) : cut)
    }

    /// What does not fit goes on below.
    private mutating func tell(_ text: String, _ paint: Table.Paint? = nil, indent: Int = 2) {
        for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = Report.visible(String(part)).split(separator: " ").map(String.init)
            for line in Wrapping.lines(of: words, indent: indent, more: 2, columns: width) {
                add(line, paint)
            }
        }
    }

    private mutating func begin(_ title: String) {
        add("")
        add(title, .faint)
    }

    private mutating func add(_ table: Table) {
        let text = table.text(width: width - 2, isPainted: isPainted)
        lines += text.split(separator: "\n").map { "  \($0)" }
    }

    // MARK: - Parts

    private mutating func addHead() {
        let health = Report.visible(summary.health)
        let painted = isPainted ? Table.paint(health, .init(health: summary.health)) : health
        lines.append("\(Report.visible(summary.name))  \(painted)")
        if let about = summary.about { tell(about, .faint) }
        guard let release = summary.release else {
            return tell("nothing is there; pipeline '\(summary.pipeline)' deploys to it")
        }
        tell(
            "\(release.release): "
                + ([release.shortVersion] + place(release)).joined(separator: ", "))
        for approval in release.approvals {
            tell("\(approval.votes) before '\(approval.stage)'", indent: 4)
        }
        for kept in shown.releases {
            guard let until = kept.kept else { continue }
            let end = Ago.text(until, now: now)
            tell("\(kept.release) stays for an instant way back, and ends \(end)")
        }
        let left = shown.releases.filter { shown.left.contains($0.version) }.map(\.release)
        if !left.isEmpty {
            tell("left by people, and not put back by pipelines: \(left.joined(separator: ", "))")
        }
        if let lock = summary.lock {
            let time = lock.since.map { " " + Ago.lasting(since: $0, now: now) } ?? ""
            tell("locked by \(lock.by)\(time): \(lock.reason)", .waiting)
        }
        if let frozen = summary.frozen { tell("frozen: \(frozen)", .waiting) }
    }

    private func place(_ release: PlacedRelease) -> [String] {
        [
            release.since.map { "for \(Ago.span(from: $0, to: now))" },
            release.by.map { "by \($0)" }, release.execution.map { "from \($0)" },
        ].compactMap(\.self)
    }

    private mutating func addTroubles() {
        guard !summary.drift.isEmpty else { return }
        begin("wrong")
        for drift in summary.drift {
            tell("\(drift.role.map { "\($0): " } ?? "")\(drift.sentence)", .bad)
        }
    }

    private mutating func addDeployment() {
        guard let deployment = summary.deployment else { return }
        let from = deployment.from.map { " over \($0)" } ?? ""
        begin("deployment of \(deployment.release)\(from), \(deployment.strategy)")
        let origin = origin(of: deployment)
        if !origin.isEmpty { tell("\(deployment.release): \(origin.joined(separator: ", "))") }
        if let cause = deployment.cause { tell("goes back: \(cause)", .bad) }
        for (index, step) in deployment.steps.enumerated() {
            switch index + 1 {
            case ..<deployment.step: add("✓ \(step.sentence)", .good, indent: 2)
            case deployment.step:
                tell("▸ \(step.sentence)\(time(of: deployment, step))", .active)
            default: add("  \(step.sentence)", .faint, indent: 2)
            }
        }
        if let progress = deployment.progress { tell("at AWS: \(progress)") }
        if let person = deployment.pausedBy { tell("paused by \(person)", .waiting) }
        if deployment.failures > 0, let last = deployment.lastFailure {
            tell("\(Output.count(deployment.failures, "failure")) so far; \(last)", .bad)
        }
    }

    /// How the last deployment went wrong, as long as no other has come after it.
    private mutating func addFailure() {
        let last = shown.history.first { $0.ended != nil }
        guard summary.deployment == nil, let last, ["turned back", "stuck"].contains(last.outcome)
        else { return }
        begin("last deployment")
        let time = last.ended.map { " \(Ago.text($0, now: now))" } ?? ""
        tell("\(last.release) \(last.outcome)\(time): \(last.reason)", .bad)
    }

    private func origin(of deployment: DeploymentWords) -> [String] {
        let release = shown.releases.first { $0.release == deployment.release }
        let past = shown.history.first { $0.release == deployment.release && $0.ended == nil }
        return [
            release?.shortVersion,
            past?.begun.map { "for \(Ago.span(from: $0, to: now))" },
            past.map { "by \($0.by)" },
            past?.execution.map { "from \($0)" },
        ].compactMap(\.self)
    }

    private func time(of deployment: DeploymentWords, _ step: DeploymentStep) -> String {
        let since = deployment.since.map { Ago.lasting(since: $0, now: now) }
        let end = deployment.deadline.map { deadline in
            let time = Ago.text(deadline, now: now)
            return step.kind == "watch" ? "over \(time)" : "given up \(time)"
        }
        let isHeld = deployment.pausedBy != nil && step.kind == "watch"
        let parts = [since, isHeld ? nil : end].compactMap(\.self)
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }

    private mutating func addTraffic() {
        guard !shown.traffic.isEmpty else { return }
        begin("requests")
        for traffic in shown.traffic {
            let places = traffic.listens.joined(separator: ", ")
            let doubt = traffic.confirmed ? "" : ", not yet confirmed by the balancer"
            tell("\(traffic.role) at \(places.isEmpty ? "no place" : places)\(doubt)")
            if traffic.lanes.isEmpty { add("nobody answers", .bad, indent: 4) }
            let names = traffic.lanes.map(\.release.count).max() ?? 0
            let figures = traffic.lanes.compactMap(\.figures?.line.count).max() ?? 0
            // The older first, so that they keep their places while requests move.
            for lane in traffic.lanes.sorted(by: { Self.number($0) < Self.number($1) }) {
                add(lane, names, figures)
            }
        }
    }

    private static func number(_ lane: TrafficWords.Lane) -> Int {
        Int(lane.release.dropFirst()) ?? 0
    }

    private mutating func add(_ lane: TrafficWords.Lane, _ names: Int, _ room: Int) {
        let figures = room > 0 ? "  " + (lane.figures?.line ?? "").padded(to: room) : ""
        let cells = max(10, min(60, width - 40 - figures.count))
        let filled = lane.percent == 0 ? 0 : max(1, cells * lane.percent / 100)
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
        let name = lane.release.padded(to: names)
        let percent =
            (lane.percent < 10 ? "  " : lane.percent < 100 ? " " : "") + "\(lane.percent) %"
        let isNew = lane.release == summary.deployment?.release
        add(
            "\(name)  \(bar) \(percent)\(figures)  \(lane.instances.joined(separator: " "))",
            isNew ? .active : nil, indent: 4)
    }

    private mutating func addInstances() {
        guard !shown.instances.isEmpty else { return }
        begin("instances")
        var table = Table("NAME", "SERVICE", "RELEASE", "CONDITION", "FOR")
        for instance in shown.instances {
            table.add(
                .init(instance.instance), .init(instance.role), .init(instance.release),
                .init(instance.condition, .init(condition: instance.condition)),
                .init(instance.since.map { Ago.span(from: $0, to: now) } ?? ""))
        }
        add(table)
        for instance in shown.instances {
            if let cause = instance.cause { tell("\(instance.instance) \(cause)", .bad) }
        }
    }

    private mutating func addQueue() {
        guard !shown.queue.isEmpty else { return }
        begin("waiting")
        for waiting in shown.queue {
            let from = waiting.execution.map { " from \($0)" } ?? ""
            let time = waiting.ordered.map { ", asked for \(Ago.text($0, now: now))" } ?? ""
            tell("\(waiting.release) by \(waiting.by)\(from)\(time)")
        }
    }

    private mutating func addDeeds() {
        let deeds = EnvironmentDeeds.all(for: shown)
        guard !deeds.isEmpty else { return }
        begin("what can be done")
        let longest = deeds.map(\.line.count).max() ?? 0
        for deed in deeds {
            add("\(deed.line.padded(to: longest))  \(deed.about)", indent: 2)
        }
    }
}

extension TrafficWords.Figures {
    /// `120/s, 0 % failed, 3 ms`
    var line: String {
        guard milliseconds > 0, answers > 0 else { return "no requests" }
        let rate = Double(answers) * 1_000 / Double(milliseconds)
        let share = Double(failures) * 100 / Double(answers)
        return "\(Self.short(rate))/s, \(Self.short(share)) % failed, \(latency) ms"
    }

    /// Two figures say enough.
    private static func short(_ number: Double) -> String {
        if number == 0 || number >= 10 { return "\(Int(number.rounded()))" }
        return number < 0.1 ? "below 0.1" : "\((number * 10).rounded() / 10)"
    }
}

extension StringProtocol {
    fileprivate func padded(to width: Int) -> String {
        String(self) + String(repeating: " ", count: Swift.max(0, width - count))
    }
}

extension Table.Paint {
    init?(health: String) {
        switch health {
        case "serving": self = .good
        case "deploying": self = .active
        case "going back": self = .waiting
        case "degraded": self = .bad
        case "empty": self = .faint
        default: return nil
        }
    }

    init?(condition: String) {
        switch condition {
        case "healthy": self = .good
        case "ordered", "starting": self = .active
        case "unhealthy": self = .bad
        case "leaving", "stopping": self = .faint
        default: return nil
        }
    }

    init?(outcome: String) {
        switch outcome {
        case "succeeded": self = .good
        case "turned back", "stuck": self = .bad
        case "waiting": self = .waiting
        case "deploying": self = .active
        case "dropped": self = .faint
        default: return nil
        }
    }
}
