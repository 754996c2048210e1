import Engine
import JSON
import Pipelines
import Zones

/// One object on a line for each event.
final class JSONView: RunView {
    let interval: Duration? = nil
    let wantsOutput = true

    func show(_ event: RunEvent, at time: Moment) {
        Output.print(line(name(of: event), at: time, details(of: event)) + "\n")
    }

    func show(lines: [ArraySlice<UInt8>], of subject: RunEvent.Subject, at time: Moment) {
        // All but the text is the same in each.
        let empty = line("output", at: time, about(subject) + [("text", "")])
        let begin = Array(empty.utf8.dropLast(3))
        var bytes: [UInt8] = []
        for line in lines {
            bytes += begin
            if line.isPlain {
                bytes.append(UInt8(ascii: "\""))
                bytes += line
                bytes.append(UInt8(ascii: "\""))
            } else {
                bytes += JSON.string(String(decoding: line, as: UTF8.self)).text.utf8
            }
            bytes.append(UInt8(ascii: "}"))
            bytes.append(UInt8(ascii: "\n"))
        }
        Output.print(bytes: bytes)
    }

    private func line(_ name: String, at time: Moment, _ details: [(String, JSON)]) -> String {
        var object: [(String, JSON)] = [("event", .string(name))]
        object.append(("time", .string(Timestamp.text(milliseconds: time.wall))))
        return JSON.object((object + details).map { JSON.Member($0.0, $0.1) }).text
    }

    func refresh(at time: Moment, lastLine: (RunEvent.Subject) -> String?) {}

    func say(_ text: String) { Output.error("slipway: \(text)\n") }

    func finish() {}

    private func name(of event: RunEvent) -> String {
        switch event {
        case .executionStarted: "execution-started"
        case .stageEntered: "stage-entered"
        case .stageSkipped: "stage-skipped"
        case .stageFinished: "stage-finished"
        case .actionStarted: "action-started"
        case .actionFinished: "action-finished"
        case .tests: "tests"
        case .actionRetried: "action-retried"
        case .approvalAsked: "approval-asked"
        case .gateRefused: "gate-refused"
        case .executionFinished: "execution-finished"
        }
    }

    private func details(of event: RunEvent) -> [(String, JSON)] {
        switch event {
        case .executionStarted(let id, let definition, let revisions):
            [
                ("execution", .string("\(id)")), ("pipeline", .string("\(definition.name)")),
                ("revisions", .array(revisions.map(json))),
            ]
        case .stageEntered(let stage): [("stage", .string("\(stage)"))]
        case .stageSkipped(let stage, let reason), .gateRefused(let stage, let reason):
            [("stage", .string("\(stage)")), ("reason", .string(reason))]
        case .stageFinished(let stage, let succeeded):
            [
                ("stage", .string("\(stage)")),
                ("status", .string(succeeded ? "Succeeded" : "Failed")),
            ]
        case .actionStarted(let subject): about(subject)
        case .actionFinished(let subject, let end, let time):
            about(subject) + result(end)
                + [("milliseconds", .int(time.milliseconds))]
        case .tests(let subject, let summary): about(subject) + summary.members
        case .actionRetried(let subject, let pause):
            about(subject) + [("in-milliseconds", .int(pause.milliseconds))]
        case .approvalAsked(let stage, let rule):
            [("stage", .string("\(stage)")), ("by", .array(rule.by.map { .string($0) }))]
        case .executionFinished(let id, let outcome, let reason):
            [
                ("execution", .string("\(id)")), ("status", .string(status(outcome))),
                ("reason", .string(reason)),
            ]
        }
    }

    private func about(_ subject: RunEvent.Subject) -> [(String, JSON)] {
        [
            ("stage", .string("\(subject.stage)")), ("action", .string(subject.name)),
            ("attempt", .int(subject.attempt.number)),
        ]
    }

    private func result(_ end: AttemptEnd) -> [(String, JSON)] {
        switch end {
        case .succeeded: [("status", "Succeeded")]
        case .stopped: [("status", "Stopped")]
        case .failed(let cause, let reason):
            [
                ("status", "Failed"), ("cause", .string(cause.rawValue)),
                ("reason", .string(reason)),
            ]
        }
    }

    private func json(_ revision: Revision) -> JSON {
        let version: JSON.Member =
            switch revision.version {
            case .commit(let commit): .init("commit", .string(commit))
            case .image(let image): .init("image", .string("\(image)"))
            }
        return .object([
            .init("source", .string("\(revision.source)")), version,
            .init("ref", .string(revision.ref)),
        ])
    }

    /// CodePipeline's own words.
    private func status(_ outcome: Outcome) -> String {
        switch outcome {
        case .succeeded: "Succeeded"
        case .failed: "Failed"
        case .stopped: "Stopped"
        case .superseded: "Superseded"
        case .cancelled: "Cancelled"
        }
    }
}
