package import Pipelines

/// What has happened in an environment. Its state is what its events say it is.
package enum SiteEvent: Hashable, Sendable {
    case ordered(Order)
    /// A person has left this version: automation does not put it back.
    case pinned(String)
    /// It waited, and will not be deployed.
    case dropped(ReleaseID, String)
    case begun(ReleaseID)
    case stepBegun(Int)
    case turnedBack(String)
    case ended(Outcome)
    /// The old version is not kept any longer.
    case keptEnded

    case instanceOrdered(InstanceID, ReleaseID, RoleName)
    case instanceStarted(InstanceID)
    case instanceHealthy(InstanceID)
    case instanceUnhealthy(InstanceID, String)
    case instanceLeaving(InstanceID)
    case instanceDrained(InstanceID)
    case instanceStopping(InstanceID)
    /// With its cause, if nobody wanted it.
    case instanceGone(InstanceID, String?)

    /// Decided, and to be done by the target.
    case routed(RoleName, Routing)
    /// The target does what was decided so often, or does it no longer.
    case routingHeld(RoleName, Int)
    case routingLost(RoleName)

    case hookBegun(Hook)
    case hookEnded(Hook, problem: String?)
    case alarmRang(String)
    case approved(by: String)
    case promoted(by: String)
    case paused(by: String)
    case resumed(by: String)
    case locked(by: String, reason: String)
    case unlocked(by: String)
}

/// How a deployment ended.
package enum Outcome: Hashable, Sendable {
    case succeeded
    /// The old version serves again, as if nothing had been.
    case turnedBack(String)
    /// Neither could be had wholly in its time: a person is needed. Who serves goes on serving.
    case stuck(String)
}
