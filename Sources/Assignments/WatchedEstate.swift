package import Deployment
package import Pipelines

/// Whoever watches what new versions do, and keeps nothing as it should be. Asked on the house's
/// thread, it answers at once.
package protocol Onlooker: AnyObject {
    /// What each release does that it must not, in words.
    var alarms: [EnvironmentName: [ReleaseID: String]] { get }

    /// What there is to be watched from now on.
    func watch(_ sites: [EnvironmentName: Site])
}

/// An estate, and those who watch it beside whoever keeps it.
package final class WatchedEstate: Estate {
    private let keeper: any Estate
    private let onlookers: [any Onlooker]

    package init(_ keeper: any Estate, by onlookers: [any Onlooker]) {
        self.keeper = keeper
        self.onlookers = onlookers
    }

    /// The keeper's, who alone knows what there is; of the others' alarms those that it has not.
    package var facts: [EnvironmentName: SiteFacts] {
        var facts = keeper.facts
        for alarms in onlookers.lazy.map(\.alarms) {
            for (name, alarms) in alarms {
                facts[name]?.alarms.merge(alarms) { first, _ in first }
            }
        }
        return facts
    }

    package func keep(_ sites: [EnvironmentName: Site]) {
        keeper.keep(sites)
        for onlooker in onlookers { onlooker.watch(sites) }
    }
}
