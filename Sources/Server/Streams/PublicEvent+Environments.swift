import Deployment
import Engine
import JSON
import Pipelines

extension PublicEvent {
    static func environmentParts(of event: SiteEvent) -> (Name, [JSON.Member])? {
        switch event {
        case .ordered(let order):
            (
                .deploymentOrdered,
                [
                    .text("release", order.release.id),
                    .init("version", .string(order.release.version)),
                ]
            )
        case .pinned(let version): (.versionPinned, [.init("version", .string(version))])
        case .dropped(let release, let reason):
            (.deploymentDropped, [.text("release", release), .reason(reason)])
        case .begun(let release): (.deploymentBegun, [.text("release", release)])
        case .stepBegun(let index): (.deploymentStep, [.init("step", .int(index + 1))])
        case .turnedBack(let cause): (.deploymentTurnedBack, [.reason(cause)])
        case .ended(let outcome): (.deploymentEnded, outcome.members)
        case .keptEnded: (.versionLeft, [])
        case .routed(let role, let routing):
            (.trafficDecided, [.text("role", role), .lanes(routing)])
        case .routingHeld(let role, let serial):
            (.trafficMoved, [.text("role", role), .init("decision", .int(serial))])
        case .routingLost(let role): (.trafficLost, [.text("role", role)])
        case .scaled(let role, let count, let cause):
            (
                .serviceScaled,
                [.text("role", role), .init("instances", .int(count)), .reason(cause)]
            )
        case .entrusted(let token): (.deploymentEntrusted, [.init("token", .string(token))])
        case .entrustedTold(let words): (.deploymentProgress, [.init("progress", .string(words))])
        case .entrustedDone: (.deploymentCarriedOut, [.init("problem", .null)])
        case .entrustedFailed(let cause):
            (.deploymentCarriedOut, [.init("problem", .string(cause))])
        case .hookBegun(let hook): (.hookBegun, [.init("hook", .string(hook.rawValue))])
        case .hookEnded(let hook, let problem):
            (
                .hookEnded,
                [
                    .init("hook", .string(hook.rawValue)),
                    .init("problem", problem.map { .string($0) } ?? .null),
                ]
            )
        case .alarmRang(let cause): (.alarmRang, [.reason(cause)])
        case .approved: (.deploymentApproved, [])
        case .promoted: (.deploymentPromoted, [])
        case .paused: (.deploymentPaused, [])
        case .resumed: (.deploymentResumed, [])
        case .locked(_, let reason): (.environmentLocked, [.reason(reason)])
        case .unlocked: (.environmentUnlocked, [])
        case .frozen(let reason): (.environmentFrozen, [.reason(reason)])
        case .thawed: (.environmentThawed, [])
        case .letThrough(let release, _, let reason):
            (.deploymentLetThrough, [.text("release", release), .reason(reason)])
        default: instanceParts(of: event)
        }
    }

    private static func instanceParts(of event: SiteEvent) -> (Name, [JSON.Member])? {
        switch event {
        case .instanceOrdered(let id, let release, let role):
            (
                .instanceOrdered,
                [.text("instance", id), .text("release", release), .text("role", role)]
            )
        case .instanceStarted(let id): (.instanceStarted, [.text("instance", id)])
        case .instanceAiling(let id, let cause):
            (.instanceAiling, [.text("instance", id), .reason(cause)])
        case .instanceHealthy(let id): (.instanceHealthy, [.text("instance", id)])
        case .instanceUnhealthy(let id, let cause):
            (.instanceUnhealthy, [.text("instance", id), .reason(cause)])
        case .instanceLeaving(let id): (.instanceLeaving, [.text("instance", id)])
        case .instanceDrained(let id): (.instanceDrained, [.text("instance", id)])
        case .instanceStopping(let id): (.instanceStopping, [.text("instance", id)])
        case .instanceGone(let id, let cause):
            (
                .instanceGone,
                [.text("instance", id), .init("reason", cause.map { .string($0) } ?? .null)]
            )
        default: nil
        }
    }
}

extension SiteOutcome {
    fileprivate var members: [JSON.Member] {
        switch self {
        case .succeeded: [.init("outcome", .string("succeeded"))]
        case .turnedBack(let cause): [.init("outcome", .string("turned back")), .reason(cause)]
        case .stuck(let cause): [.init("outcome", .string("stuck")), .reason(cause)]
        }
    }
}

extension JSON.Member {
    fileprivate static func lanes(_ routing: Routing) -> Self {
        Self(
            "lanes",
            .array(
                routing.lanes.map { lane in
                    .object([
                        .text("release", lane.release), .init("percent", .int(lane.percent)),
                        .init("instances", .array(lane.instances.map { .string("\($0)") })),
                    ])
                }))
    }
}
