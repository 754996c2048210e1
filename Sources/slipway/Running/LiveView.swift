import Engine
import Glibc
import Pipelines
import TestReports

/// A terminal: what is over stands above, what runs is redrawn below.
final class LiveView: RunView {
    let interval: Duration? = .milliseconds(100)
    let wantsOutput = false

    private var running: [(subject: RunEvent.Subject, since: Steady)] = []
    private var waits: [String] = []
    private var drawn = 0
    private let colours: Bool

    init(colours: Bool) { self.colours = colours }

    func show(_ event: RunEvent, at time: Moment) {
        erase()
        switch event {
        case .actionStarted(let subject): running.append((subject, time.steady))
        case .actionFinished(let subject, let end, let duration):
            running.removeAll { $0.subject == subject }
            Output.print("  \(mark(end)) \(subject.title)  \(dim(note(end, duration)))\n")
        case .tests(_, let summary):
            let (first, rest) = summary.sentences
            Output.print("      \(summary.failed > 0 ? first : dim(first))\n")
            for line in rest { Output.print("        \(line)\n") }
        case .executionStarted, .stageEntered: heading(event)
        case .stageFinished: break
        case .approvalAsked(let stage, let rule):
            waits = ["\(stage) waits for an approval by \(RunSentence.whom(rule))"]
        case .executionFinished(let id, let outcome, let reason):
            waits = []
            let word = paint(outcome.rawValue, outcome == .succeeded ? "32" : "31")
            Output.print("\n\(bold("\(id)")) \(word)\(reason.isEmpty ? "" : ": \(reason)")\n")
        case .stageSkipped, .gateRefused, .actionRetried:
            for line in RunSentence.lines(of: event) { Output.print("\(dim(line))\n") }
        }
    }

    func show(lines: [ArraySlice<UInt8>], of subject: RunEvent.Subject, at time: Moment) {}

    func refresh(at time: Moment, lastLine: (RunEvent.Subject) -> String?) {
        var lines = running.map { subject, since in
            let elapsed = (time.steady - since).short
            let last = lastLine(subject).map { "  \($0)" } ?? ""
            let text = "  … \(subject.title)  \(elapsed)\(Report.visible(last))"
            return String(text.prefix(max(20, Terminal.width - 1)))
        }
        lines += waits
        erase()
        for line in lines { Output.print(dim(line) + "\n") }
        drawn = lines.count
    }

    func say(_ text: String) {
        erase()
        Output.print("\(text)\n")
    }

    func finish() { erase() }

    private func heading(_ event: RunEvent) {
        for (index, line) in RunSentence.lines(of: event).enumerated() {
            Output.print((index == 0 ? bold(line) : dim(line)) + "\n")
        }
    }

    /// Up over what was drawn, and everything below is gone.
    private func erase() {
        if drawn > 0 { Output.print("\u{1B}[\(drawn)A\u{1B}[J") }
        drawn = 0
    }

    private func mark(_ end: AttemptEnd) -> String {
        switch end {
        case .succeeded: paint("✓", "32")
        case .failed: paint("✗", "31")
        case .stopped: paint("■", "33")
        }
    }

    private func note(_ end: AttemptEnd, _ time: Duration) -> String {
        end == .succeeded ? time.short : "\(time.short)  \(end.sentence)"
    }

    private func bold(_ text: String) -> String { paint(text, "1") }
    private func dim(_ text: String) -> String { paint(text, "2") }

    private func paint(_ text: String, _ code: String) -> String {
        colours ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
