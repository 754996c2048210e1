import Engine
import Testing
import Watching

@Suite("When remotes are looked at") struct RotaTests {
    @Test func `a new remote is looked at at once, and then every minute or so`() {
        var scene = Scene(["a"])
        #expect(scene.take() == ["a"])
        scene.finish("a", .seen, chance: 0)
        #expect(scene.rota.nextDue == at(54))
        scene.now = 53.9
        #expect(scene.take() == [])
        scene.now = 54
        #expect(scene.take() == ["a"])
        scene.finish("a", .seen, chance: 1)
        #expect(scene.rota.nextDue == at(54 + 66))
    }

    @Test func `one whose pushes are heard is looked at more seldom`() {
        var scene = Scene(["a"], heard: ["a"])
        _ = scene.take()
        scene.finish("a", .seen)
        #expect(scene.rota.nextDue == at(300))
    }

    @Test(
        "each failure doubles the wait, up to a quarter of an hour",
        arguments: zip([1, 2, 3, 8, 9, 60], [5, 10, 20, 640, 900, 900] as [Double]))
    func backOff(failures: Int, wait: Double) {
        var scene = Scene(["a"])
        for _ in 0..<failures {
            scene.now += 10_000
            #expect(scene.take() == ["a"])
            scene.finish("a", .failed)
        }
        #expect(scene.rota.nextDue == at(scene.now + wait))
    }

    @Test(
        "who wants to be left alone is, up to a quarter of an hour",
        arguments: zip([0, 3, 100, 86_400], [5, 5, 100, 900] as [Double]))
    func rest(seconds: Int, wait: Double) throws {
        var rota = Rota()
        rota.watch(["a"], heard: [], at: at(0))
        let errand = try #require(rota.take(at: at(0)).first?.first)
        rota.finish(errand, .failed, at: at(0), chance: 0.5, wanting: .seconds(seconds))
        #expect(rota.nextDue == at(wait))
    }

    @Test func `one that is looked at alone has no part in a round`() throws {
        var rota = Rota()
        rota.watch(["a", "b", "c"], alone: ["b"], heard: [], at: at(0))
        for walk in rota.take(at: at(0)) {
            for errand in walk { rota.finish(errand, .seen, at: at(0), chance: 0.5) }
        }
        let walks = rota.take(at: at(60)).map { Set($0.map(\.remote)) }
        #expect(Set(walks) == [["a", "c"], ["b"]])
    }

    @Test func `success ends the back-off`() {
        var scene = Scene(["a"])
        for outcome in [Rota.Outcome.failed, .failed, .seen] {
            scene.now += 10_000
            _ = scene.take()
            scene.finish("a", outcome)
        }
        #expect(scene.rota.nextDue == at(scene.now + 60))
    }

    @Test func `hints are one look, and one more if they come while it is under way`() {
        var scene = Scene(["a"])
        _ = scene.take()
        scene.finish("a", .seen)
        for _ in 0..<10 { scene.hint("a") }
        #expect(scene.take() == ["a"])
        for _ in 0..<10 { scene.hint("a") }
        #expect(scene.take() == [])
        scene.finish("a", .seen)
        #expect(scene.take() == ["a"])
        scene.finish("a", .seen)
        #expect(scene.take() == [])
    }

    @Test func `a hint with a delay waits, and one without it does not`() {
        var scene = Scene(["a"])
        _ = scene.take()
        scene.finish("a", .seen)
        scene.rota.hint("a", at: at(0), after: .milliseconds(300))
        #expect(scene.take() == [])
        #expect(scene.rota.nextDue == at(0.3))
        scene.hint("a")
        #expect(scene.take() == ["a"])
    }

    @Test func `what was hinted at goes first`() {
        var plan = Rota.Plan()
        plan.looksAtOnce = 1
        var scene = Scene(["a", "b", "c"], plan)
        for remote in ["a", "b", "c"] {
            #expect(scene.take() == [remote])
            scene.finish(remote, .seen)
        }
        scene.now = 1_000
        scene.hint("b")
        #expect(scene.take() == ["b"])
    }

    @Test func `remotes that hang keep no healthy one waiting`() {
        let hanging = (0..<100).map { "hang-\($0)" }
        var scene = Scene(Set(hanging + ["good"]))
        scene.hint("good")
        #expect(scene.take().contains("good"))
        scene.finish("good", .seen)
        _ = scene.take()
        scene.now = 100_000
        scene.hint("good")
        // All places for the doubtful are taken by what never comes back.
        #expect(scene.take() == ["good"])
        for remote in hanging { scene.finish(remote, .abandoned) }
        scene.now = 200_000
        #expect(scene.take().count == 12)
        for remote in hanging { scene.finish(remote, .abandoned) }
        scene.now = 300_000
        #expect(scene.take().count == 12)
    }

    @Test func `remotes that have failed have few places, and those never reached have more`() {
        var scene = Scene(Set((0..<12).map { "bad-\($0)" }))
        for remote in scene.take() { scene.finish(remote, .failed) }
        scene.now = 1_000
        #expect(scene.take().count == 4)
        scene.rota.watch(
            Set((0..<100).map { "new-\($0)" } + ["near"]), near: ["near"], heard: [], at: at(1_000))
        let next = scene.take()
        #expect(next.count == 9 && next.contains("near"))
    }

    @Test func `a remote is never looked at twice at once, even if it is forgotten meanwhile`() {
        var scene = Scene(["a"])
        #expect(scene.take() == ["a"])
        scene.rota.watch([], heard: [], at: at(0))
        scene.rota.watch(["a"], heard: [], at: at(0))
        #expect(scene.take() == [])
        scene.finish("a", .seen)
        #expect(scene.rota.nextDue == at(60))
    }

    @Test func `who pushed is remembered until a look succeeds`() {
        var scene = Scene(["a"])
        let push = Push(ref: "refs/heads/main", commit: "c", pusher: "eve")
        scene.rota.hint("a", [push], at: at(0))
        let first = scene.rota.take(at: at(0)).flatMap(\.self)
        #expect(first.map(\.pushes) == [[push]])
        scene.rota.finish(first[0], .abandoned, at: at(0), chance: 0.5)
        let second = scene.rota.take(at: at(5)).flatMap(\.self)
        #expect(second.map(\.pushes) == [[push]])
        #expect(second.map(\.sweeps) == [true])
        scene.rota.finish(second[0], .seen, at: at(5), chance: 0.5)
        scene.rota.hint("a", at: at(5))
        let third = scene.rota.take(at: at(5)).flatMap(\.self)
        #expect(third.map(\.pushes) == [[]])
        #expect(third.map(\.sweeps) == [false])
    }

    @Test func `a look tells whether somebody asked for it`() {
        var scene = Scene(["a"])
        #expect(scene.rota.take(at: at(0)).flatMap(\.self).map(\.isHinted) == [false])
        scene = Scene(["a"])
        scene.hint("a")
        #expect(scene.rota.take(at: at(0)).flatMap(\.self).map(\.isHinted) == [true])
    }

    @Test func `pushes are kept within bounds`() {
        var scene = Scene(["a"])
        for number in 0..<1_000 {
            scene.rota.hint("a", [Push(ref: "r", commit: "\(number)", pusher: nil)], at: at(0))
        }
        #expect(scene.rota.take(at: at(0)).first?.first?.pushes.count == Rota.maximumPushes)
    }
}

private func at(_ seconds: Double) -> Steady { Steady(milliseconds: Int64(seconds * 1_000)) }

private struct Scene {
    var rota: Rota
    var now = 0.0
    private var errands: [String: Rota.Errand] = [:]

    init(_ remotes: Set<String>, heard: Set<String> = [], _ plan: Rota.Plan = Rota.Plan()) {
        rota = Rota(plan)
        // One after the other, so that their order is known.
        for remote in remotes.sorted() {
            rota.watch(remotes.filter { $0 <= remote }, heard: heard, at: at(now))
            now += 0.001
        }
        now = remotes.count > 1 ? 1 : 0
    }

    mutating func take() -> [String] {
        let taken = rota.take(at: at(now)).flatMap(\.self)
        for errand in taken { errands[errand.remote] = errand }
        return taken.map(\.remote)
    }

    mutating func finish(_ remote: String, _ outcome: Rota.Outcome, chance: Double = 0.5) {
        guard let errand = errands[remote] else { return }
        rota.finish(errand, outcome, at: at(now), chance: chance)
    }

    mutating func hint(_ remote: String) { rota.hint(remote, at: at(now)) }
}
