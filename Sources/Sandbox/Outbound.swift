package import Attempts
import CLaunch
import Glibc

/// A network for one sandbox from which others are reached, and this host is not: a namespace that
/// belongs to nobody in the sandbox, and slirp4netns, which carries what is sent there as an
/// ordinary program of the host would. It dies with the supervisor.
package struct Outbound: ~Copyable {
    private static let operation = "give it network 'outbound'"
    private static let patience: Int32 = 10_000
    /// Each connection takes one, and memory for what is on its way.
    private static let mostDescriptors: UInt = 4_096

    /// The namespace. In it is no way out until `open`.
    package let network: Int32
    /// Readable when slirp4netns has ended, which it does not do by itself.
    package let descriptor: Int32
    private let process: Int32
    private let ready: Int32
    private let said: Int32
    private let life: Int32
    private let isInGroup: Bool

    deinit {
        _ = kill(process, SIGKILL)
        // The kernel takes longer to take its device apart than a short action takes in all. Only
        // a control group, which cannot be removed before, has to wait for that.
        var status: Int32 = 0
        while unsafe waitpid(process, &status, isInGroup ? 0 : WNOHANG) < 0, errno == EINTR {}
        for open in [network, descriptor, ready, said, life] where open >= 0 { close(open) }
    }

    private init(
        network: Int32, descriptor: Int32, process: Int32, ready: Int32, said: Int32, life: Int32,
        isInGroup: Bool
    ) {
        self.network = network
        self.descriptor = descriptor
        self.process = process
        self.ready = ready
        self.said = said
        self.life = life
        self.isInGroup = isInGroup
    }

    /// Makes the network and lets slirp4netns get ready, for which nobody has to wait yet.
    package static func start(
        _ spec: AttemptSpec, _ facts: HostFacts, group: borrowing ControlGroup
    ) throws(SandboxError) -> Outbound {
        guard let program = facts.slirp else {
            throw SandboxError(
                operation, "slirp4netns is not installed",
                hint: "install it: apt-get install slirp4netns")
        }
        try Tunnel.open(isRoot: facts.isRoot)
        try checkResolver()
        var made = slipway_network(network: -1, user_namespace: -1)
        let slot = spec.slot.map { UInt32($0) }
        guard unsafe slipway_make_network(slot ?? getuid(), slot ?? getgid(), &made) == 0 else {
            throw SandboxError.system(operation)
        }
        var kept = [made.network]
        var isStarted = false
        defer { if !isStarted { for descriptor in kept { close(descriptor) } } }
        var given = Given()
        defer { given.close() }
        given.add(made.user_namespace)
        let ready = try Pipe.make()
        kept.append(ready.read)
        given.pass(ready.write)
        let life = try Pipe.make()
        kept.append(life.write)
        given.pass(life.read)
        let said = try Pipe.make()
        kept.append(said.read)
        given.add(said.write)
        // What it complains of is read only if it fails, and must not stop it.
        _ = fcntl(said.write, F_SETFL, O_WRONLY | O_NONBLOCK)
        let inside = fcntl(made.network, F_DUPFD_CLOEXEC, 0)
        guard inside >= 0 else { throw SandboxError.system(operation) }
        given.pass(inside)
        let doors = try group.doors()
        defer { for door in doors { close(door) } }
        var child = Child(program)
        child.arguments = arguments
        child.descriptors = given.passed
        child.output = said.write
        child.doors = doors
        child.limits = [
            slipway_limit(resource: SLIPWAY_CORE, value: 0),
            slipway_limit(resource: SLIPWAY_FILES, value: mostDescriptors),
        ]
        child.userNamespace = made.user_namespace
        // Root there is the sandbox's own user outside.
        child.slot = spec.slot == nil ? nil : 0
        let process = try child.start()
        isStarted = true
        return Outbound(
            network: made.network, descriptor: slipway_process_descriptor(process),
            process: process, ready: ready.read, said: said.read, life: life.write,
            isInGroup: !doors.isEmpty)
    }

    /// The descriptors are in the order in which they are passed.
    private static let arguments = [
        "slirp4netns", "--ready-fd", "3", "--exit-fd", "4", "--mtu",
        "\(OutboundAddresses.packetSize)", "--disable-host-loopback", "--enable-sandbox",
        "--enable-seccomp", "--netns-type", "path", "/proc/self/fd/5", OutboundAddresses.device,
    ]

    /// slirp4netns leaves all of the file system behind but these two folders.
    private static func checkResolver() throws(SandboxError) {
        guard let real = unsafe realpath("/etc/resolv.conf", nil) else {
            throw SandboxError.system("read '/etc/resolv.conf'", hint: "name a name server there")
        }
        defer { unsafe free(real) }
        let path = unsafe String(cString: real)
        guard path.hasPrefix("/etc/") || path.hasPrefix("/run/") else {
            throw SandboxError(
                operation, "'/etc/resolv.conf' is a link to '\(path)'",
                hint: "make it a file, or a link into /run")
        }
    }

    /// Opens the way out, with all that is not to be reached blocked before. Whoever has no
    /// capability in the namespace can change nothing of it.
    package func open(_ spec: AttemptSpec) throws(SandboxError) {
        try waitUntilReady()
        var given: [AddressRange] = []
        for text in spec.blocked {
            guard let range = AddressRange(text), range.length > 0 else {
                throw SandboxError(Self.operation, "'\(text)' are no addresses to block")
            }
            given.append(range)
        }
        let blocked = OutboundAddresses.blocked(
            ofHost: try AddressRange.ofThisHost(), byProfile: given
        ).map(\.asInPackets)
        let code = unsafe OutboundAddresses.device.withCString { device in
            unsafe blocked.withUnsafeBufferPointer { blocked in
                var way = unsafe slipway_way(
                    device: device, size: UInt32(OutboundAddresses.packetSize),
                    address: OutboundAddresses.own.asInPackets.address,
                    gateway: OutboundAddresses.gateway.asInPackets.address,
                    names: OutboundAddresses.names.asInPackets.address,
                    blocked: blocked.baseAddress, blocked_count: Int32(blocked.count))
                return unsafe slipway_open_way(network, &way) == 0 ? 0 : errno
            }
        }
        guard code == 0 else { throw SandboxError.system("set up the network", code: code) }
    }

    private func waitUntilReady() throws(SandboxError) {
        var waited = pollfd(fd: ready, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        let count = unsafe poll(&waited, 1, Self.patience)
        guard count != 0 else {
            throw SandboxError(Self.operation, "slirp4netns does not get ready")
        }
        guard count > 0, unsafe read(ready, &byte, 1) == 1 else {
            throw SandboxError(Self.operation, "slirp4netns failed: \(lastWords)")
        }
    }

    /// What slirp4netns said of itself at last.
    package var lastWords: String {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var waited = pollfd(fd: said, events: Int16(POLLIN), revents: 0)
        let isThere = unsafe poll(&waited, 1, 0) > 0
        let count = isThere ? max(0, unsafe read(said, &buffer, buffer.count)) : 0
        let lines = buffer[..<count].split(separator: UInt8(ascii: "\n"))
            .map { String(decoding: $0, as: UTF8.self) }
            .filter { !$0.hasPrefix("*") && !$0.hasPrefix("WARNING") }
        return lines.isEmpty ? "it said nothing" : lines.suffix(2).joined(separator: "; ")
    }
}
