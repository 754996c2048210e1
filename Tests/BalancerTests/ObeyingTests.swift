import Addresses
import Balancer
import Support
import Testing

@Suite("A real HAProxy that obeys") struct ObeyingTests {
    @Test(
        "gives each release its hundredths",
        arguments: [[(10, 3), (90, 2)], [(50, 1), (50, 3)], [(1, 1), (99, 1)], [(100, 2)]]
            as [[(Int, Int)]])
    func percents(lanes: [(Int, Int)]) throws {
        let running = try RunningBalancer()
        let releases = try lanes.enumerated().map { index, lane in
            (lane.0, try (0..<lane.1).map { _ in try KeptAliveServer("release-\(index)") })
        }
        try running.obey(try running.pool(releases))
        let client = running.client
        var counts: [String: Int] = [:]
        for _ in 0..<1000 {
            let answer = try #require(client.ask("/"))
            #expect(answer.status == 200)
            counts[answer.server, default: 0] += 1
        }
        for (index, lane) in lanes.enumerated() {
            let count = counts["release-\(index)", default: 0]
            #expect(abs(count - 10 * lane.0) <= lanes.reduce(0) { $0 + $1.1 })
        }
    }
}

extension ObeyingTests {
    @Test func `only its owner may tell it anything`() throws {
        let running = try RunningBalancer()
        #expect(try mode(of: running.folder.socket) == 0o600)
    }

    @Test func `a server that moved to another port is replaced under its name`() throws {
        let running = try RunningBalancer()
        let (old, new) = (try KeptAliveServer("old"), try KeptAliveServer("new"))
        let name = try BalancerName("one")
        func pool(_ server: KeptAliveServer) throws -> Pool {
            let member = Member(name, at: Endpoint(.v4(TestSocket.home), server.port))
            return try Pool(
                BalancerName(RunningBalancer.backend), check: running.check,
                lanes: [.init(percent: 100, members: [member])])
        }
        try running.obey(pool(old))
        try running.obey(pool(new))
        #expect(running.client.ask("/")?.server == "new")
    }

    @Test func `where nobody is running, the error says where and what was asked`() throws {
        let files = try Folder()
        let balancer = Balancer(try BalancerFolder(files.path))
        #expect(
            throws: BalancerProblem.unreachable(
                socket: files.file("haproxy.sock"), asked: "@1 show stat",
                problem: "No such file or directory")
        ) { try balancer.readings() }
    }
}
