import Engine
import Attempts
import Conductor
import HTTP
import JSON
import Metrics
import Microhttpd
import People
import Pipelines
import Premises
import Runner
import Sandbox
import Server
import Store
import SmallFiles
import Targets
import Vault
import Watchers

/// A server from its start to its end: a house, whoever looks after it, and the door to it.
///
/// There is no way to start but to recover: whatever was under way when the last one ended, by a
/// signal or by the loss of power, is found on the record and in the folders, and gone on with.
package struct ServerProcess: ~Copyable {
    private static let tidyInterval = Duration.seconds(3_600)
    private static let second = Duration.seconds(1)
    private static let minute = Duration.seconds(60)
    /// How much of the record's end is looked at for what was to follow.
    private static let tail = 200
    /// So long answers that have begun may take when the server is to stop.
    private static let farewell = 5_000

    private let order: ServerOrder
    private let home: Home
    private let vault: Vault
    private let trees: HouseTrees
    private let fetched: RevisionTrees
    private let runner: ProcessRunner<HouseTrees>
    private let stewardship: Stewardship
    private let profiles: [RunnerProfile]
    private let meter: Meter
    private let desk: FrontDesk
    private let reach: DefinitionReach
    private let watchpost: Watchpost
    private let noticeboard: Noticeboard
    private let hooks: HookDoor
    /// When the record ended that was found.
    private let last: Moment?
    private var loop: ServiceLoop<ProcessRunner<HouseTrees>>

    /// Recovers the house; from now on it is held by this process.
    package static func prepare(_ order: ServerOrder) throws -> ServerProcess {
        let home = try Home(holding: order.home)
        let paths = AttemptPaths(home: order.home)
        let meter = Meter { paths.folder(of: $0) }
        var store = try home.store()
        store.wrote = { meter.wrote(in: $0) }
        let conductor = try Conductor.recovering(store)
        let last = conductor.lastMoment
        let clock = HouseClock(after: last?.steady)
        let desk = try FrontDesk(conductor.state, clock)
        let vault = try Vault.open(in: order.home, keyFile: order.keyFile)
        let written = order.settings.pipelines.flatMap {
            DefinitionFiles.read($0, in: order.folder)
        }
        let reach = DefinitionReach(
            folders: order.settings.folders.map(order.path),
            metrics: Set(order.settings.metrics.map(\.name)),
            written: written.compactMap(\.definition))
        let showing = Showing(desk: desk, vault: vault, order: order, reach: reach)
        let fetched = try Watchpost.trees(order, showing)
        let trees = try HouseTrees(at: order.home, fetched: fetched)
        let profiles = try Profiles(in: order.settings.runners.map(order.path)).all()
        let registries = try Registries(in: order.settings.registries.map(order.path)).access()
        let secret = { @Sendable (name: SecretName) in try? vault.value(of: name) }
        let runner = try ProcessRunner(
            paths: paths, profiles: profiles, trees: trees,
            facts: HostFacts.look(), supervisors: ProgramPlace.supervisors,
            registries: registries, secret: secret)
        try Opening(order, written, profiles, vault, conductor.state, at: clock.now)
            .tell(desk, following: try Self.end(of: conductor))
        let calendar = Calendar()
        let stewardship = try Stewardship(
            order, trees, desk, profiles: profiles, registries, secret: secret)
        let house = House(
            conductor, hands: runner, estate: stewardship.estate,
            hours: { calendar.view(of: $0, at: $1) }, look: { calendar.view(of: $0, at: $1) })
        let room = order.settings.room.bytes
        let loop = ServiceLoop(
            house, runner, desk, clock,
            room: { DiskRoom.problem(of: order.home, wanting: room) },
            follow: { Followers.messages(after: $0, in: $1) })
        let watchpost = try Watchpost(
            order, desk, showing, fetched, WatchedRegistries(registries, secret: secret), meter)
        return ServerProcess(
            order: order, home: home, vault: vault, trees: trees, fetched: fetched, runner: runner,
            stewardship: stewardship, profiles: profiles, meter: meter, desk: desk, reach: reach,
            watchpost: watchpost,
            noticeboard: try Noticeboard(order, desk, vault),
            hooks: HookDoor(order, desk, vault) { watchpost.look(at: $0, for: $1) },
            last: last, loop: loop)
    }

    /// The house before may have gone down between something and what was to follow it.
    private static func end(
        of conductor: borrowing Conductor<SQLiteStore>
    ) throws(StoreError) -> [Message] {
        let state = conductor.state
        let start = max(0, state.sequence - tail)
        return try conductor.store.records(after: start, limit: tail)
            .flatMap { Followers.messages(after: $0, in: state) }
    }

    private init(
        order: ServerOrder, home: consuming Home, vault: Vault, trees: HouseTrees,
        fetched: RevisionTrees, runner: ProcessRunner<HouseTrees>, stewardship: Stewardship,
        profiles: [RunnerProfile], meter: Meter, desk: FrontDesk, reach: DefinitionReach,
        watchpost: Watchpost,
        noticeboard: Noticeboard, hooks: HookDoor, last: Moment?,
        loop: consuming ServiceLoop<ProcessRunner<HouseTrees>>
    ) {
        self.order = order
        self.home = home
        self.vault = vault
        self.trees = trees
        self.fetched = fetched
        self.runner = runner
        self.stewardship = stewardship
        self.profiles = profiles
        self.meter = meter
        self.desk = desk
        self.reach = reach
        self.watchpost = watchpost
        self.noticeboard = noticeboard
        self.hooks = hooks
        self.last = last
        self.loop = loop
    }

    /// Serves until one of the descriptors is readable. What runs then goes on under its
    /// supervisors, and the next server picks it up.
    package mutating func run(until stops: [Int32]) throws {
        try loop.turn()
        let journal = order.journal
        try watchpost.start(after: last)
        try noticeboard.start(desk)
        try stewardship.start()
        let used = TokenUseFile(in: order.home) { journal.warn($0) }
        let (http, api) = try openDoor(used.uses)
        let hooks = hooks
        let rounds = [
            tidy(),
            Clockwork(after: Self.second, every: Self.second) {
                hooks.tellDue()
                api.tellDue()
            },
            Clockwork(after: Self.minute, every: Self.minute) { [desk] in
                Self.keep(used, desk, journal)
            },
        ]
        journal.note(
            "serving", ["address": .string("\(http.address)"), "home": .string(order.home)])
        if FirstToken.isThere(in: order.home) {
            journal.note("the administrator's token is in '\(FirstToken.path(in: order.home))'")
        }
        try withExtendedLifetime(rounds) { try loop.run(until: stops) { api.close() } }
        journal.note("stopping; what runs goes on")
        watchpost.stop()
        noticeboard.stop()
        http.stop(within: Self.farewell)
        Self.keep(used, desk, journal)
        hooks.close()
        stewardship.stop()
        runner.finish()
        journal.note("stopped")
    }

    private static func keep(_ used: TokenUseFile, _ desk: FrontDesk, _ journal: Journal) {
        do {
            try used.keep(for: desk.view.state.people.tokens.keys)
        } catch {
            journal.warn("when tokens were used cannot be kept: \(error)")
        }
    }

    private func openDoor(_ uses: TokenUses) throws -> (HTTPServer, API) {
        let paths = runner.paths
        var parts = API.Parts(desk: desk, home: order.home) { paths.folder(of: $0) }
        let (journal, watchpost) = (order.journal, watchpost)
        parts.vault = vault
        parts.uses = uses
        parts.hooks = hooks
        parts.shipping = MirrorShipping(fetched)
        parts.definitions = watchpost.definitions
        parts.remotes = { watchpost.remotes }
        parts.watched = { watchpost.figures }
        parts.estate = { [stewardship] in stewardship.seen }
        parts.meter = meter
        parts.settings.zones = ZoneNames.known
        parts.settings.objections = { [reach] in reach.mistakes(in: $0) }
        parts.settings.profiles = profiles
        parts.complain = { journal.fail($0) }
        let api = API(parts)
        let certificate = try order.settings.certificate.map { files in
            Microhttpd.Certificate(
                chain: try SmallFile.text(of: order.path(files.certificate)),
                key: try SmallFile.text(of: order.path(files.key)))
        }
        let http = try HTTPServer.start(
            on: try ListenAddress(parsing: order.listen), tls: certificate,
            porter: { Self.entrance(of: $0, to: api) }
        ) { request, answering in api.answer(request, answering) }
        return (http, api)
    }

    private static func entrance(of head: Request, to api: API) -> Entrance {
        switch api.admit(head) {
        case .refused(let response): .refused(response)
        case .wanted(let most, let token):
            .open(
                atMost: most,
                for: token.map { .known($0.description) }
                    ?? .stranger(PeerNetwork.of(head.peer))
            ) { api.answerAdmitted($0, $1) }
        }
    }

    private func tidy() -> Clockwork {
        let (desk, journal) = (desk, order.journal)
        let tidying = Tidying(trees, keeping: order.settings.keep)
        return Clockwork(after: Self.tidyInterval, every: Self.tidyInterval) {
            let (state, now) = desk.view
            do {
                let removed = try tidying.tidy(state, at: now.wall)
                journal.note(
                    "tidied up",
                    [
                        "executions": .int(removed.executions), "sources": .int(removed.sources),
                        "artifacts": .int(removed.artifacts),
                    ])
            } catch {
                journal.warn("could not tidy up: \(error)")
            }
        }
    }
}
