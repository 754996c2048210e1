package import Attempts

/// One instance of a version, as it is to run.
package struct InstanceSpec: Hashable, Sendable {
    package enum Network: Hashable, Sendable {
        /// Nothing but its own loopback, and those who come through its door.
        case own
        /// Besides, it reaches others, as an action does.
        case outbound
    }

    package let name: InstanceName
    /// For `/bin/sh -eu` in `/workspace`; best `exec server`. Nothing if an image has its own.
    package var command: String?
    /// The image that it is of, instead of a tree in a sandbox of ours.
    package var container: ContainerSpec?
    /// For its supervisor alone: by what name it is known to the image's registry.
    package var access: [HandedSecret] = []
    /// A folder of the house, which the workspace begins with.
    package var tree: String?
    /// Whether the tree is all that the workspace ever is. Otherwise what is written there is kept
    /// apart from the tree, and thrown away at the end.
    package var isReadOnly = false
    /// Trees that are seen, read-only, as `/inputs/NAME`.
    package var inputs: [AttemptSpec.Input] = []
    /// Besides `PORT` and what each sandbox has.
    package var environment: [String: String] = [:]
    /// They touch no disk, and are hidden in the log.
    package var secrets: [HandedSecret] = []
    /// Where it has to listen, which it finds in `$PORT`; nothing for one that nobody speaks with,
    /// and which has no door.
    package var port: Int? = 8_080
    package var health = HealthCheck(.accepts)
    package var network = Network.own
    /// Addresses that `outbound` does not reach.
    package var blocked: [String] = []
    /// Host paths that are seen, read-only, at the same place.
    package var readOnly: [String] = []
    /// Time is none of them: it goes on until it is stopped. The grace is between `SIGTERM` and
    /// `SIGKILL`.
    package var limits = AttemptSpec.Limits()
    /// So much of its log is kept, the newest.
    package var logBytes = 64 << 20

    package init(_ name: InstanceName, command: String?) {
        self.name = name
        self.command = command
    }
}

extension InstanceSpec {
    /// What whoever wrote it has to mend; nothing if it can be run.
    var problem: String? {
        if command == nil, container == nil { return "nothing says what it is to run" }
        if let port, !(1_024...65_535 ~= port) {
            return "its port is \(port); take one of 1024 to 65535, which any user may listen at"
        }
        if limits.milliseconds != nil { return "it has a limit of time, and is to go on" }
        if case .http(let path, let host, _) = health.kind {
            guard path.hasPrefix("/"), Self.isWord(path) else {
                return "the path of its health check is '\(path)'; let it begin with '/' and have "
                    + "no spaces"
            }
            guard Self.isWord(host), !host.isEmpty else {
                return "the host of its health check is '\(host)', which is no name"
            }
        }
        let asksPort =
            switch health.kind {
            case .http, .accepts: true
            case .command, .lives: false
            }
        if port == nil, asksPort {
            return "its health check asks a port, and it has none"
        }
        return nil
    }

    private static func isWord(_ text: String) -> Bool {
        text.utf8.count <= 2_000 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    func attempt(
        slot: Int?, filter: String, addresses: [String], bell: String
    ) -> AttemptSpec {
        var steps = [command].compactMap(\.self).map { AttemptSpec.Step(name: nil, script: $0) }
        if case .command(let script) = health.kind, container == nil {
            steps.append(.init(name: nil, script: script))
        }
        var spec = AttemptSpec(
            id: name.description, steps: steps, filter: container == nil ? filter : "")
        spec.container = container
        spec.environment = environment
        if let tree { spec.layers = [tree] }
        spec.inputs = inputs
        spec.network =
            switch network {
            case .own: .none
            case .outbound: .outbound
            }
        spec.blocked = blocked
        spec.readOnly = readOnly
        spec.limits = limits
        spec.slot = slot
        var service = ServiceSpec(port: port, addresses: addresses, health: health, bell: bell)
        service.isReadOnly = isReadOnly
        service.logBytes = logBytes
        spec.service = service
        return spec
    }
}
