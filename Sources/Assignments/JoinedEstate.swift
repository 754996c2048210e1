package import Deployment
package import Pipelines

/// What runs on this machine and what runs elsewhere, each kept by whoever knows it.
package final class JoinedEstate: Estate {
    private let here: any Estate
    private let elsewhere: any Estate

    package init(here: any Estate, elsewhere: any Estate) {
        self.here = here
        self.elsewhere = elsewhere
    }

    package var facts: [EnvironmentName: SiteFacts] {
        here.facts.merging(elsewhere.facts) { $1 }
    }

    package func keep(_ sites: [EnvironmentName: Site]) {
        here.keep(sites.filter { !$0.value.isEntrusted })
        elsewhere.keep(sites.filter(\.value.isEntrusted))
    }
}
