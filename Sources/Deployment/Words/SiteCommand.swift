package import Pipelines

/// What somebody wants of an environment, or has seen of it.
package enum SiteCommand: Hashable, Sendable {
    case deploy(RolloutOrder)
    /// Takes back what still waits for its turn.
    case withdraw(ReleaseID, reason: String)
    case turnBack(by: String, reason: String)
    case approve(by: String)
    case reject(by: String, reason: String)
    /// Does not wait for what a step still waits for.
    case promote(by: String)
    case pause(by: String)
    case resume(by: String)
    /// Nothing new is deployed until somebody opens it. `steals` takes over another's lock.
    case lock(by: String, reason: String, steals: Bool = false)
    case unlock(by: String)
    /// What a calendar says: why no deployment begins now, or nothing where one may.
    case hours(frozen: String?)
    /// Lets what waits for hours begin all the same.
    case letThrough(by: String, reason: String)
    case see(SiteSighting)
    /// Time has passed.
    case look
}

/// What a target, a hook or an alarm tells. It may be told late, twice, or of who is long gone.
package enum SiteSighting: Hashable, Sendable {
    case started(InstanceID)
    /// Why it is not healthy yet.
    case ailing(InstanceID, String)
    case healthy(InstanceID)
    case unhealthy(InstanceID, String)
    case drained(InstanceID)
    case gone(InstanceID, String)
    /// The balancer does what was decided so often.
    case routed(RoleName, Int)
    /// What another party says of what it was charged with.
    case charge(ChargeReport)
    case hookBegun(Hook)
    case hookEnded(Hook, problem: String?)
    case alarm(String)
    /// So many of a role are needed for what is asked of them, and why.
    case needed(RoleName, Int, String)
}
