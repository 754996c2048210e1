package import Engine
package import JSON
package import People
package import Pipelines
import Store
import Zones

/// Something that happened, as it is told outside. The names are a promise: how the record writes
/// its events inside may change, these stay.
package struct PublicEvent: Hashable, Sendable {
    package let sequence: Int
    package let name: Name
    /// Nothing if it is about the house itself.
    package let pipeline: PipelineName?
    /// What it takes to be told.
    package let permission: Permission
    package let json: JSON

    package enum Name: String, Hashable, Sendable, CaseIterable {
        case runnerConfigured = "runner.configured"
        case pipelineDefined = "pipeline.defined"
        case pipelineRemoved = "pipeline.removed"
        case transitionClosed = "transition.closed"
        case transitionOpened = "transition.opened"
        case sourceSeen = "source.seen"
        case executionCreated = "execution.created"
        case executionStopping = "execution.stopping"
        case executionSuperseded = "execution.superseded"
        case executionFinished = "execution.finished"
        case stageReached = "stage.reached"
        case stageEntered = "stage.entered"
        case stageRetried = "stage.retried"
        case stageSkipped = "stage.skipped"
        case stageJudging = "stage.judging"
        case stageSucceeded = "stage.succeeded"
        case stageFailed = "stage.failed"
        case gateReached = "gate.reached"
        case gateWindow = "gate.window"
        case gateOpened = "gate.opened"
        case gateRefused = "gate.refused"
        case approvalAsked = "approval.asked"
        case approvalVoted = "approval.voted"
        case approvalVoided = "approval.voided"
        case attemptQueued = "attempt.queued"
        case attemptAdmitted = "attempt.admitted"
        case attemptStarted = "attempt.started"
        case attemptFinished = "attempt.finished"
        case attemptRetrying = "attempt.retrying"
        case deploymentOrdered = "deployment.ordered"
        case deploymentDropped = "deployment.dropped"
        case deploymentBegun = "deployment.begun"
        case deploymentStep = "deployment.step"
        case deploymentTurnedBack = "deployment.turned-back"
        case deploymentEnded = "deployment.ended"
        case deploymentEntrusted = "deployment.entrusted"
        case deploymentProgress = "deployment.progress"
        case deploymentCarriedOut = "deployment.carried-out"
        case deploymentApproved = "deployment.approved"
        case deploymentPromoted = "deployment.promoted"
        case deploymentPaused = "deployment.paused"
        case deploymentResumed = "deployment.resumed"
        case versionPinned = "version.pinned"
        case versionLeft = "version.left"
        case instanceOrdered = "instance.ordered"
        case instanceStarted = "instance.started"
        case instanceAiling = "instance.ailing"
        case instanceHealthy = "instance.healthy"
        case instanceUnhealthy = "instance.unhealthy"
        case instanceLeaving = "instance.leaving"
        case instanceDrained = "instance.drained"
        case instanceStopping = "instance.stopping"
        case instanceGone = "instance.gone"
        case trafficDecided = "traffic.decided"
        case trafficMoved = "traffic.moved"
        case trafficLost = "traffic.lost"
        case serviceScaled = "service.scaled"
        case environmentFrozen = "environment.frozen"
        case environmentThawed = "environment.thawed"
        case deploymentLetThrough = "deployment.let-through"
        case hookBegun = "hook.begun"
        case hookEnded = "hook.ended"
        case alarmRang = "alarm.rang"
        case environmentLocked = "environment.locked"
        case environmentUnlocked = "environment.unlocked"
        case environmentRemoved = "environment.removed"
        case tokenMade = "token.made"
        case tokenRevoked = "token.revoked"
        case accountSet = "account.set"
        case accountRemoved = "account.removed"
        case secretSet = "secret.set"
        case secretRemoved = "secret.removed"
        case accessDenied = "access.denied"
        case signInFailed = "access.failed"
    }
}

extension PublicEvent {
    /// Nothing for what is told to nobody outside.
    package init?(_ record: Record) {
        guard let (name, pipeline, details) = Self.parts(of: record.event) else { return nil }
        if case .people = record.event { permission = .administer } else { permission = .look }
        sequence = record.sequence
        self.name = name
        self.pipeline = pipeline
        var members: [JSON.Member] = [
            .init("event", .string(name.rawValue)), .init("sequence", .int(record.sequence)),
            .init("at", .string(Timestamp.text(milliseconds: record.at.wall))),
            .init("by", .string(record.by.name)),
        ]
        if let pipeline { members.append(.init("pipeline", .string("\(pipeline)"))) }
        json = .object(members + details)
    }

    private typealias Parts = (Name, PipelineName?, [JSON.Member])

    private static func parts(of event: Event) -> Parts? {
        switch event {
        case .people(let event): return peopleParts(of: event)
        case .runnerConfigured(let runner, let places):
            return (
                .runnerConfigured, nil,
                [.init("runner", .string("\(runner)")), .init("places", .int(places))]
            )
        case .pipelineDefined(let definition, let version):
            return (.pipelineDefined, definition.name, [.init("version", .int(version))])
        case .pipelineRemoved(let name): return (.pipelineRemoved, name, [])
        case .transitionClosed(let pipeline, let stage, let reason):
            return (.transitionClosed, pipeline, [.stage(stage), .reason(reason)])
        case .transitionOpened(let pipeline, let stage, let reason):
            return (.transitionOpened, pipeline, [.stage(stage), .reason(reason)])
        case .sourceSeen(let pipeline, let source, let ref, let revision, _, let note):
            return (
                .sourceSeen, pipeline,
                [
                    .init("source", .string("\(source)")), .init("ref", .string(ref)),
                    .init("commit", revision.map { .string($0.id) } ?? .null),
                    .init("note", note.map { .string($0) } ?? .null),
                ]
            )
        case .executionCreated, .executionSuperseded, .executionFinished, .stopRequested,
            .stageReached, .stageEntered, .stageRetried, .stageSkipped, .stageJudging, .stageLeft:
            return executionParts(of: event)
        case .gateReached, .windowChanged, .gateOpened, .gateRefused, .approvalAsked,
            .approvalVoted, .approvalVoided:
            return gateParts(of: event)
        case .attemptQueued, .attemptAdmitted, .attemptStarted, .attemptFinished, .retryScheduled:
            return attemptParts(of: event)
        case .environment(let name, let pipeline, let event, let attempt):
            guard let (word, details) = environmentParts(of: event) else { return nil }
            let asker = attempt.map { [JSON.Member.text("attempt", $0)] } ?? []
            return (word, pipeline, [.text("environment", name)] + asker + details)
        case .environmentRemoved(let name, let pipeline):
            return (.environmentRemoved, pipeline, [.text("environment", name)])
        }
    }

    private static func peopleParts(of event: PeopleEvent) -> Parts {
        switch event {
        case .tokenMade(let token):
            return (.tokenMade, nil, [.text("token", token.id), .text("owner", token.owner)])
        case .tokenRevoked(let token, let reason):
            return (.tokenRevoked, nil, [.text("token", token), .reason(reason)])
        case .accountSet(let account): return (.accountSet, nil, [.text("person", account.name)])
        case .accountRemoved(let person): return (.accountRemoved, nil, [.text("person", person)])
        case .secretSet(let secret, let version):
            return (.secretSet, nil, [.text("secret", secret), .init("version", .int(version))])
        case .secretRemoved(let secret, let version):
            return (
                .secretRemoved, nil, [.text("secret", secret), .init("version", .int(version))]
            )
        case .denied(let denial, let count):
            // The pipeline is one that they may not see, perhaps: the house tells of it, not it.
            let details: [JSON.Member] =
                denial.map { denial in
                    [
                        .text("person", denial.caller), .text("token", denial.token),
                        .init("permission", .string(denial.permission.rawValue)),
                        .init("on", denial.pipeline.map { .string("\($0)") } ?? .null),
                    ]
                } ?? []
            return (.accessDenied, nil, details + [.init("count", .int(count))])
        case .signInsFailed(let failure, let count):
            let details: [JSON.Member] =
                failure.map { failure in
                    [
                        .init("address", .string(failure.address)),
                        .init("reason", .string(failure.rejection.cause.rawValue)),
                    ]
                } ?? []
            return (.signInFailed, nil, details + [.init("count", .int(count))])
        }
    }

    private static func executionParts(of event: Event) -> Parts? {
        switch event {
        case .executionCreated(let id, let version, let cause, let revisions, _, _):
            let commits = revisions.map { JSON.Member("\($0.source)", .string($0.id)) }
            return (
                .executionCreated, id.pipeline,
                [
                    .execution(id), .init("version", .int(version)),
                    .init("cause", .string(cause.word)), .init("commits", .object(commits)),
                ]
            )
        case .executionSuperseded(let id, let newer):
            let by = JSON.Member("superseded-by", .string("\(newer)"))
            return (.executionSuperseded, id.pipeline, [.execution(id), by])
        case .executionFinished(let id, let outcome, let reason):
            let outcome = JSON.Member("outcome", .string(outcome.rawValue))
            return (.executionFinished, id.pipeline, [.execution(id), outcome, .reason(reason)])
        case .stopRequested(let id, let mode, let reason):
            let mode = JSON.Member("mode", .string(mode.rawValue))
            return (.executionStopping, id.pipeline, [.execution(id), mode, .reason(reason)])
        case .stageReached(let visit): return (.stageReached, visit.pipeline, visit.members)
        case .stageEntered(let visit): return (.stageEntered, visit.pipeline, visit.members)
        case .stageRetried(let visit, let scope, let automatic):
            let more: [JSON.Member] = [
                .init("scope", .string(scope.rawValue)), .init("automatic", .bool(automatic)),
            ]
            return (.stageRetried, visit.pipeline, visit.members + more)
        case .stageSkipped(let visit, let reason):
            return (.stageSkipped, visit.pipeline, visit.members + [.reason(reason)])
        case .stageLeft(let visit, let succeeded):
            return (succeeded ? .stageSucceeded : .stageFailed, visit.pipeline, visit.members)
        case .stageJudging(let visit): return (.stageJudging, visit.pipeline, visit.members)
        default: return nil
        }
    }

    private static func gateParts(of event: Event) -> Parts? {
        switch event {
        case .windowChanged(let gate, let open):
            return (.gateWindow, gate.visit.pipeline, gate.members + [.init("open", .bool(open))])
        case .gateOpened(let gate, let reason):
            return (.gateOpened, gate.visit.pipeline, gate.members + [.reason(reason)])
        case .gateRefused(let gate, let failure):
            return (.gateRefused, gate.visit.pipeline, gate.members + [.reason(failure.sentence)])
        case .approvalAsked(let approval, let subject, _):
            return (
                .approvalAsked, approval.visit.pipeline,
                approval.members + [.init("subject", .string(subject))]
            )
        case .approvalVoted(let approval, let verdict, let comment, _):
            return (
                .approvalVoted, approval.visit.pipeline,
                approval.members + [
                    .init("verdict", .string(verdict.rawValue)), .init("comment", .string(comment)),
                ]
            )
        case .approvalVoided(let approval, let subject):
            return (
                .approvalVoided, approval.visit.pipeline,
                approval.members + [.init("subject", .string(subject))]
            )
        case .gateReached(let gate, _): return (.gateReached, gate.visit.pipeline, gate.members)
        default: return nil
        }
    }

    private static func attemptParts(of event: Event) -> Parts? {
        switch event {
        case .attemptAdmitted(let attempt):
            return (.attemptAdmitted, attempt.visit.pipeline, attempt.members)
        case .attemptStarted(let attempt):
            return (.attemptStarted, attempt.visit.pipeline, attempt.members)
        case .attemptFinished(let attempt, let result):
            return (
                .attemptFinished, attempt.visit.pipeline, attempt.members + result.end.members
            )
        case .retryScheduled(let attempt, _):
            return (.attemptRetrying, attempt.visit.pipeline, attempt.members)
        case .attemptQueued(let attempt, _):
            return (.attemptQueued, attempt.visit.pipeline, attempt.members)
        default: return nil
        }
    }
}
