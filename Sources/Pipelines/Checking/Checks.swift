import YAML

// What spans more than one key: the whole is held together here.
enum Checks {
    static func check(_ definition: Definition, _ findings: inout Findings) {
        checkNames(definition, &findings)
        for stage in definition.stages { checkOrder(of: stage, &findings) }
        ArtifactCheck.check(definition, &findings)
        ReferenceCheck.check(definition, &findings)
        checkRollBack(definition, &findings)
        EnvironmentCheck.check(definition, &findings)
    }

    private static func checkNames(_ definition: Definition, _ findings: inout Findings) {
        var first: [StageName: Int] = [:]
        for stage in definition.stages {
            if let line = first[stage.name] {
                findings.error(
                    at: stage.written.place,
                    "stage '\(stage.name)' is here twice, first in line \(line)",
                    hint: "give it another name")
            }
            first[stage.name] = first[stage.name] ?? stage.written.place.line
        }
        for source in definition.sources
        where ReferenceCheck.reserved.contains(source.name.description) {
            findings.error(
                at: source.written.place, "a source cannot be called '\(source.name)'",
                hint: "'#{\(source.name).…}' means something else already; choose another name")
        }
    }

    /// `after` names actions of the stage, and following it never leads back.
    private static func checkOrder(of stage: Stage, _ findings: inout Findings) {
        let names = stage.actions.map(\.name)
        for action in stage.actions {
            for name in action.written
            where !names.contains(name.value) && !findings.lost.contains("\(name.value)") {
                let guess = Nearest.word(to: "\(name.value)", among: names.map(\.description))
                findings.error(
                    at: name.place, "stage '\(stage.name)' has no action '\(name.value)'",
                    hint: (guess.map { "did you mean '\($0)'? " } ?? "")
                        + "it has \(oneOf(names.map(\.description)))")
            }
        }
        if let circle = StageOrder(stage).circle {
            let place = stage.actions.first { $0.name == circle.first }?.written.first?.place
            findings.error(
                at: place ?? stage.written.place,
                "these actions wait for one another: "
                    + circle.map(\.description).joined(separator: " → "),
                hint: "take one 'after' away")
        }
    }

    private static func checkRollBack(_ definition: Definition, _ findings: inout Findings) {
        guard definition.mode == .parallel else { return }
        for stage in definition.stages {
            guard
                stage.onFailure.then == .rollBack
                    || stage.onSuccess.contains(where: { $0.otherwise == .rollBack })
            else { continue }
            findings.error(
                at: stage.onFailurePlace,
                "stage '\(stage.name)' cannot roll back: parallel executions have no order",
                hint: "use mode 'superseded' or 'queued', or 'on-failure: fail'")
        }
    }
}
