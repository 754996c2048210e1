package import Attempts
import Sandbox
import Synchronization
package import Threads

/// Looks again and again whether an instance is well, in a thread of its own that has entered its
/// network.
package final class Checker: Sendable {
    /// Before it was well for the first time it is looked at more often, from this on.
    private static let firstPause = 25

    /// Rung when something was found.
    package let bell: Bell
    private let leave: Bell
    private let found = Mutex<[Finding]>([])
    private let thread = Mutex<OwnThread?>(nil)

    package init() throws(Shortage) {
        bell = try Bell()
        leave = try Bell()
    }

    /// `network` is entered where there is one; `inside` runs somebody's own commands, and finds
    /// nothing where nobody can be asked to.
    package func start(
        _ check: HealthCheck, port: UInt16?, network: Int32?,
        inside: @escaping @Sendable () -> Finding?
    ) throws(Shortage) {
        let started = try OwnThread { [self] in
            if let network {
                do throws(SandboxError) {
                    try OwnNetwork.enter(network)
                } catch { return tell(.ill("\(error)")) }
            }
            run(check) { Self.look(check, port, inside) }
        }
        thread.withLock { $0 = started }
    }

    /// Returns when nothing more will be found.
    package func stop() {
        leave.ring()
        thread.withLock { $0 }?.join()
    }

    package func findings() -> [Finding] {
        bell.hush()
        return found.withLock { found in
            defer { found = [] }
            return found
        }
    }

    private func run(_ check: HealthCheck, _ look: () -> Finding?) {
        var health = Health(check)
        let interval = max(10, check.intervalMilliseconds)
        var pause = check.kind == .lives ? interval : min(Self.firstPause, interval)
        while true {
            leave.wait(.milliseconds(pause))
            if leave.isRung { return }
            if let finding = look() {
                _ = health.note(finding)
                tell(finding)
            }
            pause = health.condition == .starting ? min(pause * 2, interval) : interval
        }
    }

    private func tell(_ finding: Finding) {
        found.withLock { $0.append(finding) }
        bell.ring()
    }

    private static func look(
        _ check: HealthCheck, _ port: UInt16?, _ inside: () -> Finding?
    ) -> Finding? {
        let time = check.timeoutMilliseconds
        switch (check.kind, port) {
        case (.http(let path, let host, let statuses), let port?):
            return PortCheck(port: port, milliseconds: time)
                .answers(path: path, host: host, statuses: statuses)
        case (.accepts, let port?): return PortCheck(port: port, milliseconds: time).accepts()
        case (.command, _): return inside()
        case (.lives, _), (.http, nil), (.accepts, nil): return .well(by: nil)
        }
    }
}
