package import Attempts
import Cryptography
package import JSON

/// The container of one instance of a service, as the Engine is asked for it: the image's own
/// program, user and folders, and of all else as little as it can do with.
package struct ServiceContainer: Hashable, Sendable {
    /// What finds the processes of a container an end.
    private static let ownProcesses = 1

    private let spec: AttemptSpec
    private let container: ContainerSpec
    private let folder: AttemptFolder
    private let secrets: [HandedSecret]

    package init(
        _ spec: AttemptSpec, _ container: ContainerSpec, in folder: AttemptFolder,
        _ secrets: [HandedSecret]
    ) {
        self.spec = spec
        self.container = container
        self.folder = folder
        self.secrets = secrets
    }

    /// Nobody else's, and the same each time: so that there is never a second one.
    package var name: String {
        let word = spec.id.replacing("/", with: ".").unicodeScalars.filter {
            $0.isASCII
                && ($0.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains($0))
        }
        let text = word.reduce(into: "") { $0.unicodeScalars.append($1) }
        return "slipway-\(Self.short(folder.path))-\(text)"
    }

    /// What is asked of `/containers/create`.
    package var body: JSON {
        var members: [JSON.Member] = [
            .init("Image", .string(container.image)), .init("Hostname", "slipway"),
            .init("Env", .array(environment)), .init("Labels", labels),
            .init("Healthcheck", ["Test": ["NONE"]]), .init("AttachStdin", false),
            .init("AttachStdout", true), .init("AttachStderr", true), .init("Tty", false),
            .init("OpenStdin", false),
        ]
        if let script = spec.steps.first?.script {
            members += [
                .init("Entrypoint", ["/bin/sh", "-eu", "-c", .string(script)]), .init("Cmd", []),
            ]
        }
        let host = confinement + spec.limits.asked(besides: Self.ownProcesses) + mounts
        return .object(members + [.init("HostConfig", .object(host))])
    }

    /// The house's own network, for those that reach others; nothing for those that do not, which
    /// have nothing but their own loopback.
    package var network: (name: String, body: JSON)? {
        guard spec.network != .none else { return nil }
        let name = "slipway-\(Self.short(container.house))"
        return (
            name,
            [
                "Name": .string(name), "Driver": "bridge", "CheckDuplicate": true,
                "Labels": .object([.init(Container.Label.house, .string(container.house))]),
                // Whoever is in it reaches others, and none of its neighbours.
                "Options": ["com.docker.network.bridge.enable_icc": "false"],
            ]
        )
    }

    private static func short(_ text: String) -> String {
        String(SHA256.hex(of: Array(text.utf8)).prefix(12))
    }

    private var labels: JSON {
        var labels: [JSON.Member] = [
            .init(Container.Label.house, .string(container.house)),
            .init(Container.Label.folder, .string(folder.path)),
            .init(Container.Label.attempt, .string(spec.id)),
        ]
        if let release = spec.environment["SLIPWAY_RELEASE"] {
            labels.append(.init(Container.Label.release, .string(release)))
        }
        return .object(labels)
    }

    /// A secret is among them only if it was asked for as a variable: the Engine keeps those.
    private var environment: [JSON] {
        var variables = spec.environment
        if let port = spec.service?.port { variables["PORT"] = "\(port)" }
        for secret in secrets {
            guard let variable = secret.variable else { continue }
            variables[variable] = String(decoding: secret.value, as: UTF8.self)
        }
        return variables.sorted { $0.key < $1.key }.map { .string("\($0.key)=\($0.value)") }
    }

    private var confinement: [JSON.Member] {
        [
            .init("Init", true), .init("Privileged", false), .init("CapDrop", ["ALL"]),
            .init("SecurityOpt", ["no-new-privileges"]),
            // What nobody counts nobody writes.
            .init("ReadonlyRootfs", .bool(spec.limits.disk != nil)),
            .init("NetworkMode", .string(network?.name ?? "none")), .init("IpcMode", "private"),
            // Whoever began it begins the next, after a pause.
            .init("RestartPolicy", ["Name": "no"]),
            // The Engine would write what is printed to its own disk, secrets included.
            .init("LogConfig", ["Type": "none"]),
        ]
    }

    private var mounts: [JSON.Member] {
        var bound = spec.readOnly.map { Container.bind($0, $0, isReadOnly: true) }
        if SecretFiles.areNeeded(for: secrets) {
            bound.append(
                Container.bind(SecretFiles.place(of: folder), "/run/secrets", isReadOnly: true))
        }
        var members: [JSON.Member] = [.init("Mounts", .array(bound))]
        if let disk = spec.limits.disk {
            members.append(.init("Tmpfs", ["/tmp": .string("mode=1777,exec,size=\(disk)")]))
        }
        return members
    }
}
