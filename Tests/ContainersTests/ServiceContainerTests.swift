import Attempts
import Containers
import JSON
import Testing

@Suite("The container of an instance, as the Engine is asked for it") struct ServiceContainerTests {
    private static let secrets = [
        HandedSecret(name: "token", value: Array("dwarfs".utf8), variable: nil),
        HandedSecret(name: "key", value: Array("giants".utf8), variable: "KEY"),
    ]

    private static func spec(run script: String? = nil) -> AttemptSpec {
        var spec = AttemptSpec(
            id: "prod/i3", steps: script.map { [.init(name: nil, script: $0)] } ?? [], filter: "")
        spec.environment = ["SLIPWAY_RELEASE": "r7"]
        spec.limits = .init(memory: 1 << 20, processes: 10, cpu: 50)
        spec.service = ServiceSpec(
            port: 8080, addresses: [], health: HealthCheck(.accepts), bell: "/bell")
        return spec
    }

    private static func container(
        _ spec: AttemptSpec = spec(), at folder: String = "/home/h/instances/prod/i3",
        _ secrets: [HandedSecret] = secrets
    ) -> ServiceContainer {
        ServiceContainer(
            spec,
            ContainerSpec(socket: "/s", image: "shop@sha256:0", pull: .missing, house: "/home/h"),
            in: AttemptFolder(folder), secrets)
    }

    @Test func `has no privilege, no way out, and the limits that were given`() {
        let text = Self.container().body.text
        for part in [
            "\"Image\":\"shop@sha256:0\"", "\"CapDrop\":[\"ALL\"]",
            "\"SecurityOpt\":[\"no-new-privileges\"]", "\"Privileged\":false", "\"Init\":true",
            "\"NetworkMode\":\"none\"", "\"LogConfig\":{\"Type\":\"none\"}", "\"PidsLimit\":11",
            "\"Memory\":1048576", "\"MemorySwap\":1048576", "\"NanoCpus\":500000000",
            "\"RestartPolicy\":{\"Name\":\"no\"}", "\"PORT=8080\"",
            "\"slipway.house\":\"/home/h\"", "\"slipway.attempt\":\"prod/i3\"",
            "\"slipway.release\":\"r7\"",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        for part in ["PortBindings", "CapAdd", "Binds", "\"User\"", "\"Volumes\""] {
            #expect(!text.contains(part), "\(part) in \(text)")
        }
    }

    @Test func `runs what the image says, unless somebody says otherwise`() {
        #expect(!Self.container().body.text.contains("Entrypoint"))
        let text = Self.container(Self.spec(run: "exec shop")).body.text
        #expect(
            text.contains("\"Entrypoint\":[\"/bin/sh\",\"-eu\",\"-c\",\"exec shop\"],\"Cmd\":[]"))
    }

    @Test func `tells the Engine of a secret only what was asked for as a variable`() {
        let text = Self.container().body.text
        #expect(!text.contains("dwarfs"))
        #expect(text.contains("\"KEY=giants\""))
        #expect(text.contains("\"Target\":\"/run/secrets\",\"ReadOnly\":true"))
        #expect(!Self.container(Self.spec(), []).body.text.contains("/run/secrets"))
    }

    @Test func `writes nothing that nobody counts, where there is a limit of the disk`() {
        var spec = Self.spec()
        #expect(Self.container(spec).body.text.contains("\"ReadonlyRootfs\":false"))
        spec.limits.disk = 5_000
        let text = Self.container(spec).body.text
        #expect(text.contains("\"ReadonlyRootfs\":true"))
        #expect(text.contains("\"/tmp\":\"mode=1777,exec,size=5000\""))
    }

    @Test func `that reaches others is in a network of its house, apart from its neighbours`()
        throws
    {
        var spec = Self.spec()
        #expect(Self.container(spec).network == nil)
        spec.network = .outbound
        let network = try #require(Self.container(spec).network)
        #expect(Self.container(spec).body.text.contains("\"NetworkMode\":\"\(network.name)\""))
        #expect(network.body.text.contains("\"com.docker.network.bridge.enable_icc\":\"false\""))
        #expect(network.body.text.contains("\"slipway.house\":\"/home/h\""))
    }

    @Test func `has a name that no other house gives`() {
        let (own, other) = (
            Self.container().name, Self.container(at: "/home/g/instances/prod/i3").name
        )
        #expect(own == Self.container().name)
        #expect(own != other)
        #expect(own.hasPrefix("slipway-") && own.hasSuffix("-prod.i3"))
    }
}
