import Glibc

/// One HAProxy of the house while it runs. All it knows is in HAProxy itself, so it makes no
/// difference who has started it, and whether it was restarted meanwhile.
///
/// Asked over the master's socket, because only the master reaches the workers that a reload has
/// left behind with the requests they still have.
package struct Balancer: Sendable {
    private let folder: BalancerFolder
    private let socket: RuntimeSocket

    package init(_ folder: BalancerFolder, patience: Duration = .seconds(5)) {
        self.folder = folder
        socket = RuntimeSocket(folder.socket, patience: patience)
    }

    /// How far HAProxy is on its way to what a pool says, as it showed afterwards.
    package struct Standing: Hashable, Sendable {
        /// All servers of the pool's backend.
        package let servers: [ServerReading]
        /// Why requests do not yet go as they should; empty when they do.
        package let pending: [String]
        /// Those who take nothing new and have nothing left: they may be stopped.
        package let idle: Set<BalancerName>

        package var isObeyed: Bool { pending.isEmpty }
    }

    /// Takes HAProxy as far towards a pool as it goes without waiting; to be called again until
    /// it is obeyed, and after any failure.
    package func bring(_ pool: Pool) throws(BalancerProblem) -> Standing {
        let before = try readings()
        let commands = Obeying(pool, from: before).commands
        for command in commands { try tell(command) }
        let after = commands.isEmpty ? before : try readings()
        let left = Obeying(pool, from: after)
        var pending = left.pending
        if pending.isEmpty, !left.isObeyed { pending = ["HAProxy shows other weights than told"] }
        // In one reading, a request might just be on its way to a server whose weight is new.
        let restedBefore = Set(before.filter { $0.weight == 0 }.map(\.id))
        let servers = after.filter { $0.id.backend == pool.backend }
        let idle = servers.filter { $0.isIdle && restedBefore.contains($0.id) }
        return Standing(servers: servers, pending: pending, idle: Set(idle.map(\.id.name)))
    }

    /// All servers of all backends.
    package func readings() throws(BalancerProblem) -> [ServerReading] {
        var readings = try ServerReading.table(try socket.ask("@1 \(ServerReading.question)"))
        for worker in try workers().former {
            let former = try formerReadings(of: worker)
            for index in readings.indices {
                guard let former else {
                    readings[index].isHeldByFormerWorker = true
                    continue
                }
                for former in former where former.id == readings[index].id {
                    readings[index].sessions += former.sessions
                    if !former.isIdle { readings[index].isHeldByFormerWorker = true }
                }
            }
        }
        return readings
    }

    /// Nothing where it does not say what it has: one that is about to end is listed for a while
    /// after it has stopped answering, and until then it may have anything.
    private func formerReadings(of worker: Int) throws(BalancerProblem) -> [ServerReading]? {
        do throws(BalancerProblem) {
            return try ServerReading.table(try socket.ask("@!\(worker) \(ServerReading.question)"))
        } catch { return try workers().former.contains(worker) ? nil : [] }
    }

    private func tell(_ command: RuntimeCommand) throws(BalancerProblem) {
        try command.check(try socket.ask("@1 \(command.text)"))
    }

    /// The process that starts its workers, and ends when one of them is killed.
    package func master() throws(BalancerProblem) -> Int32? {
        try workers().master.map { Int32($0) }
    }

    private func workers() throws(BalancerProblem) -> Workers {
        try Workers(try socket.ask(Workers.question))
    }
}

extension Balancer {
    /// Has HAProxy end when all whom it has let in are served; nobody else is.
    package func retire() throws(BalancerProblem) {
        if let master = try workers().master { kill(pid_t(master), SIGUSR1) }
    }

    /// Has HAProxy go on with other frontends and backends. Those it has keep listening, the
    /// servers of backends that stay keep their weights and what is known of their health, and
    /// whoever has come in is served to the end.
    package func reload(_ configuration: BalancerConfiguration) throws(BalancerProblem) {
        let before = try workers()
        let readings = try readings()
        try folder.put(
            configuration.holding(readings),
            serverState: try socket.ask("@1 show servers state") + "\n")
        // The master becomes another program while it answers, and may hang up without a word.
        do throws(BalancerProblem) { _ = try socket.ask("reload") } catch .unanswered {}
        let end = ContinuousClock.now + socket.patience
        while true {
            if let now = try? workers() {
                if now.failures > before.failures {
                    throw .refused(asked: "reload", answer: "it goes on as it was; see its log")
                }
                if now.reloads > before.reloads, !now.present.isEmpty,
                    now.present != before.present, (try? self.readings()) != nil
                {
                    return
                }
            }
            guard ContinuousClock.now < end else {
                throw .unanswered(
                    socket: socket.path, asked: "reload",
                    problem: "there is no new worker within \(socket.patience)")
            }
            // Nothing tells when it is done.
            usleep(5_000)
        }
    }
}
