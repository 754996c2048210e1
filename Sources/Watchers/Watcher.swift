import CSystem
package import Couriers
import Dispatch
import Engine
package import Git
import Glibc
import Pipelines
import Synchronization
package import Threads
package import Watching

/// Watches the remotes of all pipelines. It looks by turns, hears hooks and files, and says what it
/// saw; it decides nothing that is not a function of the refs and the record.
///
/// One thread waits for time and for hints; a few others are at a remote each, so that one that
/// hangs keeps nobody else waiting.
package final class Watcher: Sendable {
    /// A change of files in a repository that has a hook may wait so long for the hook, which
    /// knows who pushed.
    private static let hookDelay = Duration.milliseconds(300)
    /// How often couriers that have nothing to do are let go.
    private static let restInterval: Int64 = 30_000

    let settings: WatcherSettings
    let ties: WatcherTies
    let couriers: CourierPool
    let trees: RevisionTrees
    let upkeep: MirrorUpkeep
    let bell: Bell
    let work = DispatchSemaphore(value: 0)
    let state: Mutex<State>

    struct State {
        var rota: Rota
        var remotes: [String: KnownRemote] = [:]
        var isHeard: Set<String> = []
        var isChanged = false
        var queue: [[Rota.Errand]] = []
        var threads: [OwnThread] = []
        var isStopping = false
    }

    /// Nothing happens before it is started. The couriers are its own, and as many as looks there
    /// may be at once: those that write files out must not wait for remotes.
    package init(
        _ settings: WatcherSettings, couriers: CourierPool, trees: RevisionTrees, ties: WatcherTies
    ) throws(Shortage) {
        self.settings = settings
        self.ties = ties
        self.couriers = couriers
        self.trees = trees
        upkeep = MirrorUpkeep(trees, couriers)
        bell = try Bell()
        state = Mutex(State(rota: Rota(settings.plan)))
    }

    package func start() throws {
        let hooks: HookSocket? =
            if let path = settings.hookSocket { try HookSocket.listen(at: path) } else { nil }
        var bodies: [@Sendable () -> Void] = [{ self.listen(hooks) }]
        for _ in 0..<settings.plan.looksAtOnce { bodies.append { self.serve() } }
        for body in bodies {
            do {
                let thread = try OwnThread(body)
                state.withLock { $0.threads.append(thread) }
            } catch {
                stop()
                throw error
            }
        }
    }

    /// Gives up what is under way, and returns when no thread is left.
    package func stop() {
        let threads = state.withLock { state in
            state.isStopping = true
            defer { state.threads = [] }
            return state.threads
        }
        couriers.close()
        bell.ring()
        for _ in threads { work.signal() }
        for thread in threads { thread.join() }
    }

    /// From now on these sources are watched, and no others.
    package func watch(_ sources: [WatchedSource]) {
        var wanted: [String: KnownRemote] = [:]
        for remote in RemoteSources.sort(sources, ties) {
            wanted[remote.place.description] = KnownRemote(remote.place, remote.sources)
        }
        state.withLock { state in
            for (key, remote) in wanted {
                guard var known = state.remotes[key] else { continue }
                // New sources of a remote want to be looked at as soon as new remotes.
                if known.sources != remote.sources { state.rota.hint(key, at: Self.now) }
                known.sources = remote.sources
                wanted[key] = known
            }
            state.remotes = wanted
            state.isChanged = true
            let near = wanted.filter { $0.value.place.folder != nil }
            let alone = wanted.filter { $0.value.place.isImage }
            state.rota.watch(
                Set(wanted.keys), near: Set(near.keys), alone: Set(alone.keys),
                heard: state.isHeard, at: Self.now)
        }
        bell.ring()
    }

    /// Somebody says that something has changed at a remote.
    package func hint(_ address: RemoteAddress, pushes: [Push] = []) {
        state.withLock { $0.rota.hint(address.description, pushes, at: Self.now) }
        bell.ring()
    }

    package var status: [RemoteStatus] {
        state.withLock { state in
            state.remotes.sorted { $0.key < $1.key }.map { key, remote in
                remote.status(isHeard: state.isHeard.contains(key))
            }
        }
    }

    /// How long the look is overdue that waits longest.
    package var overdue: Duration { state.withLock { $0.rota.overdue(at: Self.now) } }

    static var now: Steady { Steady(milliseconds: SteadyClock.milliseconds) }
}

// The thread that listens.
extension Watcher {
    private func listen(_ hooks: HookSocket?) {
        var refs = RefWatch()
        var rested = SteadyClock.milliseconds
        while true {
            let (pause, isChanged, isStopping) = handOut()
            if isStopping { return }
            if isChanged { hear(&refs) }
            wait(pause, refs.descriptor, hooks?.descriptor ?? -1)
            bell.hush()
            take(refs.heard())
            for message in hooks?.heard() ?? [] { take(message) }
            if SteadyClock.milliseconds - rested > Self.restInterval {
                couriers.rest()
                trees.rest()
                // What threads have let go of stays with each of them until this is said.
                malloc_trim(0)
                rested = SteadyClock.milliseconds
            }
        }
    }

    /// Gives the workers what is due; tells how long nothing will be.
    private func handOut() -> (pause: Int32, isChanged: Bool, isStopping: Bool) {
        let (count, pause, isChanged, isStopping) = state.withLock { state in
            let due = state.rota.take(at: Self.now)
            state.queue += due
            defer { state.isChanged = false }
            let longest = Duration.milliseconds(Self.restInterval)
            let left = state.rota.nextDue.map { max(.zero, min($0 - Self.now, longest)) }
            return (due.count, left ?? longest, state.isChanged, state.isStopping)
        }
        for _ in 0..<count { work.signal() }
        let milliseconds =
            pause.components.seconds * 1_000 + pause.components.attoseconds / 1_000_000_000_000_000
        return (Int32(clamping: milliseconds + 1), isChanged, isStopping)
    }

    private func wait(_ milliseconds: Int32, _ refs: Int32, _ hooks: Int32) {
        var waited = [bell.descriptor, refs, hooks].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        _ = unsafe poll(&waited, nfds_t(waited.count), milliseconds)
    }

    private func hear(_ refs: inout RefWatch) {
        let local = state.withLock { state in
            state.remotes.compactMapValues(\.place.folder)
        }
        let heard = refs.watch(local)
        state.withLock { state in
            state.isHeard = heard
            state.rota.watch(Set(state.remotes.keys), heard: heard, at: Self.now)
        }
    }

    private func take(_ heard: RefWatch.Heard) {
        guard heard.isAll || !heard.remotes.isEmpty else { return }
        let folders = state.withLock { state in
            state.remotes.filter { heard.isAll || heard.remotes.contains($0.key) }
                .compactMapValues(\.place.folder)
        }
        for (remote, path) in folders {
            let hasHook = (try? HookScript(of: path))?.isInstalled == true
            state.withLock {
                $0.rota.hint(remote, at: Self.now, after: hasHook ? Self.hookDelay : .zero)
            }
        }
    }

    /// By the address that the hook was told, and else by the folder, however it is written.
    private func take(_ message: HookMessage) {
        let named = message.address.flatMap { try? RemoteAddress(parsing: $0) }?.description
        state.withLock { state in
            for (key, remote) in state.remotes {
                let isMeant =
                    key == named
                    || remote.place.folder.map { GitFolder.find($0) == message.repository }
                        ?? false
                if isMeant { state.rota.hint(key, message.pushes, at: Self.now) }
            }
        }
    }
}
