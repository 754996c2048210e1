import YAML

// Variables and triggers.

extension Variable {
    struct Body {
        let standard: String?
        let about: String?
        let choices: [String]
    }

    static let shape = Shape<Body>.either(
        Shape<String>.string.map { Body(standard: $0, about: nil, choices: []) },
        or: .mapping(about: "a value chosen when an execution starts") { keys in
            let standard = keys.optional("default", .string, about: "its value if nobody gives one")
            let about = keys.optional("about", .string, about: "what it is for")
            let choices = keys.optional("choices", .list(of: .string), about: "the values allowed")
            if let standard, let choices, !choices.contains(standard) {
                keys.findings.error(
                    at: keys.place(of: "default"), "'\(standard)' is not among the choices",
                    hint: "use \(oneOf(choices)), or add it to them")
            }
            return Body(standard: standard, about: about, choices: choices ?? [])
        })

    init(_ name: VariableName, _ body: Body) {
        self.init(name: name, standard: body.standard, about: body.about, choices: body.choices)
    }
}

extension Trigger {
    static let shape = Shape<Trigger>.mapping(about: "what else starts an execution") { keys in
        let schedule = keys.optional(
            "schedule", .schedule, about: "minute, hour, day, month and weekday, as in cron")
        let zone = keys.optional("zone", .zone, about: "whose clock; UTC if left out")
        let missed = keys.optional(
            "missed", Shape<MissedSchedule>.word(),
            about: "what becomes of times that passed unseen: skip them, or run once")
        let pipeline = keys.optional(
            "pipeline", PipelineName.shape.mentioned(as: .pipeline),
            about: "another pipeline's success")
        if !keys.isDescribing, keys.has("schedule") == keys.has("pipeline") {
            keys.findings.error(
                at: keys.place, "a trigger is either a 'schedule' or a 'pipeline'",
                hint: "make a list of triggers to have both")
        }
        if keys.has("pipeline"), let extra = ["zone", "missed"].first(where: keys.has) {
            keys.findings.error(
                at: keys.keyPlace(of: extra), "'\(extra)' belongs to a schedule", hint: "remove it")
        }
        if let pipeline { return .pipeline(pipeline) }
        return schedule.map { .schedule($0, zone: zone ?? "UTC", missed: missed ?? .skip) }
    }
}
