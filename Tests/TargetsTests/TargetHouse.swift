import Attempts
import Deployment
import Docker
import FoundationEssentials
import Glibc
import HTTP
import Instances
import Pipelines
import Runner
import Sandbox
import Support
import Targets
import Testing

/// What a target has to be told before it can be held to its promises; a third one is a line in
/// `all`.
struct TargetKind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let version: @Sendable () throws -> String
    let make: @Sendable (TargetHouse) throws -> any Targets.Target

    static let process = TargetKind(
        testDescription: "artifacts in sandboxes", version: { "tree" },
        make: { house in
            let profile = RunnerProfile(
                name: .process, places: 1, environment: ["PATH": "/usr/bin:/bin"])
            let tree = house.folder.file("tree")
            let recipe = SandboxRecipe(profile, tree: { _ in tree }, secret: house.secret)
            return MachineTarget(try house.instances(), [recipe])
        })

    static let container = TargetKind(
        testDescription: "images in containers", version: { try TargetHouse.imageID() },
        make: { house in
            let docker = DockerProfile(socket: TestEngine.socket ?? "/none")
            let profile = RunnerProfile(name: .docker, kind: .docker(docker), places: 1)
            let recipe = try #require(
                ContainerRecipe(
                    profile, house: house.folder.path, way: { _ in (RegistrySpec(), []) },
                    secret: house.secret))
            return MachineTarget(try house.instances(), [recipe])
        })

    static let all =
        TestEngine.socket == nil || getuid() != 0 ? [process] : [process, container]
}

/// A house with a target, in a folder of its own; what it began ends with it.
final class TargetHouse {
    static let environment = EnvironmentName("prod")

    let folder: Folder
    let kind: TargetKind
    private(set) var target: any Targets.Target
    private(set) var release: Release
    private(set) var instance: Instance

    /// `service` is what the only service of the environment says.
    init(_ kind: TargetKind, _ service: String) throws {
        folder = try Folder()
        self.kind = kind
        try FileManager.default.createDirectory(
            atPath: folder.file("tree"), withIntermediateDirectories: false)
        let text = """
            name: shop
            sources: { app: { git: . } }
            environments:
              prod:
                services:
                  web:
            \(service.split(separator: "\n").map { "        \($0)" }.joined(separator: "\n"))
            stages: [{ name: a, actions: { b: { run: x } } }]
            """
        let read = Definition.read(Array(text.utf8))
        let definition = try #require(read.definition, "\(read)")
        let roles = try #require(definition.environments.first).services.map { service in
            Role(service) { $0.text }
        }
        release = Release(ReleaseID(1), version: try kind.version(), roles: roles)
        var site = Site()
        _ = try site.decide(.deploy(RolloutOrder(release, by: .allAtOnce)), at: .zero)
        instance = try #require(site.wants(at: .zero).launches.first)
        target = Nobody()
        target = try kind.make(self)
    }

    deinit {
        for (environment, sights) in target.look() {
            for id in sights.keys { target.stop(id, in: environment) }
        }
        while target.look().values.contains(where: { $0.values.contains { !$0.isGone } }) {
            waitForNews()
        }
    }

    static func imageID() throws -> String {
        struct Image: Decodable { let Id: String }
        let engine = try DockerEngine(at: try #require(TestEngine.socket))
        let told = try engine.perform(
            EngineRequest("look", .get, "/images/\(TestEngine.image)/json"))
        return try JSONDecoder().decode(Image.self, from: Data(told)).Id
    }

    func instances() throws -> Instances {
        let supervisors = InstanceSupervisors(
            sandbox: Self.program("slipway-instance-supervisor"),
            container: Self.program("slipway-container-supervisor")
        ) { try ContainerSweep.remove($0, of: $1) }
        return try Instances(
            home: folder.path, supervisors: supervisors, facts: HostFacts.look())
    }

    var secret: (SecretName) -> [UInt8]? { { _ in Array("seven-dwarfs".utf8) } }

    private static func program(_ name: String) -> String {
        let own = URL(filePath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
        let beside = own.appending(path: name).path()
        return FileManager.default.fileExists(atPath: beside) ? beside : ".build/debug/\(name)"
    }

    func launch() throws {
        try target.launch(instance, of: release, in: try #require(Self.environment))
    }

    func stop() throws { target.stop(instance.id, in: try #require(Self.environment)) }
    func letGo() throws { target.letGo(of: instance.id, in: try #require(Self.environment)) }

    var sight: Sight? {
        get throws { target.look()[try #require(Self.environment)]?[instance.id] }
    }

    /// The next house, as after a crash of this one.
    func comeBack() throws { target = try kind.make(self) }

    /// How it is when that is so, or when it is gone.
    @discardableResult
    func wait(until isSo: (Sight) -> Bool) throws -> Sight {
        while true {
            let sight = try #require(try sight)
            if sight.isGone || isSo(sight) { return sight }
            waitForNews()
        }
    }

    func healthy() throws -> Sight { try wait { $0.condition == .healthy } }
    func gone() throws -> String {
        guard case .gone(let words) = try wait(until: { _ in false }).condition else { return "" }
        return words
    }

    private func waitForNews() {
        var waited = target.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = unsafe poll(&waited, nfds_t(waited.count), 1_000)
    }

    func get(_ path: String) throws -> String {
        let door = try #require(try sight?.door).split(separator: ":")
        let socket = try TestSocket(
            to: try #require(UInt16(door[1])), at: String(door[0]))
        socket.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return socket.receiveToEnd()
    }

    var log: String {
        get throws {
            let lines = LastLines.bytes(
                of: try #require(InstanceName("prod", "\(instance.id)")), in: folder.path,
                atMost: 1_000, upTo: 1 << 20)
            return String(decoding: lines ?? [], as: UTF8.self)
        }
    }

    /// The process that looks after it.
    var supervisor: Int32 {
        get throws {
            let lock = folder.file("instances/prod/\(instance.id)/lock")
            let text = String(decoding: try Data(contentsOf: URL(filePath: lock)), as: UTF8.self)
            return try #require(Int32(text.split(whereSeparator: \.isWhitespace)[0]))
        }
    }
}

extension Sight {
    /// Why it is not healthy yet.
    var ailment: String? { if case .starting(let words) = condition { words } else { nil } }
}

/// Before there is a house.
private final class Nobody: Targets.Target {
    func look() -> [EnvironmentName: [InstanceID: Sight]] { [:] }
    func launch(_: Instance, of: Release, in: EnvironmentName) {}
    func stop(_: InstanceID, in: EnvironmentName) {}
    func letGo(of: InstanceID, in: EnvironmentName) {}
    var descriptors: [Int32] { [] }
}
