import Deployment
import Engine
import Pipelines
import Testing

extension RecordFormTests {
    private static let services = """
        name: shop
        sources: { app: { git: . } }
        environments:
          prod:
            services:
              web:
                run: exec ./shop
                count: 2
                listen: 8080
                health: { path: /up, status: 200-399 }
                environment: { REGION: eu }
                secrets: { DATABASE: database }
                limits: { memory: 256MiB }
                alarms: { errors: 5%, latency: 500ms }
              worker: { run: exec ./worker, network: outbound, secrets: mail }
        stages:
          - { name: a, actions: { b: { run: x, outputs: { c: d } } } }
          - name: ship
            actions:
              release:
                deploy:
                  environment: prod
                  artifact: c
                  strategy: all-at-once
                  hooks:
                    before-install:
                      run: [{ name: migrate, run: ./migrate }]
                      environment: { A: b }
                      secrets: { DATABASE: database }
                      limits: { time: 5m, memory: 1GiB, output: 1MiB }
                      network: outbound
                    after-rollback: [./tidy]

        """

    static func ofEnvironments(_ names: Names) throws -> [Event] {
        let definition = try #require(Definition.read(Array(services.utf8)).definition)
        let environment = try #require(definition.environments.first)
        let roles = environment.services.map { Role($0) { $0.text } }
        let release = Release(ReleaseID(7), version: "0a0a", roles: roles)
        let strategies: [Strategy] = [
            .allAtOnce, .rolling(batch: 2, minimumHealthy: nil, maximum: nil),
            .rolling(batch: nil, minimumHealthy: 50, maximum: 150),
            .blueGreen(bake: .seconds(600), keep: .seconds(5_400)),
            .canary(steps: [.init(percent: 10, time: .seconds(300))], bake: .seconds(1)),
            .linear(percent: 20, every: .milliseconds(1_500), bake: .zero),
        ]
        let orders = strategies.map { strategy in
            RolloutOrder(
                release, by: strategy, hooks: [.testTraffic, .beforeInstall], asks: .seconds(3_600),
                person: "ada", outdatesWaiting: true)
        }
        let rule = ECSRule(
            region: "eu-west-1", cluster: "c", service: "s", alarms: ["a"],
            codeDeploy: CodeDeployRule(application: "a", group: "g", appspec: nil))
        let entrusted = RolloutOrder(
            Release(
                ReleaseID(8), version: "i@sha256:0", roles: [],
                handover: Handover(rule, image: "i@sha256:0", templates: "0a0a")),
            by: .allAtOnce)
        let events =
            [.ordered(order: entrusted)] + orders.map { SiteEvent.ordered(order: $0) } + steps()
            + (try instances(names))
        let prod: EnvironmentName = try name("prod")
        return events.map { event in
            .environment(name: prod, pipeline: names.shop, event: event, attempt: nil)
        } + [
            .environment(
                name: prod, pipeline: names.shop, event: .begun(release: release.id),
                attempt: names.action),
            .environmentRemoved(name: prod, pipeline: names.shop),
            .environment(
                name: prod, pipeline: names.shop,
                event: .ordered(order: try hooked(release, definition)), attempt: names.action),
        ]
            + hours().map { event in
                .environment(name: prod, pipeline: names.shop, event: event, attempt: nil)
            } + [
                .attemptQueued(
                    attempt: AttemptID(
                        names.action.visit, .hook(.beforeInstall, try name("release")), 1),
                    cause: .first)
            ]
    }

    private static func hours() -> [SiteEvent] {
        [
            .frozen(reason: "r"), .thawed,
            .letThrough(release: ReleaseID(7), by: "ada", reason: "r"),
        ]
    }

    /// With hooks that really run.
    private static func hooked(
        _ release: Release, _ definition: Definition
    ) throws -> RolloutOrder {
        let deploy = try #require(
            definition.stages.last?.actions.first?.work as? Deploy, "nothing is deployed")
        let work = deploy.hooks.mapValues { HookWork($0, on: deploy.artifact?.value) { $0.text } }
        return RolloutOrder(release, by: .allAtOnce, work: work, heedsHours: true)
    }

    private static func steps() -> [SiteEvent] {
        [
            .pinned(version: "0a0a"), .dropped(release: ReleaseID(7), reason: "r"),
            .begun(release: ReleaseID(7)), .stepBegun(index: 3), .turnedBack(cause: "c"),
            .ended(outcome: .succeeded), .ended(outcome: .turnedBack(cause: "c")),
            .ended(outcome: .stuck(cause: "c")), .keptEnded, .hookBegun(hook: .testTraffic),
            .hookEnded(hook: .afterInstall, problem: nil),
            .hookEnded(hook: .afterInstall, problem: "p"), .alarmRang(cause: "c"),
            .entrusted(token: "t"), .entrustedTold(words: "w"), .entrustedDone,
            .entrustedFailed(cause: "c"), .approved(by: "ada"), .promoted(by: "ada"),
            .paused(by: "ada"), .resumed(by: "ada"),
            .locked(by: "ada", reason: "r"), .unlocked(by: "ada"),
        ]
    }

    private static func instances(_ names: Names) throws -> [SiteEvent] {
        let web: RoleName = try name("web")
        let (one, two) = (InstanceID(1), InstanceID(2))
        var site = Site()
        let role = Role(
            web, count: 1, takesTraffic: true, patience: .seconds(1), drain: .seconds(1))
        let order = RolloutOrder(
            Release(ReleaseID(1), version: "v", roles: [role]), by: .allAtOnce)
        _ = try site.decide(.deploy(order), at: .zero)
        _ = try site.decide(.see(.healthy(one)), at: .zero)
        return [
            .instanceOrdered(instance: one, release: ReleaseID(7), role: web),
            .instanceStarted(instance: one), .instanceHealthy(instance: one),
            .instanceAiling(instance: one, cause: "nobody listens"),
            .instanceUnhealthy(instance: one, cause: "c"), .instanceLeaving(instance: one),
            .instanceDrained(instance: one), .instanceStopping(instance: one),
            .instanceGone(instance: one, cause: nil), .instanceGone(instance: two, cause: "c"),
            .routed(role: web, routing: site.routing(of: web)),
            .routingHeld(role: web, serial: 3), .routingLost(role: web),
            .scaled(role: web, count: 3, cause: "c"),
        ]
    }
}
