import Balancer
import Glibc
import Support
import Synchronization
import Testing

@Suite("Swapping servers behind a real HAProxy") struct LosslessTests {
    /// Clients that ask all the time on connections they keep, some of them with bodies.
    private final class Load: Sendable {
        private final class Told: Sendable {
            let isOver = Atomic<Bool>(false)
            let asked = Atomic<Int>(0)
            let failures = Mutex<[String]>([])
        }

        private let told: Told
        private let threads: [Beside<Void>]

        init(on running: RunningBalancer, clients: Int = 4) throws {
            let told = Told()
            self.told = told
            let (host, port) = (running.host, running.port)
            threads = try (0..<clients).map { number in
                try Beside {
                    let client = KeptAliveClient(at: host, port)
                    let body = String(repeating: "b", count: number.isMultiple(of: 2) ? 0 : 3000)
                    while !told.isOver.load(ordering: .relaxed) {
                        let answer = client.ask("/", by: body.isEmpty ? "GET" : "POST", body: body)
                        told.asked.add(1, ordering: .relaxed)
                        if answer?.status == 200 { continue }
                        let words = answer.map { "\($0.status)" } ?? "no answer"
                        told.failures.withLock { $0.append(words) }
                        if answer == nil { return }
                    }
                }
            }
        }

        var asked: Int { told.asked.load(ordering: .relaxed) }

        func end() throws -> (asked: Int, failures: [String]) {
            told.isOver.store(true, ordering: .relaxed)
            for thread in threads { try thread.result() }
            return (asked, told.failures.withLock { $0 })
        }
    }

    /// Puts two new servers in the place of those that are there, and ends these when idle.
    private func swap(
        _ old: [KeptAliveServer], behind running: RunningBalancer, named name: String
    ) throws -> [KeptAliveServer] {
        let new = try (0..<2).map { _ in try KeptAliveServer(name) }
        let pool = try running.pool([(100, new)], resting: old)
        try running.obey(pool)
        let names = Set(try old.map(running.name))
        try running.bring(pool, until: "the old ones are idle") { $0.idle.isSuperset(of: names) }
        return new
    }

    @Test func `a hundred times under load fails no request`() throws {
        let running = try RunningBalancer()
        var servers = try (0..<2).map { _ in try KeptAliveServer("0") }
        try running.obey(try running.pool([(100, servers)]))
        let load = try Load(on: running)
        for round in 1...100 {
            let before = load.asked
            servers = try swap(servers, behind: running, named: "\(round)")
            try running.wait(for: "requests after the swap") { load.asked > before + 8 }
        }
        let (asked, failures) = try load.end()
        #expect(failures.isEmpty)
        #expect(asked > 800)
        let client = running.client
        #expect(client.ask("/")?.server == "100")
        let left = try running.bring(running.pool([(100, servers)]), until: "the old are gone") {
            $0.servers.count == 2
        }
        #expect(left.servers.allSatisfy { $0.weight == 1 })
    }

    @Test func `a slow upload goes to the end, and so does a long download`() throws {
        let running = try RunningBalancer()
        let old = try KeptAliveServer("old")
        let new = try KeptAliveServer("new")
        try running.obey(try running.pool([(100, [old])]))
        let (uploading, downloading) = (running.client, running.client)
        let upload = try #require(uploading.begin("POST", "/", length: 100_000))
        upload.send([UInt8](repeating: 1, count: 50_000))
        let download = try #require(downloading.begin("GET", "/long"))
        let beginning = download.receive(until: "x-server: old")
        #expect(beginning.contains("x-server: old"))

        let pool = try running.pool([(100, [new])], resting: [old])
        try running.obey(pool)
        let (name, client) = (try running.name(old), running.client)
        #expect(client.ask("/")?.server == "new")
        var standing = try running.bring(pool, until: "it says who is busy") { standing in
            standing.servers.contains { $0.id.name == name && $0.weight == 0 }
        }
        #expect(!standing.idle.contains(name))
        #expect(standing.servers.first { $0.id.name == name }?.sessions == 2)

        upload.send([UInt8](repeating: 1, count: 50_000))
        let answer = try #require(uploading.finish(upload))
        #expect(answer.server == "old")
        #expect(answer.body == Array("100000".utf8))
        standing = try running.bring(pool, until: "one is left") { standing in
            standing.servers.first { $0.id.name == name }?.sessions == 1
        }
        #expect(!standing.idle.contains(name))
        old.release()
        download.finish()
        let whole = beginning + download.receiveToEnd()
        let body = try #require(whole.firstRange(of: "\r\n\r\n"))
        #expect(whole[body.upperBound...].utf8.count == 100_000)
        try running.bring(pool, until: "the old one is idle") { $0.idle.contains(name) }
    }

    @Test func `reloading under load fails no request, and keeps who has which part`() throws {
        let running = try RunningBalancer()
        let (first, second) = (try KeptAliveServer("first"), try KeptAliveServer("second"))
        let pool = try running.pool([(10, [first]), (90, [second])])
        try running.obey(pool)
        let load = try Load(on: running)
        for port: UInt16 in 8081...8085 {
            let before = load.asked
            try running.balancer.reload(try running.configuration(more: [port]))
            #expect(KeptAliveClient(at: running.host, port).ask("/")?.status == 200)
            #expect(try running.balancer.readings().map(\.weight).sorted() == [1, 9])
            try running.wait(for: "requests after the reload") { load.asked > before + 8 }
        }
        let (asked, failures) = try load.end()
        #expect(failures.isEmpty)
        #expect(asked > 40)
    }

    @Test func `a reload does not hide what its former worker has, and may yet send`() throws {
        let running = try RunningBalancer()
        let (busy, free, new) = (
            try KeptAliveServer("busy"), try KeptAliveServer("free"), try KeptAliveServer("new")
        )
        try running.obey(try running.pool([(100, [busy])]))
        let client = running.client
        let download = try #require(client.begin("GET", "/long"))
        #expect(download.receive(until: "x-server: busy").contains("x-server: busy"))
        try running.obey(try running.pool([(50, [busy]), (50, [free])]))
        try running.balancer.reload(try running.configuration())

        let pool = try running.pool([(100, [new])], resting: [busy, free])
        try running.obey(pool)
        #expect(try running.balancer.bring(pool).idle.isEmpty)
        busy.release()
        download.finish()
        _ = download.receiveToEnd()
        let names = Set([try running.name(busy), try running.name(free)])
        try running.bring(pool, until: "the old ones are idle") { $0.idle == names }
    }

    @Test func `a HAProxy that was killed is brought back by the same call`() throws {
        let running = try RunningBalancer()
        let (first, second) = (try KeptAliveServer("first"), try KeptAliveServer("second"))
        let pool = try running.pool([(50, [first]), (50, [second])])
        try running.obey(pool)
        for _ in 0..<3 {
            running.kill()
            #expect(throws: BalancerProblem.self) { try running.balancer.bring(pool) }
            try running.start()
            let standing = try running.obey(pool)
            #expect(standing.servers.map(\.weight) == [1, 1])
            let client = running.client
            let seen = Set((0..<10).compactMap { _ in client.ask("/")?.server })
            #expect(seen == ["first", "second"])
        }
    }

    @Test func `nobody gives up its part for one that is ill`() throws {
        let running = try RunningBalancer()
        let (old, new) = (try KeptAliveServer("old"), try KeptAliveServer("new"))
        try running.obey(try running.pool([(100, [old])]))
        new.answer(500)
        let pool = try running.pool([(100, [new])], resting: [old])
        let ill = try running.bring(pool, until: "the check fails") { standing in
            standing.pending.contains { $0.contains("DOWN") }
        }
        #expect(!ill.isObeyed)
        let client = running.client
        #expect(client.ask("/")?.server == "old")
        new.answer(200)
        try running.obey(pool)
        #expect(client.ask("/")?.server == "new")
    }

    @Test func `what each server has answered is counted`() throws {
        let running = try RunningBalancer()
        let server = try KeptAliveServer("one")
        let pool = try running.pool([(100, [server])])
        try running.obey(pool)
        let before = try #require(try running.balancer.readings().first)
        let client = running.client
        for status in [200, 200, 200, 404, 500, 503] {
            server.answer(status)
            #expect(client.ask("/")?.status == status)
        }
        let after = try #require(try running.balancer.readings().first)
        let counts = after.counts.since(before.counts)
        #expect(counts.requests == 6)
        #expect(counts.answers == [0, 3, 0, 1, 2])
    }
}
