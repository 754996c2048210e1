import Engine
import Attempts
import Conductor
import HTTP
import JSON
import Microhttpd
import People
import Pipelines
import Premises
import Runner
import Sandbox
import Server
import Store
import SmallFiles
import Vault
import Watching

/// A server from its start to its end: a house, whoever looks after it, and the door to it.
///
/// There is no way to start but to recover: whatever was under way when the last one ended, by a
/// signal or by the loss of power, is found on the record and in the folders, and gone on with.
package struct ServerProcess: ~Copyable {
    private static let tidyInterval = Duration.seconds(3_600)
    /// How much of the record's end is looked at for what was to follow.
    private static let tail = 200
    /// So long answers that have begun may take when the server is to stop.
    private static let farewell = 5_000

    package let order: Order
    private let journal: Journal
    private let home: Home
    private let trees: HouseTrees
    private let runner: ProcessRunner<HouseTrees>
    private let desk: FrontDesk
    private let watchpost: Watchpost
    /// When the record ended that was found.
    private let last: Moment?
    private var loop: ServiceLoop<ProcessRunner<HouseTrees>>

    /// What whoever starts it has said.
    package struct Order: Sendable {
        package let home: String
        package let listen: String
        package let settings: Settings
        /// Where the settings lie: paths in them begin there.
        package let folder: String

        package init(home: String, listen: String, settings: Settings, folder: String) {
            self.home = home
            self.listen = listen
            self.settings = settings
            self.folder = folder
        }

        func path(_ written: String) -> String {
            written.hasPrefix("/") ? written : "\(folder)/\(written)"
        }
    }

    /// Recovers the house; from now on it is held by this process.
    package static func prepare(_ order: Order, _ journal: Journal) throws -> ServerProcess {
        let home = try Home(holding: order.home)
        let conductor = try Conductor.recovering(try home.store())
        let clock = HouseClock(after: conductor.lastMoment?.steady)
        let vault = try Vault.open(in: order.home)
        let last = conductor.lastMoment
        let fetched = try Watchpost.trees(in: order.home, journal)
        let trees = try HouseTrees(at: order.home, fetched: fetched)
        let profiles = try Profiles(in: order.settings.runners.map(order.path)).all()
        let runner = try ProcessRunner(
            paths: AttemptPaths(home: order.home), profiles: profiles, trees: trees,
            facts: HostFacts.look(), supervisors: ProgramPlace.supervisors
        ) { try? vault.value(of: $0) }
        let desk = try FrontDesk(conductor.state, clock)
        let calendar = Calendar()
        let opening = try Opening(order, profiles, vault, conductor.state, at: clock.now, journal)
        for message in opening.messages { desk.submit([message], then: opening.hear) }
        // The house before may have gone down between an end and what was to follow it.
        let state = conductor.state
        let tail = max(0, state.sequence - Self.tail)
        for record in try conductor.store.records(after: tail, limit: Self.tail) {
            desk.submit(Self.following(record, state)) { _ in }
        }
        let house = House(conductor, hands: runner) { calendar.view(of: $0, at: $1) }
        let room = order.settings.room.bytes
        let loop = ServiceLoop(
            house, runner, desk, clock,
            room: { DiskRoom.problem(of: order.home, wanting: room) },
            follow: { Self.following($0, $1) })
        let watchpost = try Watchpost(order, desk, vault, fetched, journal)
        return ServerProcess(
            order: order, journal: journal, home: home, trees: trees, runner: runner, desk: desk,
            loop: loop, watchpost: watchpost, last: last)
    }

    private static func following(_ record: Record, _ state: EngineState) -> [Message] {
        Successors.starts(after: record, in: state).map { start in
            Message(.start(start), by: .trigger(start.cause.word))
        }
    }

    private init(
        order: Order, journal: Journal, home: consuming Home, trees: HouseTrees,
        runner: ProcessRunner<HouseTrees>, desk: FrontDesk,
        loop: consuming ServiceLoop<ProcessRunner<HouseTrees>>, watchpost: Watchpost, last: Moment?
    ) {
        self.order = order
        self.journal = journal
        self.home = home
        self.trees = trees
        self.runner = runner
        self.desk = desk
        self.loop = loop
        self.watchpost = watchpost
        self.last = last
    }

    /// Serves until one of the descriptors is readable. What runs then goes on under its
    /// supervisors, and the next server picks it up.
    package mutating func run(until stops: [Int32]) throws {
        try loop.turn()
        try watchpost.start(after: last)
        let http = try openDoor()
        let tidying = tidy()
        journal.note(
            "serving", ["address": .string("\(http.address)"), "home": .string(order.home)])
        if FirstToken.isThere(in: order.home) {
            journal.note("the administrator's token is in '\(FirstToken.path(in: order.home))'")
        }
        try withExtendedLifetime(tidying) { try loop.run(until: stops) }
        journal.note("stopping; what runs goes on")
        watchpost.stop()
        http.stop(within: Self.farewell)
        runner.finish()
        journal.note("stopped")
    }

    private func openDoor() throws -> HTTPServer {
        let paths = runner.paths
        var parts = API.Parts(desk: desk, home: order.home) { paths.folder(of: $0) }
        let journal = journal
        parts.settings.zones = ZoneNames.known
        parts.complain = { journal.fail($0) }
        let api = API(parts)
        let certificate = try order.settings.certificate.map { files in
            Microhttpd.Certificate(
                chain: try SmallFile.text(of: order.path(files.certificate)),
                key: try SmallFile.text(of: order.path(files.key)))
        }
        return try HTTPServer.start(
            on: try ListenAddress(parsing: order.listen), tls: certificate
        ) { request, answering in api.answer(request, answering) }
    }

    private func tidy() -> Clockwork {
        let (desk, journal) = (desk, journal)
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
