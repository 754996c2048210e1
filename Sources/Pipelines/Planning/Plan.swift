package import JSON

/// What would run, in what order, and why then.
package struct Plan: Hashable, Sendable {
    package let pipeline: PipelineName
    package let mode: ExecutionMode
    package let starts: [String]
    package let stages: [Stage]

    package struct Stage: Hashable, Sendable {
        package let name: String
        package let closed: String?
        package let before: [String]
        package let waves: [[Action]]
        package let onSuccess: [String]
        package let onFailure: String
    }

    package struct Action: Hashable, Sendable {
        package let name: String
        package let kind: String
        package let summary: String
        package let why: String
        package let retries: String
    }

    package init(of definition: Definition) {
        pipeline = definition.name
        mode = definition.mode
        starts = definition.sources.map(\.starts) + definition.triggers.map(\.starts)
        stages = definition.stages.enumerated().map { index, stage in
            Stage(stage, after: index == 0 ? nil : definition.stages[index - 1].name)
        }
    }
}

extension Plan.Stage {
    fileprivate init(_ stage: Stage, after earlier: StageName?) {
        name = stage.name.description
        closed = stage.closed
        before = stage.before.map(\.sentence)
        onSuccess = stage.onSuccess.map(\.sentence)
        onFailure = stage.onFailure.sentence
        waves = StageOrder.waves(of: stage).map { wave in
            wave.map { Plan.Action($0, first: earlier.map { "after stage '\($0)'" } ?? "first") }
        }
    }
}

extension Plan.Action {
    fileprivate init(_ action: Action, first: String) {
        name = action.name.description
        kind = type(of: action.work).key
        summary = action.work.summary
        let names = action.after.map { "'\($0)'" }.joined(separator: " and ")
        why = names.isEmpty ? first : "after \(names)"
        retries = action.retry.sentence
    }
}

extension Gate {
    fileprivate var sentence: String {
        otherwise == .fail ? kind.summary : "\(kind.summary), else \(otherwise.rawValue)"
    }
}

extension FailurePolicy {
    fileprivate var sentence: String {
        let again = retries == 0 ? "" : "retry \(retries) times (\(retryScope.rawValue)), then "
        return again + then.rawValue
    }
}

extension RetryPolicy {
    fileprivate var sentence: String {
        guard times > 0 else { return "never" }
        let all = causes.count == RetryCause.allCases.count
        let on = all ? "any failure" : causes.map(\.rawValue).sorted().joined(separator: ", ")
        return times == .max ? "on \(on)" : "up to \(times) times on \(on)"
    }
}

extension Source {
    fileprivate var starts: String {
        switch origin {
        case .git(let git): git.starts
        case .image(let image): "a new image at \(image)"
        }
    }
}

extension GitOrigin {
    fileprivate var starts: String {
        var text = "a push to \(address)"
        let refs = branches.map(\.text) + tags.map { "tag \($0.text)" }
        if !refs.isEmpty { text += " (\(refs.joined(separator: ", ")))" }
        if !paths.isEmpty { text += " that changes \(paths.map(\.text).joined(separator: ", "))" }
        return text
    }
}

extension Trigger {
    fileprivate var starts: String {
        switch self {
        case .schedule(let schedule, let zone, _):
            "the schedule '\(schedule.text)' in \(zone)"
        case .pipeline(let name): "a success of pipeline '\(name)'"
        }
    }
}

extension Plan {
    /// For people.
    package var text: String {
        var lines = ["pipeline '\(pipeline)', \(mode.rawValue)", "  starts with"]
        lines += starts.map { "    \($0)" }
        for (number, stage) in stages.enumerated() {
            lines.append("")
            lines.append("\(number + 1). stage '\(stage.name)'")
            if let closed = stage.closed { lines.append("   the way in is closed: \(closed)") }
            lines += stage.before.map { "   waits for \($0)" }
            for (step, wave) in stage.waves.enumerated() {
                for action in wave {
                    let what = "\(action.name)  \(action.kind): \(action.summary)"
                    lines.append("   \(number + 1).\(step + 1) \(what)")
                    lines.append("       \(action.why); retried \(action.retries)")
                }
            }
            lines += stage.onSuccess.map { "   leaves when \($0)" }
            lines.append("   if it fails: \(stage.onFailure)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    package var json: JSON {
        [
            "pipeline": .string(pipeline.description), "mode": .string(mode.rawValue),
            "starts": .array(starts.map(JSON.string)), "stages": .array(stages.map(\.json)),
        ]
    }
}

extension Plan.Stage {
    fileprivate var json: JSON {
        [
            "name": .string(name), "closed": closed.map(JSON.string) ?? .null,
            "before": .array(before.map(JSON.string)),
            "waves": .array(waves.map { .array($0.map(\.json)) }),
            "onSuccess": .array(onSuccess.map(JSON.string)), "onFailure": .string(onFailure),
        ]
    }
}

extension Plan.Action {
    fileprivate var json: JSON {
        [
            "name": .string(name), "kind": .string(kind), "summary": .string(summary),
            "why": .string(why), "retries": .string(retries),
        ]
    }
}
