import Balancer
import Deployment
import Glibc
import Pipelines
import Support
import Targets
import Testing

@Suite("The HAProxy of a house") struct GatehouseTests {
    private let folder: Folder
    private let plan: DoorPlan

    init() throws {
        folder = try Folder()
        let number = UInt32.random(in: 0...0xFD_FFFF)
        let host = "127.\(number >> 16 | 1).\(number >> 8 & 0xFF).\(number & 0x7F | 1)"
        let prod = try #require(EnvironmentName("prod"))
        plan = try DoorPlan([prod: try site(listen: "\(host):8080")], [:])
    }

    private func stands(_ outcome: Gatehouse.Outcome) -> Bool {
        if case .standing = outcome { true } else { false }
    }

    /// Its lock goes along with it, until it has ended.
    private func end() throws {
        #expect(stands(try Gatehouse(in: folder.path).tend(try DoorPlan([:], [:]))))
        #expect(try Program.run(["/usr/bin/flock", folder.file("log.lock"), "true"]).code == 0)
    }

    @Test func `is found by the next server, and ends when nobody is let in any more`() throws {
        let first = try Gatehouse(in: folder.path)
        #expect(stands(first.tend(plan)))
        let log = try folder.text(of: "log")
        let next = try Gatehouse(in: folder.path)
        #expect(stands(next.tend(plan)))
        #expect(try folder.text(of: "log") == log)
        try end()
    }

    @Test func `that is killed is missed at once, and another begins`() throws {
        let gatehouse = try Gatehouse(in: folder.path)
        #expect(stands(gatehouse.tend(plan)))
        let balancer = Balancer(try BalancerFolder(folder.path))
        let master = try #require(try balancer.master())
        var waited = gatehouse.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        #expect(unsafe poll(&waited, nfds_t(waited.count), 0) == 0)
        kill(master, SIGKILL)
        #expect(unsafe poll(&waited, nfds_t(waited.count), 10_000) == 1)
        #expect(stands(gatehouse.tend(plan)))
        #expect(try balancer.master() != master)
        try end()
    }

    @Test func `is never one of two`() throws {
        let gatehouse = try Gatehouse(in: folder.path)
        #expect(stands(gatehouse.tend(plan)))
        let (socket, away) = (folder.file("haproxy.sock"), folder.file("away"))
        #expect(unsafe rename(socket, away) == 0)
        guard case .closed(let words) = try Gatehouse(in: folder.path).tend(plan) else {
            Issue.record("it was taken for reachable")
            return
        }
        #expect(words.contains("another HAProxy runs, and does not answer"), "\(words)")
        #expect(unsafe rename(away, socket) == 0)
        try end()
    }
}
