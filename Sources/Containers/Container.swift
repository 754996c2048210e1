package import Attempts
package import JSON

/// The container of one attempt as the Engine is asked for it. A value: nothing is looked up, so
/// what a spec comes to can be read and tested.
package struct Container: Hashable, Sendable {
    /// How the trees of an attempt come into its container.
    package enum Trees: Hashable, Sendable {
        /// The supervisor, which is root, puts them in place when the container has begun.
        case placed
        /// The Engine mounts them; the name is that of the volume that holds the workspace, or
        /// nothing where there is no layer below it.
        case mounted(volume: String?)

        package var volume: String? { if case .mounted(let volume) = self { volume } else { nil } }
    }

    package enum Label {
        package static let house = "slipway.house"
        package static let folder = "slipway.folder"
        package static let attempt = "slipway.attempt"
        /// Of a container that a version of a service runs in.
        package static let release = "slipway.release"
    }

    /// What a `/tmp` holds whose owner has not said how much of the disk there is.
    private static let standardTemporary = 1 << 30
    /// The init process and the driver of steps are counted too.
    private static let ownProcesses = 2

    let spec: AttemptSpec
    let container: ContainerSpec
    package let folder: AttemptFolder
    package let trees: Trees
    package let user: Int
    package let group: Int

    package init(
        _ spec: AttemptSpec, _ container: ContainerSpec, in folder: AttemptFolder, trees: Trees,
        user: Int, group: Int
    ) {
        self.spec = spec
        self.container = container
        self.folder = folder
        self.trees = trees
        self.user = user
        self.group = group
    }

    /// What is asked of `/containers/create`.
    package var body: JSON {
        [
            "Image": .string(container.image), "User": .string("\(user):\(group)"),
            "Hostname": "slipway", "WorkingDir": "/", "Env": .array(environment),
            "Entrypoint": .array(["/bin/sh", .string(Channels.Inside.gate)]), "Cmd": [],
            "Labels": labels, "Healthcheck": ["Test": ["NONE"]], "AttachStdin": false,
            "AttachStdout": true, "AttachStderr": true, "Tty": false, "OpenStdin": false,
            "HostConfig": .object(
                confinement + spec.limits.asked(besides: Self.ownProcesses) + mounts),
        ]
    }

    /// What is asked of `/volumes/create`: the workspace, as a view of the layers that copies a
    /// file when it is written. It is mounted while the container lives and no longer.
    package func volume(named name: String) -> JSON {
        let lowers = spec.layers.map(Self.escaped).joined(separator: ":")
        let options =
            "lowerdir=\(lowers),upperdir=\(Self.escaped(folder.workspace))"
            + ",workdir=\(Self.escaped(folder.scratch)),userxattr"
        return [
            "Name": .string(name), "Driver": "local", "Labels": labels,
            "DriverOpts": [
                "type": "overlay", "device": "overlay", "o": .string(options),
            ],
        ]
    }

    private var labels: JSON {
        .object([
            .init(Label.house, .string(container.house)),
            .init(Label.folder, .string(folder.path)), .init(Label.attempt, .string(spec.id)),
        ])
    }

    /// Secrets are not among them: the Engine would keep them on its disk.
    private var environment: [JSON] {
        let own = [
            "HOME": "/tmp", "TERM": "dumb", "CI": "true", "SLIPWAY": "true",
            "SLIPWAY_EXPORTS": Channels.Inside.exports,
        ]
        return own.merging(spec.environment) { $1 }.sorted { $0.key < $1.key }
            .map { .string("\($0.key)=\($0.value)") }
    }

    private var confinement: [JSON.Member] {
        let network =
            switch spec.network {
            case .none: "none"
            case .outbound: "bridge"
            case .host: "host"
            }
        return [
            .init("Init", true), .init("Privileged", false), .init("CapDrop", ["ALL"]),
            .init("SecurityOpt", ["no-new-privileges"]), .init("ReadonlyRootfs", true),
            .init("NetworkMode", .string(network)), .init("IpcMode", "private"),
            .init("RestartPolicy", ["Name": "no"]),
            // The Engine would write what is printed to its own disk, secrets included.
            .init("LogConfig", ["Type": "none"]),
        ]
    }

    private var mounts: [JSON.Member] {
        let temporary = spec.limits.disk ?? Self.standardTemporary
        let own = "uid=\(user),gid=\(group)"
        var memory: [JSON.Member] = [
            .init("/run/secrets", .string("mode=0700,size=16m,noexec,\(own)")),
            // Its owner counts more than its mode, which is that of the image's own folder.
            .init("/tmp", .string("mode=1777,exec,size=\(temporary),\(own)")),
        ]
        var bound = [
            Self.bind(folder.channels, Channels.Inside.folder, isReadOnly: true),
            Self.bind(
                "\(folder.channels)/exports", Channels.Inside.exports, isReadOnly: false),
        ]
        for path in spec.readOnly { bound.append(Self.bind(path, path, isReadOnly: true)) }
        switch trees {
        case .placed:
            for place in ["/workspace", "/inputs"] { memory.append(.init(place, "size=4k")) }
        case .mounted(let volume):
            if let volume {
                bound.append([
                    "Type": "volume", "Source": .string(volume), "Target": "/workspace",
                    "VolumeOptions": ["NoCopy": true],
                ])
            } else {
                bound.append(Self.bind(folder.workspace, "/workspace", isReadOnly: false))
            }
            for input in spec.inputs {
                bound.append(Self.bind(input.path, "/inputs/\(input.name)", isReadOnly: true))
            }
        }
        return [.init("Mounts", .array(bound)), .init("Tmpfs", .object(memory))]
    }

    static func bind(_ source: String, _ target: String, isReadOnly: Bool) -> JSON {
        [
            "Type": "bind", "Source": .string(source), "Target": .string(target),
            "ReadOnly": .bool(isReadOnly),
        ]
    }

    /// Colons and commas have a meaning in the options of an overlay.
    private static func escaped(_ path: String) -> String {
        path.reduce(into: "") { escaped, character in
            if ["\\", ":", ","].contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
    }
}
