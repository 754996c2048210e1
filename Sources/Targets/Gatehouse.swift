package import Balancer
import CLaunch
import Glibc
import SmallFiles

/// The one HAProxy of a house: through it come all requests for what is deployed on this machine.
///
/// It outlives the server, so that nobody who asks something notices that one has ended. The next
/// finds it by its socket.
package final class Gatehouse {
    /// What could not be had is tried again after so long.
    private static let pause: Duration = .seconds(2)
    private static let start: Duration = .seconds(5)
    private static let shell = "/bin/sh"
    /// Opens the log, and becomes HAProxy: but never beside another, which does not answer and
    /// would go on leading a part of all requests to where it once was told. The lock goes along
    /// with it.
    private static let beginning = """
        exec >"$0" 2>&1 9>>"$0.lock"
        flock -w 3 9 || { echo "ALERT: another HAProxy runs, and does not answer"; exit 75; }
        exec "$@"
        """
    package static let standardProgram = "/usr/sbin/haproxy"

    private let folder: BalancerFolder
    private let balancer: Balancer
    private let home: String
    private let program: String
    private var process: pid_t?
    private var watch: EndWatch?
    private var problem: (words: String, until: ContinuousClock.Instant)?

    package init(in folder: String, program: String = standardProgram) throws {
        home = folder
        self.program = program
        self.folder = try BalancerFolder(folder)
        balancer = Balancer(self.folder)
    }

    /// Readable when HAProxy has ended: until another runs, nobody is let in.
    package var descriptors: [Int32] { watch.map { [$0.descriptor] } ?? [] }

    /// What came of it: who takes what by now, or why nobody is let in.
    package enum Outcome {
        case standing([DoorPlan.Post: Balancer.Standing])
        case closed(String)
    }

    /// Takes HAProxy as far towards a plan as it goes without waiting.
    package func tend(_ plan: DoorPlan) -> Outcome {
        reap()
        if watch?.hasEnded == true { watch = nil }
        do {
            if plan.frontends.isEmpty {
                // One that is not there any more need not be told.
                if isUp { try balancer.retire() }
                return .standing([:])
            }
            try open(plan)
            var standings: [DoorPlan.Post: Balancer.Standing] = [:]
            for (post, pool) in plan.pools { standings[post] = try balancer.bring(pool) }
            problem = nil
            watch = try watch ?? balancer.master().flatMap { EndWatch($0) }
            return .standing(standings)
        } catch {
            return .closed("\(error)")
        }
    }

    private var isUp: Bool { (try? balancer.readings()) != nil }

    /// Has HAProxy run and listen where it should.
    private func open(_ plan: DoorPlan) throws {
        if let problem, .now < problem.until { throw Closed(words: problem.words) }
        let isUp = isUp
        if isUp, (try? SmallFile.text(of: known)) == plan.text { return }
        do {
            let configuration = try BalancerConfiguration(
                frontends: plan.frontends, backends: plan.backends, account: Self.account)
            if isUp {
                try balancer.reload(configuration)
            } else {
                try launch(configuration.holding(Array(plan.pools.values)))
            }
            try SmallFile.replace(known, with: Array(plan.text.utf8))
        } catch {
            let words = Closed.words(error, log: lastWords)
            problem = (words, .now + Self.pause)
            throw Closed(words: words)
        }
    }

    private func launch(_ configuration: BalancerConfiguration) throws {
        guard unsafe access(program, X_OK) == 0 else {
            throw Closed(words: "'\(program)' is not here: apt-get install haproxy")
        }
        try folder.write(configuration)
        let words = [Self.shell, "-c", Self.beginning, log] + folder.command(program: program)
        let input = unsafe Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(input) }
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
        let child = unsafe slipway_start_program(Self.shell, &arguments, input)
        guard child > 0 else {
            throw Closed(words: "cannot start HAProxy: \(unsafe String(cString: strerror(errno)))")
        }
        process = child
        let end = ContinuousClock.now + Self.start
        while !isUp {
            reap()
            guard process != nil, .now < end else {
                throw Closed(words: "HAProxy does not start")
            }
            // Nothing tells when it listens.
            usleep(5_000)
        }
    }

    private func reap() {
        if let child = process, waitpid(child, nil, WNOHANG) == child { process = nil }
    }

    /// Where it was told to listen.
    private var known: String { "\(home)/doors" }
    private var log: String { "\(home)/log" }

    private var lastWords: String {
        let text = (try? SmallFile.text(of: log, limit: 1 << 20)) ?? ""
        let lines = text.split(separator: "\n").filter { $0.contains("ALERT") }
        return lines.suffix(3).joined(separator: "; ")
    }

    /// As whom it goes on after root has let it listen.
    private static var account: BalancerConfiguration.Account? {
        guard geteuid() == 0 else { return nil }
        for name in ["haproxy", "nobody"] {
            if let found = unsafe getpwnam(name) {
                return unsafe .init(user: found.pointee.pw_uid, group: found.pointee.pw_gid)
            }
        }
        return nil
    }
}

/// Why nobody is let in.
private struct Closed: Error, CustomStringConvertible {
    let words: String

    var description: String { words }

    static func words(_ error: any Error, log: String) -> String {
        log.isEmpty ? "\(error)" : "\(error): \(log)"
    }
}
