import Assignments
import Balancer
package import Deployment
import Glibc
package import Pipelines
import Synchronization
package import Threads

/// Keeps what is deployed on this machine as environments want it: its instances, and who of them
/// takes which requests. It decides nothing: it compares, does the difference, and says what it
/// saw.
///
/// One thread does it all; a pass that does nothing costs two looks.
package final class Steward: Estate, Sendable {
    /// While something is under way at the balancer, which tells nobody.
    private static let attentive: Duration = .milliseconds(50)
    private static let calm: Duration = .seconds(1)

    private let bell: Bell
    private let shared = Mutex(Shared())
    private let folder: String
    private let makeTarget: @Sendable () throws -> any Target
    private let wake: @Sendable () -> Void
    private let complain: @Sendable (String) -> Void

    private struct Shared {
        var sites: [EnvironmentName: Site]?
        var facts: [EnvironmentName: SiteFacts] = [:]
        var figures: SeenFigures = [:]
        var trouble: String?
        var thread: OwnThread?
        var isStopping = false
    }

    /// `folder` is the balancer's. `wake` is called when there is something new among the facts.
    package init(
        balancerIn folder: String, target: @escaping @Sendable () throws -> any Target,
        wake: @escaping @Sendable () -> Void, complain: @escaping @Sendable (String) -> Void
    ) throws(Shortage) {
        bell = try Bell()
        self.folder = folder
        makeTarget = target
        self.wake = wake
        self.complain = complain
    }

    package var facts: [EnvironmentName: SiteFacts] { shared.withLock { $0.facts } }

    package typealias SeenFigures = [EnvironmentName: [RoleName: [ReleaseID: TrafficFigures]]]

    /// What came of requests in the last half minute.
    package var figures: SeenFigures { shared.withLock { $0.figures } }

    /// Why nobody is let in, for people.
    package var trouble: String? { shared.withLock { $0.trouble } }

    package func keep(_ sites: [EnvironmentName: Site]) {
        let isNew = shared.withLock { shared in
            defer { shared.sites = sites }
            return shared.sites != sites
        }
        if isNew { bell.ring() }
    }

    package func start() throws(Shortage) {
        let thread = try OwnThread { self.work() }
        shared.withLock { $0.thread = thread }
    }

    /// What runs goes on without us.
    package func stop() {
        let thread = shared.withLock { shared in
            shared.isStopping = true
            return shared.thread
        }
        bell.ring()
        thread?.join()
    }

    private func work() {
        let patrol: Patrol
        do {
            patrol = Patrol(try makeTarget(), try Gatehouse(in: folder))
        } catch {
            let words = "what is deployed on this machine cannot be kept: \(error)"
            shared.withLock { $0.trouble = words }
            return complain(words)
        }
        while true {
            let (sites, isStopping) = shared.withLock { ($0.sites, $0.isStopping) }
            if isStopping { return }
            // Before the first word, everything there would be nobody's.
            let isUnderWay = sites.map { pass(patrol, $0) } ?? false
            wait(isUnderWay ? Self.attentive : Self.calm, patrol.descriptors)
        }
    }

    /// Whether something is under way that nobody will tell of.
    private func pass(_ patrol: Patrol, _ sites: [EnvironmentName: Site]) -> Bool {
        let found = patrol.go(sites)
        let (isNew, isTrouble) = shared.withLock { shared in
            defer {
                (shared.facts, shared.figures) = (found.facts, found.figures)
                shared.trouble = found.trouble
            }
            return (
                shared.facts != found.facts,
                found.trouble != nil && shared.trouble != found.trouble
            )
        }
        if isTrouble, let trouble = found.trouble { complain(trouble) }
        if isNew { wake() }
        return found.isUnderWay
    }

    private func wait(_ time: Duration, _ descriptors: [Int32]) {
        var waited = ([bell.descriptor] + descriptors).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        _ = unsafe poll(&waited, nfds_t(waited.count), Int32(clamping: time.milliseconds))
        bell.hush()
    }
}
