import Engine
import Testing
import Watching

@Suite("Rounds of looks") struct RotaRoundTests {
    @Test func `those that are due together are looked at by one courier`() {
        var plan = Rota.Plan()
        plan.roundLength = 32
        var town = Town(40, plan: plan)
        town.now = 60_000
        #expect(town.take().map(\.count) == [32, 8])
    }

    @Test func `the first look at a remote is its own, because nobody knows whether it hangs`() {
        var rota = Rota()
        rota.watch(["a", "b", "c"], heard: [], at: Steady(milliseconds: 0))
        #expect(rota.take(at: Steady(milliseconds: 0)).map(\.count) == [1, 1, 1])
    }

    @Test func `what is due within a moment comes along, and what is due later does not`() {
        var town = Town(3, spread: 700)
        // Due at 60, 60.7 and 61.4 seconds.
        town.now = 60_000
        #expect(town.take() == [["0", "1"]])
        town.now = 61_399
        #expect(town.take() == [])
        #expect(town.rota.nextDue == Steady(milliseconds: 61_400))
    }

    @Test func `what was hinted at goes alone, and so does what has failed or was slow`() {
        var town = Town(8)
        town.now = 60_000
        town.rota.hint("3", at: town.steady)
        for walk in town.take() {
            let isSlow = walk.contains("5")
            for remote in walk where remote != "5" {
                town.finish(remote, remote == "7" ? .failed : .seen)
            }
            if isSlow {
                town.now += 1_001
                town.finish("5", .seen)
            }
        }
        town.now = 130_000
        #expect(Set(town.take()) == [["0", "1", "2", "3", "4", "6"], ["5"], ["7"]])
    }

    @Test func `those that a round did not come to are looked at at once, each by itself`() {
        var town = Town(5)
        town.now = 60_000
        #expect(town.take() == [["0", "1", "2", "3", "4"]])
        town.finish("0", .seen)
        for remote in ["2", "3", "4"] { town.finish(remote, .missed) }
        // The second one hangs, and nobody waits for it.
        #expect(town.rota.nextDue == town.steady)
        #expect(town.take() == [["2"], ["3"], ["4"]])
        for remote in ["2", "3", "4"] { town.finish(remote, .seen) }
        town.finish("1", .abandoned)
        town.now = 130_000
        #expect(town.take() == [["1"], ["0", "2", "3", "4"]])
    }

    @Test func `rounds leave places for what is hinted at`() {
        var plan = Rota.Plan()
        plan.looksAtOnce = 4
        plan.roundsAtOnce = 3
        plan.roundLength = 2
        var town = Town(20, plan: plan)
        town.now = 60_000
        #expect(town.take().count == 3)
        #expect(town.rota.nextDue == nil)
        town.rota.hint("19", at: town.steady)
        #expect(town.take() == [["19"]])
        town.rota.hint("18", at: town.steady)
        #expect(town.take() == [])
        // A place is free when the whole round is over.
        town.finish("0", .seen)
        #expect(town.take() == [])
        town.finish("1", .seen)
        #expect(town.take() == [["18"]])
    }

    @Test func `a hint at one that is on a round has it looked at again`() {
        var town = Town(3)
        town.now = 60_000
        #expect(town.take() == [["0", "1", "2"]])
        for remote in ["0", "1"] { town.rota.hint(remote, at: town.steady) }
        town.finish("0", .seen)
        town.finish("1", .missed)
        #expect(town.take() == [["0"], ["1"]])
    }

    @Test func `one that nobody watches any more is forgotten when its look is over`() {
        var town = Town(2)
        town.now = 60_000
        #expect(town.take() == [["0", "1"]])
        town.rota.watch(["1"], heard: [], at: town.steady)
        town.finish("0", .seen)
        town.finish("1", .seen)
        town.now = 1_000_000
        #expect(town.take() == [["1"]])
    }

    /// Against a rota that keeps a plain list and looks through all of it each time.
    @Test("takes what a list that is looked through would give", arguments: UInt64(0)..<200)
    func model(seed: UInt64) throws {
        var chance = Dice(seed)
        var plan = Rota.Plan()
        plan.looksAtOnce = 2 + chance.below(6)
        plan.doubtfulAtOnce = 1 + chance.below(plan.looksAtOnce)
        plan.failingAtOnce = 1 + chance.below(plan.doubtfulAtOnce)
        plan.roundsAtOnce = 1 + chance.below(plan.looksAtOnce)
        plan.roundLength = 1 + chance.below(5)
        var rota = Rota(plan)
        var list = PlainRota(plan)
        var errands: [Rota.Errand] = []
        var now: Int64 = 0
        for _ in 0..<400 {
            now += Int64(chance.below(8) == 0 ? chance.below(120_000) : chance.below(400))
            let time = Steady(milliseconds: now)
            let remote = "r\(chance.below(12))"
            switch chance.below(10) {
            case 0:
                let all = (0..<12).map { "r\($0)" }
                let remotes = Set(all.filter { _ in chance.below(4) != 0 })
                let near = Set(all.prefix(2))
                let heard = remotes.filter { _ in chance.below(3) == 0 }
                rota.watch(remotes, near: near, heard: heard, at: time)
                list.watch(remotes, near: near, heard: heard, at: time)
            case 1:
                let delay = Duration.milliseconds(chance.below(2) * 300)
                let pushes = [Push(ref: "r", commit: "\(now)", pusher: nil)]
                rota.hint(remote, pushes, at: time, after: delay)
                list.hint(remote, pushes, at: time, after: delay)
            case 2...6 where !errands.isEmpty:
                let errand = errands.remove(at: chance.below(errands.count))
                let outcomes: [Rota.Outcome] = [.seen, .seen, .seen, .failed, .abandoned, .missed]
                let outcome = outcomes[chance.below(outcomes.count)]
                let spread = Double(chance.below(101)) / 100
                rota.finish(errand, outcome, at: time, chance: spread)
                list.finish(errand.remote, errand.pushes, outcome, at: time, chance: spread)
            default:
                let taken = rota.take(at: time)
                let plain = taken.map { walk in
                    walk.map { PlainRota.Errand($0.remote, $0.pushes, $0.isHinted, $0.sweeps) }
                }
                try #require(plain == list.take(at: time))
                errands += taken.flatMap(\.self)
            }
            try #require(rota.nextDue == list.nextDue)
        }
    }
}

/// Remotes that were all seen at the beginning, quickly, and are due again after a minute.
private struct Town {
    var rota: Rota
    var now: Int64 = 0
    private var errands: [String: Rota.Errand] = [:]

    /// `spread` are the milliseconds between one and the next.
    init(_ count: Int, spread: Int64 = 0, plan: Rota.Plan = Rota.Plan()) {
        rota = Rota(plan)
        rota.watch(Set((0..<count).map(String.init)), heard: [], at: Steady(milliseconds: -1))
        while case let taken = take(), !taken.isEmpty {
            for remote in taken.flatMap(\.self) {
                now = (Int64(remote) ?? 0) * spread
                finish(remote, .seen)
            }
            now = 0
        }
    }

    var steady: Steady { Steady(milliseconds: now) }

    mutating func take() -> [[String]] {
        let taken = rota.take(at: steady)
        for errand in taken.flatMap(\.self) { errands[errand.remote] = errand }
        return taken.map { $0.map(\.remote) }
    }

    mutating func finish(_ remote: String, _ outcome: Rota.Outcome) {
        guard let errand = errands[remote] else { return }
        rota.finish(errand, outcome, at: steady, chance: 0.5)
    }
}

/// The same throws for the same seed.
private struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}
