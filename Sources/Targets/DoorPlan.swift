import Addresses
package import Balancer
import Cryptography
package import Deployment
package import Pipelines

/// Who is let in where, and who takes which part of the requests: for all environments together,
/// since one HAProxy does it.
package struct DoorPlan: Hashable {
    /// A role of an environment.
    package struct Post: Hashable, Comparable {
        package let environment: EnvironmentName
        package let role: RoleName

        package init(environment: EnvironmentName, role: RoleName) {
            self.environment = environment
            self.role = role
        }

        package static func < (left: Post, right: Post) -> Bool {
            (left.environment, left.role) < (right.environment, right.role)
        }
    }

    private(set) var frontends: [BalancerConfiguration.Frontend] = []
    private(set) var backends: [BalancerConfiguration.Backend] = []
    package private(set) var pools: [Post: Pool] = [:]
    /// Roles of which somebody who is to take requests cannot be reached.
    package private(set) var lacking: Set<Post> = []

    package init(
        _ sites: [EnvironmentName: Site], _ sights: [EnvironmentName: [InstanceID: Sight]]
    ) throws(BalancerProblem) {
        for (name, site) in sites.sorted(by: { $0.key < $1.key }) {
            for (role, listens) in site.doors.sorted(by: { $0.key < $1.key }) {
                let post = Post(environment: name, role: role)
                try add(post, at: listens, site, sights[name] ?? [:])
            }
        }
    }

    private mutating func add(
        _ post: Post, at listens: [Listen], _ site: Site, _ sights: [InstanceID: Sight]
    ) throws(BalancerProblem) {
        let backend = try BalancerName(post.word)
        backends.append(.init(backend, check: nil))
        frontends.append(
            .init(backend, at: listens.compactMap { Endpoint($0.description) }, to: backend))
        var members: [InstanceID: Member] = [:]
        for instance in site.instances.values where instance.role == post.role {
            guard let door = sights[instance.id]?.door, let endpoint = Endpoint(door) else {
                continue
            }
            members[instance.id] = Member(try BalancerName("\(instance.id)"), at: endpoint)
        }
        let routing = site.routing(of: post.role)
        if routing.instances.contains(where: { members[$0] == nil }) { lacking.insert(post) }
        let resting = members.keys.filter { !routing.instances.contains($0) }.sorted()
        pools[post] = try Pool(
            backend, check: nil,
            lanes: routing.lanes.map { lane in
                .init(percent: lane.percent, members: lane.instances.compactMap { members[$0] })
            }.filter { !$0.members.isEmpty }, resting: resting.compactMap { members[$0] })
    }

    /// All that a running HAProxy cannot be told on its socket.
    package var text: String {
        frontends.map { "\($0.name) \($0.binds.map(\.description).joined(separator: " "))\n" }
            .joined()
    }
}

extension DoorPlan.Post {
    /// What the balancer calls it: people can read it, and no two have the same.
    package var word: String {
        let plain = "\(environment).\(role)"
        let isPlain =
            plain.utf8.count <= BalancerName.maximumLength
            && !environment.description.contains(".") && !plain.contains("@")
        if isPlain { return plain }
        return "x-" + SHA256.hex(of: Array("\(environment)/\(role)".utf8)).prefix(40)
    }
}
