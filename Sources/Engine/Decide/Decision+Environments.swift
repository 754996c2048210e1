import Deployment
import Pipelines

// What is deployed, and what is seen of it.
extension Decision {
    private func environment(_ name: EnvironmentName) throws(Refusal) -> EnvironmentState {
        guard let environment = state.environments[name] else {
            throw Refusal(
                .unknown, "nothing was ever deployed to environment '\(name)'",
                hint: "`slipway environments` lists those there are")
        }
        return environment
    }

    mutating func clear(_ name: EnvironmentName) throws(Refusal) {
        let environment = try environment(name)
        guard environment.site.rollout == nil, environment.site.queue.isEmpty else {
            throw Refusal(
                .conflict, "something is being deployed to environment '\(name)'",
                hint: "wait for its end, or turn it back")
        }
        try emit(.environmentRemoved(name: name, pipeline: environment.owner), by: by)
    }

    mutating func change(
        _ name: EnvironmentName, _ command: SiteCommand
    ) throws(Refusal) {
        let environment = try environment(name)
        try tell(command, to: name, of: environment.owner, environment.site)
    }

    /// A deployment's events, of which only the first is the doing of whoever asked.
    mutating func tell(
        _ command: SiteCommand, to name: EnvironmentName, of pipeline: PipelineName,
        _ before: Site, from attempt: AttemptID? = nil
    ) throws(Refusal) {
        var site = before
        let events: [SiteEvent]
        do throws(SiteRefusal) {
            events = try site.decide(command, at: now.steady.sinceBirth)
        } catch {
            throw Refusal(.conflict, error.problem, hint: error.hint)
        }
        let open = before.rollout == nil ? nil : state.environments[name]?.asker
        var author = by
        for event in events {
            let asker = event.isOrder ? attempt : event.isAnswer ? open : nil
            try emit(
                .environment(name: name, pipeline: pipeline, event: event, attempt: asker),
                by: author)
            author = .slipway
        }
        try settleHook(of: name)
        try settleQuestion(of: name)
    }

    mutating func lookAtEnvironments() throws(Refusal) {
        for (name, environment) in state.environments.sorted(by: { $0.key < $1.key }) {
            try tell(.look, to: name, of: environment.owner, environment.site)
        }
    }

    /// Puts the version back that was there before, or another one that is still known.
    mutating func putBack(
        _ name: EnvironmentName, to release: ReleaseID?, by strategy: Strategy?,
        leaving: ReleaseID?
    ) throws(Refusal) {
        let environment = try environment(name)
        let site = environment.site
        if let leaving, leaving != site.foremost {
            let now = site.foremost.map { "it is \($0)" } ?? "there is none"
            throw Refusal(
                .conflict, "\(leaving) is no longer what would be left: \(now)",
                hint: "look at the environment as it is now, and decide again")
        }
        if release == nil, let rollout = site.rollout, !rollout.isGoingBack {
            return try change(name, .turnBack(by: by.name, reason: "a rollback was asked for"))
        }
        let target = release.map { site.releases[$0] } ?? environment.previous
        guard let target else {
            let known = site.releases.keys.sorted().map(\.description)
            throw Refusal(
                .unknown,
                release.map { "environment '\(name)' does not know release \($0)" }
                    ?? "no other version was ever good in environment '\(name)'",
                hint: known.isEmpty ? "deploy something first" : "it knows \(oneOf(known))")
        }
        let last = environment.history.last { $0.release == target.id }?.strategy
        let order = RolloutOrder(
            target, by: strategy ?? last ?? .allAtOnce,
            work: environment.hooks(puttingBack: target.id), person: by.name,
            heedsHours: state.hours(of: name) != nil)
        try tell(.deploy(order), to: name, of: environment.owner, site)
    }

    /// What an action of kind `deploy` asks for. One that is refused has failed.
    mutating func deploy(_ attempt: AttemptID) throws(Refusal) {
        guard state.runners.underWay.contains(where: { $0.attempt == attempt }) else { return }
        guard let execution = state.execution(attempt.visit.execution),
            let definition = state.definition(of: execution),
            let deploy = definition.action(of: attempt)?.work as? Deploy
        else {
            let words = "nothing runs on '\(RunnerName.deployments)', where deployments take turns"
            return try finished(attempt, .init(end: .failed(.couldNotStart, words)))
        }
        guard state.environments[deploy.environment]?.deployment(by: attempt) == nil else { return }
        do throws(Refusal) {
            let order = try order(deploy, execution, definition)
            let site = state.environments[deploy.environment]?.site ?? Site()
            try tell(
                .deploy(order), to: deploy.environment, of: execution.id.pipeline, site,
                from: attempt)
        } catch {
            guard error.kind != .defect else { throw error }
            try finished(attempt, .init(end: .failed(.failed, "\(error.problem); \(error.hint)")))
        }
    }

    private func order(
        _ deploy: Deploy, _ execution: Execution, _ definition: Definition
    ) throws(Refusal) -> RolloutOrder {
        let name = deploy.environment
        let owner = state.environments[name]?.owner
        if let owner, owner != execution.id.pipeline, state.pipelines[owner]?.isRemoved == false {
            throw Refusal(
                .conflict, "environment '\(name)' is that of pipeline '\(owner)'",
                hint: "deploy to another one, or from that pipeline")
        }
        guard let environment = definition.environment(name) else {
            throw Refusal(
                .invalid, "nothing says what runs in environment '\(name)'",
                hint: "describe it under 'environments:'")
        }
        let fill = { (template: Template) in
            template.filled { state.value(of: $0, in: $1, for: execution) ?? "" }
        }
        let roles = environment.services.map { Role($0, fill: fill) }
        let handover = try handover(of: deploy, to: environment, execution)
        let version = if let handover { handover.image } else { try version(of: deploy, execution) }
        let known = state.environments[name]?.site.releases ?? [:]
        // The same again is the release that it was.
        let same = known.values.filter {
            $0.version == version && $0.roles == roles && $0.handover == handover
        }
        .map(\.id).max()
        let next = ReleaseID((state.environments[name]?.lastRelease ?? 0) + 1)
        return RolloutOrder(
            Release(same ?? next, version: version, roles: roles, handover: handover),
            by: deploy.strategy,
            work: deploy.hooks.mapValues { HookWork($0, on: deploy.artifact?.value, fill: fill) },
            asks: deploy.pause?.rule.within, person: execution.person,
            heedsHours: environment.hours != nil)
    }

    private func version(
        of deploy: Deploy, _ execution: Execution
    ) throws(Refusal) -> String {
        if let image = deploy.image { return try imageVersion(image, execution) }
        guard let artifact = deploy.artifact?.value else {
            throw Refusal(
                .invalid, "nothing says what is deployed", hint: "name an 'image' or an 'artifact'")
        }
        return try digest(of: artifact, execution)
    }

    func digest(
        of artifact: ArtifactName, _ execution: Execution
    ) throws(Refusal) -> String {
        guard let made = execution.artifacts.last(where: { $0.name == artifact }) else {
            throw Refusal(
                .invalid, "nobody has made '\(artifact)' in execution \(execution.id)",
                hint: "the stage that makes it was skipped")
        }
        if case .promotion(_, _, let version) = execution.cause, version != made.digest {
            throw Refusal(
                .conflict, "'\(artifact)' is not what was to be promoted",
                hint: "the stage has made another; promote from where that is made")
        }
        return made.digest
    }
}

extension Execution {
    /// The person who wanted this, and not a rule.
    fileprivate var person: String? {
        switch cause {
        case .person, .promotion, .rollBack(_, _, automatic: false): startedBy.name
        case .revision, .schedule, .pipeline, .rollBack: nil
        }
    }
}

extension SiteEvent {
    fileprivate var isOrder: Bool { if case .ordered = self { true } else { false } }

    /// What may become of a question to people, in the name of the action that deploys.
    fileprivate var isAnswer: Bool {
        switch self {
        case .approved, .turnedBack: true
        default: false
        }
    }
}
