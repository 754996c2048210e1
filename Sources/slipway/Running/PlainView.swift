import Engine
import Pipelines

/// Lines one after the other, for a file, a pipe or another program's eyes.
final class PlainView: RunView {
    let interval: Duration? = nil
    let wantsOutput: Bool

    init(wantsOutput: Bool) { self.wantsOutput = wantsOutput }

    func show(_ event: RunEvent, at time: Moment) {
        for line in RunSentence.lines(of: event) { Output.print(line + "\n") }
    }

    func show(lines: [ArraySlice<UInt8>], of subject: RunEvent.Subject, at time: Moment) {
        let begin = Array("  \(subject.stage)/\(subject.title) | ".utf8)
        var bytes: [UInt8] = []
        for line in lines {
            bytes += begin
            if line.isPlain {
                bytes += line
            } else {
                bytes += Report.visible(String(decoding: line, as: UTF8.self)).utf8
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        Output.print(bytes: bytes)
    }

    func refresh(at time: Moment, lastLine: (RunEvent.Subject) -> String?) {}

    func say(_ text: String) { Output.error("slipway: \(text)\n") }

    func finish() {}
}

/// Events as sentences.
enum RunSentence {
    static func lines(of event: RunEvent) -> [String] {
        switch event {
        case .executionStarted(let id, _, let revisions):
            ["\(id)"] + revisions.map { "  \($0.source) at \(line(of: $0))" }
        case .stageEntered(let stage): ["\(stage)"]
        case .stageSkipped(let stage, let reason): ["\(stage) skipped: \(reason)"]
        case .stageFinished(let stage, let succeeded):
            ["\(stage) \(succeeded ? "succeeded" : "failed")"]
        case .actionStarted(let subject): ["  \(subject.stage)/\(subject.title) started"]
        case .actionFinished(let subject, let end, let time):
            ["  \(subject.stage)/\(subject.title) \(end.sentence) (\(time.short))"]
        case .tests(let subject, let summary):
            ["  \(subject.stage)/\(subject.title): \(summary.sentences.first)"]
                + summary.sentences.rest.map { "    \($0)" }
        case .actionRetried(let subject, let pause):
            ["  \(subject.stage)/\(subject.name) is tried again in \(pause.short)"]
        case .approvalAsked(let stage, let rule):
            ["\(stage) waits for an approval by \(whom(rule))"]
        case .gateRefused(let stage, let reason): ["\(stage) is not entered: \(reason)"]
        case .executionFinished(let id, let outcome, let reason):
            ["\(id) \(outcome.rawValue)" + (reason.isEmpty ? "" : ": \(reason)")]
        }
    }

    static func whom(_ rule: ApprovalRule) -> String {
        rule.by.isEmpty ? "somebody who may approve" : rule.by.joined(separator: " or ")
    }

    static func line(of revision: Revision) -> String {
        let first = revision.message.prefix { !$0.isNewline }
        let ref =
            revision.ref.hasPrefix("refs/heads/") ? revision.ref.dropFirst(11) : revision.ref[...]
        // What no commit has, has no name and no message either.
        let words = ["\(revision.shortID)", ref.isEmpty ? "" : "(\(ref))", "\(first)"]
        let shown = words.filter { !$0.isEmpty }.joined(separator: " ")
        return Report.visible(String(shown.prefix(100)))
    }
}
