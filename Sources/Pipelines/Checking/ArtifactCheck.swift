// Whatever an action reads has to be made before; whatever is made should be read.
enum ArtifactCheck {
    static func check(_ definition: Definition, _ findings: inout Findings) {
        let makers = makers(in: definition, &findings)
        var used = Set<ArtifactName>()
        for (index, stage) in definition.stages.enumerated() {
            let order = StageOrder(stage)
            for action in stage.actions where !action.work.inputs.isEmpty {
                let before = order.predecessors(of: action.name)
                for input in action.work.inputs {
                    used.insert(input.value)
                    if isSource(input.value, definition) { continue }
                    check(
                        input, madeBy: makers[input.value], definition, &findings
                    ) { maker in
                        maker.stage < index
                            || (maker.stage == index && before.contains(maker.action))
                    }
                }
            }
            for (gates, end) in [(stage.before, index), (stage.onSuccess, index + 1)] {
                for gate in gates {
                    guard case .check(let action, _) = gate.kind.opening else { continue }
                    for input in action.work.inputs {
                        used.insert(input.value)
                        if isSource(input.value, definition) { continue }
                        check(input, madeBy: makers[input.value], definition, &findings) {
                            $0.stage < end
                        }
                    }
                }
            }
        }
        // With a mistake elsewhere, who uses what is not known for sure.
        if !findings.hasErrors { warn(of: makers, but: used, &findings) }
    }

    private struct Maker {
        let stage: Int
        let action: ActionName
        let output: Located<ArtifactName>
    }

    private static func makers(
        in definition: Definition, _ findings: inout Findings
    ) -> [ArtifactName: Maker] {
        var makers: [ArtifactName: Maker] = [:]
        for (index, stage) in definition.stages.enumerated() {
            for action in stage.actions {
                for output in action.work.outputs {
                    if isSource(output.value, definition) {
                        findings.error(
                            at: output.place, "artifact '\(output.value)' has the name of a source",
                            hint: "give it another name")
                    }
                    if let other = makers[output.value] {
                        findings.error(
                            at: output.place,
                            "action '\(other.action)' makes artifact '\(output.value)' already",
                            hint: "give one of the two another name")
                        continue
                    }
                    makers[output.value] = Maker(stage: index, action: action.name, output: output)
                }
            }
        }
        return makers
    }

    private static func isSource(_ name: ArtifactName, _ definition: Definition) -> Bool {
        definition.sources.contains { $0.name.description == name.description }
    }

    private static func check(
        _ input: Located<ArtifactName>, madeBy maker: Maker?, _ definition: Definition,
        _ findings: inout Findings, isInTime: (Maker) -> Bool
    ) {
        guard let maker else {
            if findings.lost.contains("\(input.value)") { return }
            let outputs = definition.stages.flatMap(\.actions).flatMap(\.work.outputs)
            let known =
                outputs.map(\.value.description) + definition.sources.map(\.name.description)
            let guess = Nearest.word(to: "\(input.value)", among: known)
            findings.error(
                at: input.place, "nobody makes '\(input.value)'",
                hint: (guess.map { "did you mean '\($0)'? " } ?? "")
                    + "sources and artifacts here are \(oneOf(known))")
            return
        }
        guard !isInTime(maker) else { return }
        findings.error(
            at: input.place,
            "'\(input.value)' is not made by then: action '\(maker.action)' makes it",
            hint: "add 'after: \(maker.action)', or put this into a later stage")
    }

    private static func warn(
        of makers: [ArtifactName: Maker], but used: Set<ArtifactName>, _ findings: inout Findings
    ) {
        for (name, maker) in makers where !used.contains(name) {
            findings.warning(
                at: maker.output.place, "nobody uses artifact '\(name)'",
                hint: "remove it, or keep it if somebody downloads it by hand")
        }
    }
}
