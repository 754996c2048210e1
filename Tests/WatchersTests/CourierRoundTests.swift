import Addresses
import Couriers
import Git
import Support
import Testing

@Suite("A courier on a round") struct CourierRoundTests {
    @Test func `tells of each remote in order, and goes on when one cannot be reached`() throws {
        let repository = try TestRepository.sample()
        let transport = try Transport.open(.git, to: repository)
        let scene = try Scene(transport)
        let nowhere = try RemoteAddress(parsing: scene.home.file("nothing"))
        let told = scene.goRound([transport.address, nowhere, transport.address])
        let refs = try scene.look()
        #expect(told.map(\.place) == [0, 1, 2])
        #expect(told.first?.news == .refs(refs) && told.last?.news == .refs(refs))
        guard case .failed(let error)? = told.dropFirst().first?.news else {
            Issue.record("what is not there was not missed")
            return
        }
        #expect(error.kind == .notARepository)
    }

    @Test func `gives back those behind one that hangs, before that is given up`() throws {
        let silent = try Transport.silent()
        let transport = try Transport.open(.git, to: try TestRepository.sample())
        let scene = try Scene(transport, silence: .milliseconds(300))
        let told = scene.goRound(
            [silent.address, transport.address, transport.address], within: .zero)
        #expect(told.map(\.place) == [1, 2, 0])
        #expect(told.prefix(2).map(\.news) == [.missed, .missed])
        guard case .failed(let error)? = told.last?.news else {
            Issue.record("what hangs was not given up")
            return
        }
        #expect(error.kind == .timedOut)
        #expect(error.operation == "look at '\(silent.address)'")
        #expect(scene.courier.isSpent)
    }

    @Test func `begins no other look when its time is up`() throws {
        let transport = try Transport.open(.git, to: try TestRepository.sample())
        let scene = try Scene(transport)
        let refs = try scene.look()
        let before = transport.connections
        let told = scene.goRound([transport.address, transport.address], within: .zero)
        #expect(told.map(\.news) == [.refs(refs), .missed])
        #expect(transport.connections == before + 1)
        // It is as good as before.
        #expect(try scene.look() == refs)
    }

    @Test func `that is over for good tells of nobody but the first that it has failed`() throws {
        let transport = try Transport.open(.git, to: try TestRepository.sample())
        let scene = try Scene(transport)
        scene.courier.abandon()
        let told = scene.goRound([transport.address, transport.address])
        #expect(told.map(\.place) == [0, 1])
        #expect(told.last?.news == .missed)
        guard case .failed? = told.first?.news else {
            Issue.record("a courier that is dead has answered")
            return
        }
    }

    @Test func `is let go when nobody has needed it since the last rest`() throws {
        let pool = CourierPool(Scene.program, atMost: 3)
        final class Sight {
            weak var courier: Courier?
            init(_ courier: Courier) { self.courier = courier }
        }
        let both = try pool.lend { first throws(GitError) in
            try pool.lend { second throws(GitError) in [Sight(first), Sight(second)] }
        }
        pool.rest()
        // Both had work before that.
        #expect(both.allSatisfy { $0.courier != nil })
        let again = try pool.lend { _ throws(GitError) in
            try pool.lend { _ throws(GitError) in both.count { $0.courier != nil } }
        }
        pool.rest()
        #expect(again == 2 && both.count { $0.courier != nil } == 2)
        pool.rest()
        #expect(both.count { $0.courier != nil } == 1)
    }
}

extension Scene {
    struct Told {
        let place: Int
        let news: Courier.RoundNews
    }

    func goRound(_ addresses: [RemoteAddress], within time: Duration = .seconds(60)) -> [Told] {
        var told: [Told] = []
        let looks = addresses.map { address in
            CourierJob.Look(
                address, transport.access, FetchPolicy(AddressPolicy(allowing: [.loopback])),
                mirror: nil, sweeps: false)
        }
        courier.goRound(looks, within: time) { told.append(Told(place: $0, news: $1)) }
        return told
    }
}
