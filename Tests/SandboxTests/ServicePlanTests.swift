import Attempts
import Sandbox
import Testing

@Suite("The plan of a service's sandbox") struct ServicePlanTests {
    private func plan(_ change: (inout AttemptSpec) -> Void) -> SandboxPlan {
        var spec = AttemptSpec(
            id: "test", steps: [.init(name: nil, script: "exec serve")], filter: "filter")
        spec.environment = ["COLOUR": "green"]
        change(&spec)
        return SandboxPlan(spec, stage: Stage(path: "/mnt"), secrets: [], hidden: ["/proc/keys"])
    }

    private func service(_ health: HealthCheck.Kind) -> ServiceSpec {
        ServiceSpec(
            port: 8_080, addresses: ["127.64.0.1"], health: HealthCheck(health), bell: "bell")
    }

    /// Options and environment, which are given as NAME and value.
    private func parts(_ plan: SandboxPlan) -> (options: [String], variables: [String: String]) {
        var (options, variables) = (plan.options, [String: String]())
        while let place = options.firstIndex(of: "--setenv") {
            variables[options[place + 1]] = options[place + 2]
            options.removeSubrange(place...(place + 2))
        }
        return (options, variables)
    }

    @Test func `is that of an action, but for a network that its supervisor has made`() {
        let action = parts(plan { _ in })
        let serving = parts(plan { $0.service = service(.accepts) })
        #expect(action.options.contains("--unshare-net"))
        #expect(serving.options == action.options.filter { $0 != "--unshare-net" })
        #expect(plan { $0.service = service(.accepts) }.command == plan { _ in }.command)
    }

    @Test func `has its port, and nothing that tells of a build`() {
        var expected = parts(plan { _ in }).variables
        expected["CI"] = nil
        expected["SLIPWAY_EXPORTS"] = nil
        expected["PORT"] = "8080"
        #expect(parts(plan { $0.service = service(.accepts) }).variables == expected)
    }

    @Test func `has outbound what an action has outbound`() {
        let action = parts(plan { $0.network = .outbound })
        let serving = parts(
            plan {
                $0.network = .outbound
                $0.service = service(.accepts)
            })
        #expect(serving.options == action.options)
    }

    @Test func `lets somebody look from inside, who is no child of the service`() {
        let command = plan { $0.service = service(.command("test -e ready")) }.command
        #expect(command.prefix(2) == ["/bin/sh", "-c"])
        #expect(command.last?.hasSuffix("exec /bin/sh -eu /run/steps/0 8>&- 9<&-") == true)
        #expect(command.last?.contains("timeout -k 1 2.000 /bin/sh -eu /run/steps/1") == true)
    }
}
