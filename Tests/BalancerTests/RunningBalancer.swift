import Addresses
import Balancer
import Glibc
import SmallFiles
import Support
import Testing

/// A real HAProxy of one test's own, with one frontend and one backend.
final class RunningBalancer {
    static let backend = "web"
    let host = 0x7F01_0000 | UInt32.random(in: 0x1_0000...0xFD_0000)
    let port: UInt16 = 8080
    let check: HealthCheck
    let folder: BalancerFolder
    let balancer: Balancer
    private let files: Folder
    private var program: HeldProgram?

    /// Its frontend is at an address of this machine that nobody else has chosen. A server that
    /// has been well is taken for well, however busy this machine is.
    init(fall: Int = 1000) throws {
        files = try Folder()
        folder = try BalancerFolder(files.path)
        balancer = Balancer(folder, patience: .seconds(20))
        check = try HealthCheck(
            path: "/health", interval: .milliseconds(20), fall: fall, rise: 1)
        try start()
    }

    func configuration(more: [UInt16] = []) throws -> BalancerConfiguration {
        let backend = try BalancerName(Self.backend)
        let binds = ([port] + more).map { Endpoint(.v4(host), $0) }
        return try BalancerConfiguration(
            frontends: [.init(BalancerName("door"), at: binds, to: backend)],
            backends: [.init(backend, check: check)])
    }

    func start() throws {
        try folder.write(try configuration())
        program = try HeldProgram(folder.command(), output: files.file("log"))
        try wait(for: "HAProxy to answer") { (try? balancer.readings()) != nil }
    }

    func kill() {
        program?.end(by: SIGKILL)
        program = nil
    }

    var client: KeptAliveClient { KeptAliveClient(at: host, port) }

    func pool(
        _ lanes: [(Int, [KeptAliveServer])], resting: [KeptAliveServer] = []
    ) throws -> Pool {
        try Pool(
            BalancerName(Self.backend), check: check,
            lanes: try lanes.map { .init(percent: $0.0, members: try $0.1.map(member)) },
            resting: try resting.map(member))
    }

    func name(_ server: KeptAliveServer) throws -> BalancerName {
        try BalancerName("at-\(server.port)")
    }

    private func member(_ server: KeptAliveServer) throws -> Member {
        Member(try name(server), at: Endpoint(.v4(TestSocket.home), server.port))
    }

    @discardableResult
    func obey(_ pool: Pool) throws -> Balancer.Standing {
        try bring(pool, until: "it obeys") { $0.isObeyed }
    }

    @discardableResult
    func bring(
        _ pool: Pool, until what: String, _ isSo: (Balancer.Standing) -> Bool
    ) throws -> Balancer.Standing {
        var standing = try balancer.bring(pool)
        try wait(for: what) {
            if isSo(standing) { return true }
            standing = try balancer.bring(pool)
            return isSo(standing)
        }
        return standing
    }

    /// Each look asks HAProxy, which takes as long as it takes.
    func wait(for what: String, _ isSo: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(120)
        while try !isSo() {
            guard ContinuousClock.now < end else {
                throw TookTooLong(what: what, log: log)
            }
            sched_yield()
        }
    }

    private var log: String { (try? SmallFile.text(of: files.file("log"))) ?? "" }

    struct TookTooLong: Error { let what, log: String }
}
