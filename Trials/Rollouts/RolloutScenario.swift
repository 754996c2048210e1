import Deployment
import Pipelines
import Simulation

/// What is deployed in one trial, made up from a seed.
struct RolloutScenario {
    static let web = RoleName("web")
    static let worker = RoleName("worker")

    var random: Randomness
    /// Of each release, in the order in which they come.
    private(set) var behaviours: [ReleaseID: Behaviour] = [:]
    private(set) var releases: [Release] = []

    init(seed: UInt64) { random = Randomness(seed: seed) }

    /// The first is good; the others are what they are.
    mutating func order() -> RolloutOrder {
        if releases.count > 1, random.chance(1, in: 3), let old = random.pick(releases) {
            return order(for: old)
        }
        let id = ReleaseID(releases.count + 1)
        let release = Release(id, version: "sha256:\(id.number)", roles: roles())
        releases.append(release)
        let all = Behaviour.allCases
        behaviours[id] =
            releases.count == 1 || random.chance(1, in: 2) ? .good : random.pick(all) ?? .good
        return order(for: release)
    }

    private mutating func order(for release: Release) -> RolloutOrder {
        let hooks = Hook.allCases.filter { _ in random.chance(1, in: 5) }
        return RolloutOrder(
            release, by: strategy(), hooks: Set(hooks),
            asks: random.chance(1, in: 5) ? .seconds(600) : nil, person: "ada")
    }

    private mutating func roles() -> [Role] {
        let patience = Duration.seconds(random.number(in: 8...60))
        let drain = Duration.seconds(random.number(in: 1...30))
        var roles: [Role] = []
        let count = random.number(in: 1...7)
        let scaling =
            random.chance(1, in: 3)
            ? ScalingRule(count...random.number(in: count...8), requests: 1, atOnce: nil) : nil
        if let web = Self.web {
            roles.append(
                Role(
                    web, count: count, takesTraffic: true, patience: patience, drain: drain,
                    scaling: scaling))
        }
        if let worker = Self.worker, random.chance(1, in: 2) {
            roles.append(
                Role(
                    worker, count: random.number(in: 1...3), takesTraffic: false,
                    patience: patience, drain: drain))
        }
        return roles
    }

    private mutating func strategy() -> Strategy {
        let bake = Duration.seconds(random.number(in: 0...60))
        let keep = Duration.seconds(random.number(in: 0...120))
        switch random.number(below: 6) {
        case 0: return .allAtOnce
        case 1: return .rolling(batch: random.number(in: 1...3), minimumHealthy: nil, maximum: nil)
        case 2:
            return .rolling(
                batch: nil, minimumHealthy: random.number(in: 0...100),
                maximum: random.number(in: 100...200))
        case 3: return .blueGreen(bake: bake, keep: keep)
        case 4:
            let steps = [(5, 10), (20, 20), (50, 5)].prefix(random.number(in: 1...3))
            return .canary(
                steps: steps.map { .init(percent: $0.0, time: .seconds($0.1)) }, bake: bake)
        default:
            return .linear(
                percent: random.number(in: 7...60), every: .seconds(random.number(in: 1...20)),
                bake: bake)
        }
    }
}
