import Deployment
import Engine
import Pipelines
import Testing

/// A pipeline that deploys, and a target that does at once whatever is wanted of it.
extension Scene {
    static let deploying = """
        name: shop
        mode: queued
        sources: { app: { git: /repositories/shop } }
        environments:
          prod:
            about: what people see
            services:
              web: { run: exec ./web, count: 2, listen: 8080, drain: 5s }
              worker: { run: exec ./work }
        stages:
          - name: build
            actions: { make: { run: make, outputs: { binary: out } } }
          - name: ship
            actions:
              go:
                deploy:
                  environment: prod
                  artifact: binary
                  strategy: { canary: { steps: [{ percent: 20, time: 5m }] } }
        """

    func prod() throws -> EnvironmentName { try #require(EnvironmentName("prod")) }

    func site() throws -> Site {
        try #require(desk.view.state.environments[try prod()]).site
    }

    /// Builds a version and deploys it, as far as that goes without waiting for a time.
    @discardableResult
    func ship(_ digest: String, waits: Bool = false) throws -> ExecutionID {
        let id = try start(commit: "c-\(digest)")
        desk.begin()
        let binary = try #require(ArtifactName("binary"))
        desk.end("make", artifacts: [Artifact(name: binary, digest: digest)])
        desk.begin()
        if !waits { try obey() }
        return id
    }

    /// The same, and lets pass what is waited for.
    @discardableResult
    func shipWholly(_ digest: String) throws -> ExecutionID {
        let id = try ship(digest)
        desk.pass(.seconds(301))
        try obey()
        return id
    }

    func see(_ sighting: SiteSighting) throws {
        try desk.tell(.environment(try prod(), .see(sighting)))
    }

    /// Does what is wanted, until no more is.
    func obey() throws {
        var before: Site?
        while case let site = try site(), site != before {
            before = site
            for instance in site.instances.values.sorted(by: { $0.id < $1.id }) {
                switch instance.condition {
                case .ordered:
                    try see(.started(instance.id))
                    try see(.healthy(instance.id))
                case .leaving: try see(.drained(instance.id))
                case .stopping: try see(.gone(instance.id, "it was stopped"))
                case .starting, .healthy, .unhealthy: break
                }
            }
            for (role, traffic) in try self.site().traffic where !traffic.isHeld {
                try see(.routed(role, traffic.serial))
            }
        }
        desk.begin()
    }
}
