package import Deployment
package import Pipelines

/// What instances are made with. All of it returns at once: what takes time is done beside, and is
/// seen when somebody looks.
package protocol Target: AnyObject {
    /// All that there are, and those that ended and were not let go of.
    func look() -> [EnvironmentName: [InstanceID: Sight]]

    /// Begins it, unless it was begun before. After an error there is nothing of it.
    func launch(
        _ instance: Instance, of release: Release, in environment: EnvironmentName) throws
    /// Asks it to end, and ends it after its grace.
    func stop(_ instance: InstanceID, in environment: EnvironmentName)
    /// One that has ended need not be shown any more.
    func letGo(of instance: InstanceID, in environment: EnvironmentName)

    /// Readable when something may have changed; to be asked for anew before each wait.
    var descriptors: [Int32] { get }
}

/// One instance as it is seen.
package struct Sight: Hashable, Sendable {
    package let condition: SiteFacts.Condition
    /// Where the balancer reaches it: `127.70.1.2:41234`. Nothing for one that takes no requests.
    package let door: String?

    package init(_ condition: SiteFacts.Condition, door: String? = nil) {
        self.condition = condition
        self.door = door
    }

    package var isGone: Bool {
        if case .gone = condition { true } else { false }
    }
}
