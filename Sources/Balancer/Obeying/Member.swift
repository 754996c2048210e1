/// A server that is, or is to be, at the balancer.
package struct Member: Hashable, Sendable {
    package let name: BalancerName
    package let endpoint: Endpoint

    package init(_ name: BalancerName, at endpoint: Endpoint) {
        self.name = name
        self.endpoint = endpoint
    }
}

/// A server's whole name at the balancer.
package struct ServerID: Hashable, Sendable, CustomStringConvertible {
    package let backend: BalancerName
    package let name: BalancerName

    package init(_ backend: BalancerName, _ name: BalancerName) {
        self.backend = backend
        self.name = name
    }

    package var description: String { "\(backend)/\(name)" }
}
