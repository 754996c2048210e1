// Every `#{namespace.name}` has to stand for something by the time it is needed.
enum ReferenceCheck {
    /// Namespaces that are always there.
    static let reserved: Set<String> = ["variables", "slipway"]
    private static let ownFacts = ["pipeline", "execution", "number", "stage"]
    private static let gitFacts = ["commit", "short", "ref", "branch", "tag", "message", "author"]
    private static let imageFacts = ["digest", "short", "uri", "repository", "tag"]

    static func check(_ definition: Definition, _ findings: inout Findings) {
        let exporters = exporters(in: definition, &findings)
        let context = Context(definition: definition, exporters: exporters)
        for (index, stage) in definition.stages.enumerated() {
            for gate in stage.before {
                context.check(gate.kind.templates, &findings) { $0.stage < index }
            }
            for gate in stage.onSuccess {
                context.check(gate.kind.templates, &findings) { $0.stage <= index }
            }
            let order = StageOrder(stage)
            for action in stage.actions {
                let templates = definition.templates(of: action)
                guard !templates.allSatisfy(\.references.isEmpty) else { continue }
                let before = order.predecessors(of: action.name)
                context.check(templates, &findings) { exporter in
                    exporter.stage < index
                        || (exporter.stage == index && before.contains(exporter.action))
                }
            }
        }
    }

    struct Exporter {
        let stage: Int
        let stageName: StageName
        let action: ActionName
        let names: [String]
    }

    private static func exporters(
        in definition: Definition, _ findings: inout Findings
    ) -> [String: [Exporter]] {
        var exporters: [String: [Exporter]] = [:]
        for (index, stage) in definition.stages.enumerated() {
            for action in stage.actions {
                let isTaken =
                    reserved.contains(action.namespace)
                    || definition.sources.contains { $0.name.description == action.namespace }
                if isTaken, !action.work.exports.isEmpty {
                    findings.error(
                        at: action.place,
                        "'#{\(action.namespace).…}' means something else already",
                        hint: "give action '\(action.name)' a 'namespace' of its own")
                    continue
                }
                exporters[action.namespace, default: []].append(
                    Exporter(
                        stage: index, stageName: stage.name, action: action.name,
                        names: action.work.exports.map(\.description)))
            }
        }
        return exporters
    }

    private struct Context {
        let definition: Definition
        let exporters: [String: [Exporter]]

        func check(
            _ templates: [Template], _ findings: inout Findings, isInTime: (Exporter) -> Bool
        ) {
            for reference in templates.flatMap(\.references) {
                switch reference.namespace {
                case "variables":
                    let known = definition.variables.map(\.name.description)
                    expect(reference, in: known, nobody: "no variable is called", &findings)
                case "slipway":
                    expect(reference, in: ownFacts, nobody: "an execution has no", &findings)
                default:
                    let source = definition.sources.first {
                        $0.name.description == reference.namespace
                    }
                    switch source?.origin {
                    case .git:
                        expect(reference, in: gitFacts, nobody: "a source has no", &findings)
                    case .image:
                        expect(reference, in: imageFacts, nobody: "an image has no", &findings)
                    case nil: checkExport(reference, &findings, isInTime: isInTime)
                    }
                }
            }
        }

        private func checkExport(
            _ reference: Template.Reference, _ findings: inout Findings,
            isInTime: (Exporter) -> Bool
        ) {
            guard let all = exporters[reference.namespace], let exporter = all.first else {
                if findings.lost.contains(reference.namespace) { return }
                let known =
                    reserved.sorted() + definition.sources.map(\.name.description)
                    + exporters.filter { $0.value.contains { !$0.names.isEmpty } }.keys.sorted()
                let guess = Nearest.word(to: reference.namespace, among: known)
                findings.error(
                    at: reference.place, "'\(reference)': there is no '\(reference.namespace)'",
                    hint: (guess.map { "did you mean '\($0)'? " } ?? "")
                        + thereAre(known))
                return
            }
            guard all.count == 1 else {
                let places = all.map { "'\($0.stageName)'" }.joined(separator: " and ")
                findings.error(
                    at: reference.place,
                    "'\(reference)' could be action '\(reference.namespace)' of stage \(places)",
                    hint: "give one of them a 'namespace' of its own")
                return
            }
            let sets = "action '\(exporter.action)' sets no"
            guard expect(reference, in: exporter.names, nobody: sets, &findings) else { return }
            if !isInTime(exporter) {
                findings.error(
                    at: reference.place,
                    "'\(reference)' is not known by then: action '\(exporter.action)' sets it",
                    hint: "add 'after: \(exporter.action)', or use it in a later stage")
            }
        }

        @discardableResult
        private func expect(
            _ reference: Template.Reference, in known: [String], nobody: String,
            _ findings: inout Findings
        ) -> Bool {
            let name = reference.name.description
            if known.contains(name) || findings.lost.contains(name) { return true }
            let guess = Nearest.word(to: name, among: known).map { "did you mean '\($0)'? " } ?? ""
            findings.error(
                at: reference.place, "'\(reference)': \(nobody) '\(name)'",
                hint: guess + thereAre(known))
            return false
        }
    }
}
