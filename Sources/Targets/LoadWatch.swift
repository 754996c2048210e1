import Balancer
package import Pipelines

/// What is asked of a role, and how many of it that needs. It remembers no longer than its rule
/// looks back, and begins anew when there are more or fewer: what was is no measure then.
package struct LoadWatch: Hashable, Sendable {
    /// One instance, as its balancer has it.
    package struct Reading: Hashable, Sendable {
        /// Since the balancer knows it.
        let requests: Int
        let inHand: Int

        package init(requests: Int, inHand: Int) {
            self.requests = requests
            self.inHand = inHand
        }
    }

    /// All that was asked until a moment, and what was in hand then.
    private struct Sample: Hashable, Sendable {
        let at: Duration
        let asked: Int
        let inHand: Int
    }

    private static let apart: Duration = .milliseconds(200)

    private var last: [String: Reading] = [:]
    private var asked = 0
    private var count: Int?
    private var samples: [Sample] = []

    package init() {}

    package mutating func note(
        _ readings: [String: Reading], count: Int, at now: Duration, rule: ScalingRule
    ) {
        for (name, reading) in readings {
            // When one was asked what it had been asked before it was known to us is not known.
            guard let before = last[name] else { continue }
            // A balancer that was started anew has forgotten what it had counted.
            let isAnew = reading.requests < before.requests
            asked += isAnew ? reading.requests : reading.requests - before.requests
        }
        last = readings
        if self.count != count {
            self.count = count
            samples = []
        }
        if let newest = samples.last, now - newest.at < Self.apart { return }
        let inHand = readings.values.reduce(0) { $0 + $1.inHand }
        samples.append(Sample(at: now, asked: asked, inHand: inHand))
        let window = max(rule.rise, rule.fall)
        samples.removeFirst(samples.lastIndex { now - $0.at >= window } ?? 0)
    }

    /// How many are needed, where those that there are are too few, or more than are needed.
    package func need(_ rule: ScalingRule) -> (count: Int, cause: String)? {
        guard let count else { return nil }
        if let load = load(over: rule.rise), load.needed(rule) > count {
            return (rule.count(nearest: load.needed(rule)), load.words(over: rule.rise))
        }
        // As few as would still not be too few if a tenth more were asked of them.
        guard let load = load(over: rule.fall), let now = self.load(over: rule.rise) else {
            return nil
        }
        let needed = max(load.grown.needed(rule), now.grown.needed(rule))
        guard needed < count else { return nil }
        return (rule.count(nearest: needed), load.words(over: rule.fall))
    }

    /// On average; nothing until it was watched for so long.
    private func load(over window: Duration) -> Load? {
        guard let newest = samples.last,
            let first = samples.lastIndex(where: { newest.at - $0.at >= window })
        else { return nil }
        let time = (newest.at - samples[first].at) / .seconds(1)
        let seen = samples[first...]
        return Load(
            perSecond: Double(newest.asked - samples[first].asked) / max(time, 0.001),
            inHand: Double(seen.reduce(0) { $0 + $1.inHand }) / Double(seen.count))
    }
}

extension LoadWatch.Reading {
    init(_ server: ServerReading) {
        self.init(requests: server.counts.requests, inHand: server.sessions + server.queue)
    }
}

private struct Load {
    var perSecond: Double
    var inHand: Double

    var grown: Load { Load(perSecond: perSecond * 1.1, inHand: inHand * 1.1) }

    func needed(_ rule: ScalingRule) -> Int {
        let parts = [
            rule.requests.map { perSecond / Double($0) }, rule.atOnce.map { inHand / Double($0) },
        ]
        return Int(parts.compactMap(\.self).max()?.rounded(.up) ?? 0)
    }

    func words(over window: Duration) -> String {
        let hands = (inHand * 10).rounded() / 10
        return "\(Int(perSecond.rounded())) requests a second and \(hands) at once, "
            + "over the last \(window.short)"
    }
}
