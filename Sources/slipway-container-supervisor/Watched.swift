import Attempts
import CLaunch
import Doors
import Glibc
import Sandbox
import Serving

/// What is kept of a container by the kernel's means alone: its first process, its network, the
/// door that leads into that, and whoever looks from in there whether it is well.
final class Watched {
    /// Readable when its first process has ended, and the others with it.
    let process: Int32
    private let network: Int32
    let door: Door?
    let checker: Checker

    init(
        _ service: ServiceSpec, _ spec: AttemptSpec, _ running: borrowing RunningContainer,
        in container: String
    ) throws {
        let handle = running.first > 0 ? slipway_process_descriptor(running.first) : -1
        process = handle
        // One that has ended already has nothing to be entered.
        let inside = handle >= 0 && running.isAlive ? (try? running.network()) ?? -1 : -1
        network = inside
        checker = try Checker()
        guard inside >= 0 else {
            door = nil
            return
        }
        door = try service.port.map { port in
            try Door(at: service.addresses, to: UInt16(port), most: MostConnections.allow()) {
                try OwnNetwork.enter(inside)
            }
        }
        let check = Self.check(service, in: container, spec)
        try checker.start(
            service.health, port: service.port.map { UInt16($0) }, network: inside
        ) { check?.run() }
    }

    deinit { for open in [process, network] where open >= 0 { close(open) } }

    private static func check(
        _ service: ServiceSpec, in container: String, _ spec: AttemptSpec
    ) -> ExecCheck? {
        guard case .command(let script) = service.health.kind, let socket = spec.container?.socket
        else { return nil }
        return ExecCheck(
            socket: socket, container: container, script: script,
            milliseconds: service.health.timeoutMilliseconds)
    }

    var hasEnded: Bool {
        guard process >= 0 else { return true }
        var waited = pollfd(fd: process, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waited, 1, 0) > 0
    }

    func signal(_ number: Int32) { _ = slipway_signal(process, number) }
}
