import Assignments
package import Curl
package import Deployment
import Glibc
package import Pipelines
import Synchronization
package import Threads

/// Asks servers of metrics, while new versions get requests, whether they do harm: in a thread of
/// its own, so that whoever keeps the estate never waits for an answer.
package final class MetricsProbe: Onlooker, Sendable {
    private static let pause: Duration = .seconds(5)

    private let servers: [MetricsName: MetricsServer]
    private let trust: Call.Trust
    private let secret: @Sendable (SecretName) -> [UInt8]?
    private let wake: @Sendable () -> Void
    private let bell: Bell
    private let shared = Mutex(Shared())

    private struct Shared {
        var tasks: Set<Task> = []
        var alarms: [EnvironmentName: [ReleaseID: String]] = [:]
        var thread: OwnThread?
        var isStopping = false
    }

    private struct Task: Hashable {
        let environment: EnvironmentName
        let release: ReleaseID
        let query: Workload.Query
    }

    /// `wake` is called when there is a new alarm.
    package init(
        _ servers: [MetricsServer], trust: Call.Trust,
        secret: @escaping @Sendable (SecretName) -> [UInt8]?, wake: @escaping @Sendable () -> Void
    ) throws(Shortage) {
        bell = try Bell()
        self.servers = Dictionary(servers.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        self.trust = trust
        self.secret = secret
        self.wake = wake
    }

    package var alarms: [EnvironmentName: [ReleaseID: String]] { shared.withLock { $0.alarms } }

    package func watch(_ sites: [EnvironmentName: Site]) {
        let tasks = Set(sites.flatMap { name, site in Self.tasks(of: name, site) })
        let isNew = shared.withLock { shared in
            defer { shared.tasks = tasks }
            return shared.tasks != tasks
        }
        if isNew { bell.ring() }
    }

    private static func tasks(of name: EnvironmentName, _ site: Site) -> [Task] {
        guard site.wants(at: .zero).watchesAlarms, let to = site.rollout?.to,
            let release = site.releases[to]
        else { return [] }
        return release.roles.flatMap { $0.work?.queries ?? [] }.map {
            Task(environment: name, release: to, query: $0)
        }
    }

    package func start() throws(Shortage) {
        let thread = try OwnThread { self.work() }
        shared.withLock { $0.thread = thread }
    }

    package func stop() {
        let thread = shared.withLock { shared in
            shared.isStopping = true
            return shared.thread
        }
        bell.ring()
        thread?.join()
    }

    private func work() {
        var watches: [Task: QueryWatch] = [:]
        let began = ContinuousClock.now
        while true {
            bell.hush()
            let (tasks, isStopping) = shared.withLock { ($0.tasks, $0.isStopping) }
            if isStopping { return }
            // One that is watched anew is watched from its beginning.
            watches = watches.filter { tasks.contains($0.key) }
            for task in tasks where !bell.isRung {
                var watch = watches[task] ?? QueryWatch()
                do throws(Prometheus.Problem) {
                    let values = try ask(task.query)
                    watch.note(values, of: task.query, at: .now - began)
                } catch { watch.note(silence: error.description) }
                watches[task] = watch
            }
            publish(watches)
            bell.wait(tasks.isEmpty ? .seconds(3_600) : Self.pause)
        }
    }

    private func publish(_ watches: [Task: QueryWatch]) {
        var alarms: [EnvironmentName: [ReleaseID: String]] = [:]
        for (task, watch) in watches {
            guard let words = watch.alarm(task.query) else { continue }
            alarms[task.environment, default: [:]][task.release] = words
        }
        let isNew = shared.withLock { shared in
            defer { shared.alarms = alarms }
            return shared.alarms != alarms
        }
        if isNew { wake() }
    }

    private func ask(_ query: Workload.Query) throws(Prometheus.Problem) -> [Double] {
        guard let server = servers[query.server] else {
            throw .init("the settings of this server name no 'metrics' of that name")
        }
        var token: [UInt8]?
        if let name = server.token {
            token = secret(name)
            guard token != nil else { throw .init("secret '\(name)' is not in the vault") }
        }
        let call = Prometheus.call(query.ask, at: server, token: token, trust: trust)
        let answer: (status: Int, body: [UInt8])?
        do throws(CallProblem) {
            answer = try self.answer(to: call)
        } catch { throw .init("\(Call.origin(of: server.address)): \(error.detail)") }
        guard let answer else { throw .init("the server is stopped") }
        return try Prometheus.values(status: answer.status, body: answer.body)
    }

    /// Nothing if the house ends first.
    private func answer(to call: Call) throws(CallProblem) -> (status: Int, body: [UInt8])? {
        let client = try HTTPClient()
        let transfer = try client.begin(call)
        defer { client.abandon(transfer) }
        var body: [UInt8] = []
        client.run()
        while !transfer.isDone {
            if shared.withLock({ $0.isStopping }) { return nil }
            client.wait(
                [pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)],
                milliseconds: 1_000)
            body += transfer.take()
        }
        if let problem = transfer.problem { throw problem }
        return (transfer.status ?? 0, body + transfer.take())
    }
}
