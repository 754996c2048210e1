import Engine
import People
import Pipelines
import YAML

/// A repository that is watched, and how it stands with it.
package struct WatchedRemote: Hashable, Sendable {
    /// As definitions have its address.
    package let addresses: Set<String>
    /// It has answered at least once.
    package let isSeen: Bool
    /// Why it does not answer now.
    package let problem: String?

    package init(addresses: Set<String>, isSeen: Bool, problem: String?) {
        self.addresses = addresses
        self.isSeen = isSeen
        self.problem = problem
    }
}

/// What a definition can count on in a house at one moment, as far as whoever asks may know it.
struct Inventory {
    let state: EngineState
    let now: Moment
    /// Nothing if it is not known which there are.
    let profiles: [RunnerProfile]?
    let remotes: [WatchedRemote]
    let mayLook: (PipelineName) -> Bool

    /// In the order of the text.
    func needs(of definition: Definition, _ mentions: [Mention]) -> [Need] {
        let approvers = Approvers(state: state, now: now, definition: definition)
        let all =
            definition.sources.map(need) + mentions.compactMap { need($0, definition.name) }
            + refusals(of: definition) + approvers.needs(mentions)
        var seen: Set<Need> = []
        return all.filter { seen.insert($0).inserted }.enumerated().sorted {
            ($0.element.place, $0.offset) < ($1.element.place, $1.offset)
        }.map(\.element)
    }

    private func need(_ mention: Mention, _ own: PipelineName) -> Need? {
        switch mention.kind {
        case .runner: runner(mention)
        case .secret: secret(mention)
        case .pipeline: pipeline(mention, own)
        case .approver: nil
        }
    }

    private func runner(_ mention: Mention) -> Need {
        guard let profiles else {
            return .unknown(
                .runner, mention.name, at: mention.place, "the server does not tell its runners")
        }
        let names = profiles.map(\.name.description)
        if names.contains(mention.name) { return .here(.runner, mention.name, at: mention.place) }
        let guess = Nearest.word(to: mention.name, among: names).map { "did you mean '\($0)'? " }
        return .missing(
            .runner, mention.name, at: mention.place,
            "the server has no runner '\(mention.name)'",
            hint: (guess ?? "") + "there are \(list(names)); whoever hosts the server adds one as "
                + "'\(mention.name).yml' among its runners")
    }

    private func secret(_ mention: Mention) -> Need {
        let names = state.people.secrets.keys.map(\.description)
        if names.contains(mention.name) { return .here(.secret, mention.name, at: mention.place) }
        return .missing(
            .secret, mention.name, at: mention.place,
            "the server has no secret '\(mention.name)'",
            hint: "slipway secrets set \(mention.name)")
    }

    private func pipeline(_ mention: Mention, _ own: PipelineName) -> Need? {
        guard let name = PipelineName(mention.name) else { return nil }
        guard mayLook(name) || name == own else {
            return .unknown(
                .pipeline, mention.name, at: mention.place,
                "you may not look at pipeline '\(name)'")
        }
        if name == own || state.pipelines[name]?.current != nil {
            return .here(.pipeline, mention.name, at: mention.place)
        }
        let names = state.pipelines.values.filter { $0.current != nil }.map(\.name)
            .filter(mayLook).map(\.description)
        let guess = Nearest.word(to: mention.name, among: names).map { "did you mean '\($0)'? " }
        return .missing(
            .pipeline, mention.name, at: mention.place,
            "the server has no pipeline '\(name)', so nothing starts by its success",
            hint: (guess ?? "") + "give the server that one first")
    }

    private func need(_ source: Source) -> Need {
        let (name, place) = (source.name.description, source.written.place)
        let known = remotes.first { $0.addresses.contains(source.address) }
        if let problem = known?.problem {
            return .missing(
                .source, name, at: place, "'\(source.address)' does not answer: \(problem)",
                hint: source.image == nil
                    ? "see that its address is right and that its 'credential' opens it"
                    : "see that its name is right and that a profile of its registry opens it")
        }
        guard known?.isSeen == true else {
            return .unknown(
                .source, name, at: place,
                "the server looks at '\(source.address)' when it has the pipeline")
        }
        return .here(.source, name, at: place)
    }

    /// What runners that are here would not run.
    private func refusals(of definition: Definition) -> [Need] {
        definition.stages.flatMap { stage in
            stage.allActions.flatMap { action in
                action.runs.compactMap { run in need(of: run, action, stage) }
            }
        }
    }

    private func need(of run: Run, _ action: Action, _ stage: Stage) -> Need? {
        guard let profile = profiles?.first(where: { $0.name == run.runner }) else { return nil }
        do throws(RunnerRefusal) {
            try profile.take(run)
            return .here(.runner, "\(run.runner)", at: action.place)
        } catch {
            return .missing(
                .runner, "\(run.runner)", at: action.place,
                "'\(action.name)' of stage '\(stage.name)' cannot run: \(error)",
                hint: "ask for less, or name another runner")
        }
    }

    private func list(_ names: [String]) -> String {
        names.sorted().map { "'\($0)'" }.joined(separator: ", ")
    }
}

extension Stage {
    /// With the checks of its gates.
    fileprivate var allActions: [Action] {
        (before + onSuccess).compactMap { gate in
            if case .check(let action, _) = gate.kind.opening { action } else { nil }
        } + actions
    }
}

extension Action {
    /// Commands of its own, or of the hooks of what it deploys.
    fileprivate var runs: [Run] {
        switch work {
        case let run as Run: [run]
        case let deploy as Deploy: Hook.allCases.compactMap { deploy.hooks[$0] }
        default: []
        }
    }
}
