package import Engine
import Pipelines

extension EngineState {
    /// What a runner has to know to begin an attempt: texts filled in, inputs by their digests.
    package func assignment(for attempt: AttemptID) throws(Unassignable) -> Assignment {
        if attempt.job.isHook { return try assignment(forHook: attempt) }
        guard let execution = execution(attempt.visit.execution),
            let definition = definition(of: execution), let action = definition.action(of: attempt)
        else { throw Unassignable("its execution is gone") }
        let fill = { (template: Template) in
            template.filled { value(of: $0, in: $1, for: execution) ?? "" }
        }
        if let image = action.work as? Image {
            return try assignment(for: attempt, image, execution, definition, fill)
        }
        guard let run = action.work as? Run else {
            throw Unassignable(
                "runners know actions of kinds 'run' and 'image', and this is one of kind "
                    + "'\(type(of: action.work).key)'")
        }
        var environment = facts(of: attempt, in: execution)
        for setting in run.environment { environment[setting.name] = fill(setting.value) }
        return Assignment(
            attempt, run: run, environment: environment,
            inputs: try inputs(run.inputs, for: execution, definition),
            caches: caches(of: run, for: execution, definition, fill), image: run.image.map(fill))
    }

    private func assignment(
        for attempt: AttemptID, _ image: Image, _ execution: Execution, _ definition: Definition,
        _ fill: (Template) -> String
    ) throws(Unassignable) -> Assignment {
        let inputs = try inputs(image.inputs, for: execution, definition)
        // What is made of an artifact was made of the first source.
        var revision = execution.revisions.first
        if case .revision(let own) = inputs.first?.content { revision = own }
        let address = definition.sources.first { $0.name == revision?.source }?.git?.address
        return Assignment(
            attempt, image: image,
            order: ImageOrder(
                image, of: revision, from: address, for: CacheLine.own(of: execution), fill),
            inputs: inputs)
    }

    private func caches(
        of run: Run, for execution: Execution, _ definition: Definition,
        _ fill: (Template) -> String
    ) -> [Assignment.Cache] {
        let lines = [CacheLine.own(of: execution), CacheLine.main(of: execution, definition)]
            .compactMap(\.self)
        return run.caches.map { cache in
            .init(
                path: cache.path, key: fill(cache.key),
                lines: lines.first == lines.last ? Array(lines.prefix(1)) : lines)
        }
    }

    /// What every command can ask of its environment.
    private func facts(of attempt: AttemptID, in execution: Execution) -> [String: String] {
        var facts = attempt.facts
        if case .action(let name) = attempt.job { facts["SLIPWAY_ACTION"] = "\(name)" }
        if let revision = execution.revisions.first {
            facts["SLIPWAY_COMMIT"] = revision.commit
            facts["SLIPWAY_IMAGE"] = revision.image.map { "\($0)" }
            facts["SLIPWAY_REF"] = revision.ref
        }
        return facts
    }

    /// Without a word of the author an action works on the first source.
    private func inputs(
        _ named: [Located<ArtifactName>], for execution: Execution, _ definition: Definition
    ) throws(Unassignable) -> [Assignment.Input] {
        var names = named.map(\.value.description)
        if names.isEmpty { names = definition.sources.prefix(1).map(\.name.description) }
        var inputs: [Assignment.Input] = []
        for name in names {
            guard let content = content(of: name, for: execution) else {
                throw Unassignable(
                    "nobody has made '\(name)' in execution \(execution.id): "
                        + "the stage that makes it was skipped")
            }
            inputs.append(.init(name: name, content: content))
        }
        return inputs
    }

    private func content(
        of name: String, for execution: Execution
    ) -> Assignment.Input.Content? {
        if let revision = execution.revisions.first(where: { $0.source.description == name }) {
            return .revision(revision)
        }
        return execution.artifacts.last { $0.name.description == name }.map { .artifact($0) }
    }
}

extension AttemptID {
    /// What it knows of itself.
    var facts: [String: String] {
        [
            "SLIPWAY_PIPELINE": "\(visit.execution.pipeline)",
            "SLIPWAY_EXECUTION": "\(visit.execution)",
            "SLIPWAY_NUMBER": "\(visit.execution.number)",
            "SLIPWAY_STAGE": "\(visit.stage)",
            "SLIPWAY_ATTEMPT": "\(number)",
        ]
    }
}
