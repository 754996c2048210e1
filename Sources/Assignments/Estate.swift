package import Deployment
package import Pipelines

/// What the conductor holds of whoever keeps what is deployed as environments want it. All of it
/// returns at once: what takes time is done beside, and is seen in `facts` when it is done.
package protocol Estate: AnyObject {
    /// What was seen of each environment that it has been given.
    var facts: [EnvironmentName: SiteFacts] { get }

    /// How environments are to be from now on; what is in none of them is nobody's.
    func keep(_ sites: [EnvironmentName: Site])
}

/// Where nothing is ever deployed.
package final class NoEstate: Estate {
    package init() {}

    package var facts: [EnvironmentName: SiteFacts] { [:] }
    package func keep(_ sites: [EnvironmentName: Site]) {}
}
