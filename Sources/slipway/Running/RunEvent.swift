import Engine
import Pipelines
import TestReports

/// What people and programs are told of an execution while it runs.
enum RunEvent {
    case executionStarted(ExecutionID, Definition, [Revision])
    case stageEntered(StageName)
    case stageSkipped(StageName, reason: String)
    case stageFinished(StageName, succeeded: Bool)
    case actionStarted(Subject)
    case actionFinished(Subject, AttemptEnd, Duration)
    /// What its test reports told.
    case tests(Subject, TestSummary)
    case actionRetried(Subject, in: Duration)
    case approvalAsked(StageName, ApprovalRule)
    case gateRefused(StageName, reason: String)
    case executionFinished(ExecutionID, Outcome, reason: String)

    /// One attempt at an action, or at the check of a gate.
    struct Subject: Hashable {
        let attempt: AttemptID

        var stage: StageName { attempt.visit.stage }

        var name: String {
            switch attempt.job {
            case .action(let name): name.description
            case .check(let side, let index): "check \(index + 1) \(side.rawValue)"
            case .hook(let hook, let action): "\(hook.rawValue) of \(action)"
            }
        }

        /// As it is shown: the number only where it is not the first.
        var title: String { attempt.number == 1 ? name : "\(name) (attempt \(attempt.number))" }
    }
}

/// Whoever shows events, and what shows besides while time passes.
protocol RunView: AnyObject {
    /// How often it wants to be asked to show what has changed by itself.
    var interval: Duration? { get }
    /// Whether it wants every line that is printed, or only to know where they are.
    var wantsOutput: Bool { get }

    func show(_ event: RunEvent, at time: Moment)
    /// Some lines that an action has printed, which need not be text.
    func show(lines: [ArraySlice<UInt8>], of subject: RunEvent.Subject, at time: Moment)
    func refresh(at time: Moment, lastLine: (RunEvent.Subject) -> String?)
    /// A word to the person who is there.
    func say(_ text: String)
    func finish()
}

extension Sequence<UInt8> {
    /// Letters that mean themselves wherever text is shown, quoted or not: most lines have no
    /// others, and are shown quickly.
    var isPlain: Bool {
        allSatisfy { 0x20...0x7E ~= $0 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}
