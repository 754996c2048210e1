import Attempts
import Containers
import JSON
import Testing

@Suite("A container, as the Engine is asked for it") struct ContainerTests {
    private static func spec() -> AttemptSpec {
        var spec = AttemptSpec(
            id: "shop/1", steps: [.init(name: nil, script: "make")], filter: "")
        spec.environment = ["MODE": "a b", "HOME": "/workspace"]
        spec.layers = ["/trees/a,b", "/trees/c:d"]
        spec.inputs = [.init(name: "lib", path: "/trees/lib")]
        spec.limits = .init(memory: 1 << 30, processes: 10, cpu: 150, disk: 5_000)
        return spec
    }

    private static func container(
        _ spec: AttemptSpec = spec(), trees: Container.Trees = .placed
    ) -> Container {
        Container(
            spec,
            ContainerSpec(socket: "/s", image: "debian:12", pull: .never, house: "/home/h"),
            in: AttemptFolder("/attempt"), trees: trees, user: 7, group: 8)
    }

    @Test func `has a user, no privilege, and the limits that were given`() {
        let text = Self.container().body.text
        for part in [
            "\"Image\":\"debian:12\"", "\"User\":\"7:8\"", "\"CapDrop\":[\"ALL\"]",
            "\"SecurityOpt\":[\"no-new-privileges\"]", "\"Privileged\":false",
            "\"ReadonlyRootfs\":true", "\"Init\":true", "\"NetworkMode\":\"none\"",
            "\"LogConfig\":{\"Type\":\"none\"}", "\"PidsLimit\":12", "\"Memory\":1073741824",
            "\"MemorySwap\":1073741824", "\"NanoCpus\":1500000000",
            "{\"Name\":\"fsize\",\"Soft\":5000,\"Hard\":5000}",
            "\"slipway.house\":\"/home/h\"", "\"slipway.folder\":\"/attempt\"",
            "\"HOME=/workspace\",\"MODE=a b\",\"SLIPWAY=true\"",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
    }

    @Test(
        "reaches what was asked for",
        arguments: [
            (AttemptSpec.Network.none, "none"), (.outbound, "bridge"), (.host, "host"),
        ])
    func network(asked: AttemptSpec.Network, mode: String) {
        var spec = Self.spec()
        spec.network = asked
        #expect(Self.container(spec).body.text.contains("\"NetworkMode\":\"\(mode)\""))
    }

    @Test func `has its trees mounted by the Engine where nobody else can`() {
        let text = Self.container(trees: .mounted(volume: "v")).body.text
        #expect(text.contains("\"Source\":\"v\",\"Target\":\"/workspace\""))
        #expect(
            text.contains(
                "\"Source\":\"/trees/lib\",\"Target\":\"/inputs/lib\",\"ReadOnly\":true"))
        let volume = Self.container().volume(named: "v").text
        #expect(
            volume.contains(
                #"lowerdir=/trees/a\\,b:/trees/c\\:d,upperdir=/attempt/workspace,"#
                    + "workdir=/attempt/scratch,userxattr"))
    }

    @Test func `knows nothing of its host's trees where its supervisor shows them`() {
        let text = Self.container().body.text
        #expect(!text.contains("/trees/"))
    }
}

@Suite("What is run first in a container") struct GateScriptTests {
    @Test func `quotes what a variable holds, and writes files as numbers`() {
        let spec = AttemptSpec(id: "a", steps: [.init(name: nil, script: "x")], filter: "")
        let script = String(
            decoding: GateScript.bytes(
                for: spec,
                [
                    .init(name: "a", value: Array("it's $x".utf8), variable: "A"),
                    .init(name: "b", value: [0, 65, 255], variable: nil),
                ]), as: UTF8.self)
        #expect(script.contains("\nexport A='it'\\''s $x'\n"))
        #expect(script.contains("\n{ :\nprintf '\\000\\101\\377'\n} >/run/secrets/b\n"))
        #expect(!script.contains("begin"))
    }

    @Test func `tells of steps where there are some to tell of`() {
        let spec = AttemptSpec(id: "a", steps: [.init(name: "n", script: "x")], filter: "")
        let script = String(decoding: GateScript.bytes(for: spec, []), as: UTF8.self)
        #expect(script.contains("echo \"begin $slipway_step\" >&8\n"))
    }
}
