/// The pipeline of a `DeployedShop`, in words.
struct ShopDefinition: Sendable {
    let folder: String
    let door: String
    let strategy: String
    let count: String
    let service: String

    /// `more` stands beside the strategy, and `environment` beside the services.
    func ofArtifact(more: String, environment: String) -> String {
        """
        name: shop
        mode: queued
        variables: { version: { default: v1 }, fault: { default: "" } }
        sources: { app: { git: \(folder)/shop } }
        environments:
          prod:
            \(environment)
            services:
              web:
                run: exec python3 app.py
                count: \(count)
                listen: \(door)
                health: { path: /health, interval: 100ms }
                drain: 20s
                \(service)
        stages:
          - name: build
            actions:
              compile:
                environment: { VERSION: "#{variables.version}", FAULT: "#{variables.fault}" }
                run:
                  - mkdir out; cp app.py out
                  - echo "$VERSION" > out/version; echo "$FAULT" > out/fault
                outputs: { shop: out }
          - name: ship
            actions:
              go:
                deploy: { environment: prod, artifact: shop, strategy: \(strategy), \(more) }
        """
    }

    /// The image says itself what it runs.
    var ofImage: String {
        """
        name: shop
        mode: queued
        variables: { image: { default: none } }
        sources: { app: { git: \(folder)/shop } }
        environments:
          prod:
            services:
              web:
                count: \(count)
                listen: \(door)
                health: { path: /health, interval: 100ms }
                drain: 20s
                \(service)
        stages:
          - name: ship
            actions:
              go:
                deploy: { environment: prod, image: "#{variables.image}", strategy: \(strategy) }
        """
    }
}
