import Deployment
import Pipelines
import Targets
import Testing

/// A release of two services: `web`, which answers at a port, and `worker`.
func release(_ number: Int, listen: String = "8080") throws -> Release {
    let text = """
        name: shop
        sources: { app: { git: . } }
        environments:
          prod:
            services:
              web: { run: exec ./shop, count: 2, listen: "\(listen)", within: 30s, drain: 10s }
              worker: { run: exec ./worker }
        stages: [{ name: a, actions: { b: { run: x } } }]
        """
    let definition = try #require(Definition.read(Array(text.utf8)).definition)
    let roles = try #require(definition.environments.first).services.map { Role($0) { $0.text } }
    return Release(ReleaseID(number), version: "v\(number)", roles: roles)
}

/// An environment to which something is being deployed.
func site(deploying number: Int = 1, listen: String = "8080") throws -> Site {
    var site = Site()
    let order = RolloutOrder(try release(number, listen: listen), by: .allAtOnce)
    _ = try site.decide(.deploy(order), at: .zero)
    return site
}
