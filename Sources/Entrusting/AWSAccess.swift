import AWS
import Cloud
package import Pipelines

/// As whom AWS is asked, and what may be deployed to: whoever hosts the house says it, and a
/// pipeline has no say in it.
package struct AWSAccess: Sendable {
    /// What AWS's own programs would look at in the house's place.
    let variables: [String: String]
    /// Of the shared files (`~/.aws`); the standard chain of credentials if nothing is said.
    let profile: String?
    /// Where all services are asked, if not at AWS's own addresses.
    let endpoint: String?
    /// The clusters that may be deployed to; any that AWS lets if nothing is said.
    let clusters: [Glob]

    package init(
        variables: [String: String], profile: String? = nil, endpoint: String? = nil,
        clusters: [Glob] = []
    ) {
        self.variables = variables
        self.profile = profile
        self.endpoint = endpoint
        self.clusters = clusters
    }

    func client(_ outside: Outside) throws(AWSProblem) -> AWSClient {
        var variables = variables
        if let endpoint { variables["AWS_ENDPOINT_URL"] = endpoint }
        let settings = try AWSSettings.read(
            AWSEnvironment(variables), profile: profile, outside: outside)
        return AWSClient(settings, outside: outside)
    }

    func check(_ rule: ECSRule) throws(Hindrance) {
        guard clusters.isEmpty || clusters.contains(where: { $0.matches(rule.cluster) }) else {
            throw Hindrance(
                "nobody lets this house deploy to cluster '\(rule.cluster)'",
                hint: "whoever hosts it adds the cluster to 'ecs' in server.yml")
        }
    }
}
