package import Pipelines

/// What has happened in an environment. Its state is what its events say it is.
package enum SiteEvent: Hashable, Sendable, Codable {
    case ordered(order: RolloutOrder)
    /// A person has left this version: automation does not put it back.
    case pinned(version: String)
    /// It waited, and will not be deployed.
    case dropped(release: ReleaseID, reason: String)
    case begun(release: ReleaseID)
    case stepBegun(index: Int)
    case turnedBack(cause: String)
    case ended(outcome: SiteOutcome)
    /// The old version is not kept any longer.
    case keptEnded

    case instanceOrdered(instance: InstanceID, release: ReleaseID, role: RoleName)
    case instanceStarted(instance: InstanceID)
    /// It is not healthy yet, and this is why.
    case instanceAiling(instance: InstanceID, cause: String)
    case instanceHealthy(instance: InstanceID)
    case instanceUnhealthy(instance: InstanceID, cause: String)
    case instanceLeaving(instance: InstanceID)
    case instanceDrained(instance: InstanceID)
    case instanceStopping(instance: InstanceID)
    /// With its cause, if nobody wanted it.
    case instanceGone(instance: InstanceID, cause: String?)

    /// Decided, and to be done by the target.
    case routed(role: RoleName, routing: Routing)
    /// The target does what was decided so often, or does it no longer.
    case routingHeld(role: RoleName, serial: Int)
    case routingLost(role: RoleName)

    /// There are to be so many of it from now on.
    case scaled(role: RoleName, count: Int, cause: String)
    /// Another party knows what is to be there under this name, and is to begin.
    case entrusted(token: String)
    /// How far it is.
    case entrustedTold(words: String)
    case entrustedDone
    case entrustedFailed(cause: String)

    case hookBegun(hook: Hook)
    case hookEnded(hook: Hook, problem: String?)
    case alarmRang(cause: String)
    case approved(by: String)
    case promoted(by: String)
    case paused(by: String)
    case resumed(by: String)
    case locked(by: String, reason: String)
    case unlocked(by: String)
    /// No deployment begins, by the environment's own hours.
    case frozen(reason: String)
    case thawed
    /// Somebody lets it begin all the same.
    case letThrough(release: ReleaseID, by: String, reason: String)
}

/// How a deployment ended.
package enum SiteOutcome: Hashable, Sendable, Codable {
    case succeeded
    /// The old version serves again, as if nothing had been.
    case turnedBack(cause: String)
    /// Neither could be had wholly in its time: a person is needed. Who serves goes on serving.
    case stuck(cause: String)
}
