package import Engine

/// What a runner knows of an attempt.
package enum Observed: Hashable, Sendable {
    case running
    case finished(AttemptResult)
}

/// What the conductor holds of whoever runs attempts. All of it returns at once: what takes time is
/// done beside, and is seen in `observed` when it is done.
package protocol Hands: AnyObject {
    /// Every attempt that was begun and not collected, as it is known at this moment.
    var observed: [AttemptID: Observed] { get }

    /// Begins it, unless it was claimed before.
    func start(_ assignment: Assignment)
    /// Claims an attempt that cannot be begun, as failed for this reason.
    func refuse(_ attempt: AttemptID, because reason: String)
    func kill(_ attempt: AttemptID)
    func collect(_ attempt: AttemptID)
}
