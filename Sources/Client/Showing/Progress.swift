import Pipelines

/// What has happened to an execution between two looks at it, told as `slipway run` tells it.
///
/// The looks are what counts, not the news that led to them: so nothing is told twice or lost,
/// however often the server went away in between.
package struct Progress: Sendable {
    /// One attempt at an action.
    package struct Subject: Hashable, Sendable {
        package let stage: String
        package let action: String
        package let visit: Int
        package let number: Int

        package var title: String {
            let name = "\(stage)/\(action)"
            return Report.visible(number == 1 ? name : "\(name) (attempt \(number))")
        }
    }

    private struct Passed {
        var visits: Int
        var status = ""
    }

    package enum Step: Hashable, Sendable {
        case say(String)
        case began(Subject)
        /// With what is to be said once all is shown that it has printed.
        case ended(Subject, String)
        case over(Condition, String)
    }

    private var stages: [String: Passed] = [:]
    private var attempts: [Subject: Condition] = [:]
    private var waits: [ReasonWords] = []
    private var hasBegun = false
    package private(set) var isOver = false

    package init() {}

    package mutating func take(_ now: ExecutionDetail) -> [Step] {
        var steps: [Step] = hasBegun ? [] : Self.heading(of: now)
        hasBegun = true
        for stage in now.stages { take(stage, &steps) }
        let waiting = now.waiting.filter { !$0.isUsual }
        for wait in waiting
        where !now.condition.isOver
            && !waits.contains(where: { $0.sentence == wait.sentence })
        {
            steps.append(.say(Report.visible("\(wait.subject) waits: \(wait.waitsFor)")))
        }
        waits = waiting
        if now.condition.isOver, !isOver {
            isOver = true
            let reason = now.reason.isEmpty ? "" : ": \(now.reason.firstLine)"
            let line = Report.visible("\(now.execution) \(now.status)\(reason)")
            steps.append(.over(now.condition, line))
        }
        return steps
    }

    private mutating func take(_ stage: ExecutionDetail.Stage, _ steps: inout [Step]) {
        let hasBegun = stage.actions.contains { $0.attempts.contains(where: \.isBegun) }
        // A later visit begins anew.
        if hasBegun, (stages[stage.name]?.visits ?? 0) < stage.visits {
            steps.append(.say(Report.visible(stage.name)))
            stages[stage.name] = Passed(visits: stage.visits)
        }
        for action in stage.actions {
            for attempt in action.attempts { take(attempt, &steps) }
        }
        let isTold = stages[stage.name]?.status == stage.status
        guard stage.condition.isOver, !isTold else { return }
        stages[stage.name, default: Passed(visits: stage.visits)].status = stage.status
        steps.append(.say(Report.visible("\(stage.name) \(stage.status)")))
    }

    private mutating func take(_ attempt: AttemptWords, _ steps: inout [Step]) {
        let subject = Subject(
            stage: attempt.stage, action: attempt.job, visit: attempt.visit,
            number: attempt.attempt)
        let known = attempts[subject]
        guard attempt.isBegun, known?.isOver != true else { return }
        let title = Report.visible(attempt.title)
        if known == nil {
            steps.append(.say("  \(title) started"))
            steps.append(.began(subject))
        }
        attempts[subject] = attempt.condition
        guard attempt.condition.isOver else { return }
        let reason = attempt.reason.isEmpty ? "" : ": \(attempt.reason.firstLine)"
        var time = ""
        if let start = attempt.started, let end = attempt.finished {
            time = " (\(Ago.elapsed(from: start, to: end)))"
        }
        let end = Report.visible(attempt.status + reason)
        let lines = ["  \(title) \(end)\(time)"] + attempt.reason.furtherLines.map { "    \($0)" }
        steps.append(.ended(subject, lines.joined(separator: "\n")))
    }

    private static func heading(of execution: ExecutionDetail) -> [Step] {
        [.say(Report.visible(execution.execution))]
            + execution.revisions.map { .say("  " + $0.sentence) }
    }
}

extension RevisionWords {
    /// `app at 0123456789ab (main) Say hello`, with nothing a terminal would obey.
    package var sentence: String {
        let name = ref.hasPrefix("refs/heads/") ? ref.dropFirst(11) : ref[...]
        let first = message.prefix { !$0.isNewline }
        let words = [
            "\(source) at \(shortVersion)", name.isEmpty ? "" : "(\(name))", String(first),
        ]
        let line = words.filter { !$0.isEmpty }.joined(separator: " ")
        return Report.visible(String(line.prefix(100)))
    }

    /// As much of the commit, or of the image's digest, as people read.
    private var shortVersion: String {
        let digest = image?.split(separator: "@").last.map { String($0) }
        return ShortVersion.of(commit ?? digest ?? "?")
    }
}

extension AttemptWords {
    /// It runs, or has run.
    fileprivate var isBegun: Bool { started != nil || condition == .active }
}
