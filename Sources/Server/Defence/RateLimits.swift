/// How much may be asked: a burst at once, and so much more with time.
package struct Rate: Hashable, Sendable {
    package let burst: Int
    package let perSecond: Double

    package init(burst: Int, perSecond: Double) {
        self.burst = burst
        self.perSecond = perSecond
    }
}

package struct RateLimits: Hashable, Sendable {
    /// Of whoever shows no valid token.
    package var ofAddress = Rate(burst: 600, perSecond: 100)
    package var ofToken = Rate(burst: 300, perSecond: 50)
    /// Of tokens that are not valid.
    package var ofFailures = Rate(burst: 20, perSecond: 0.2)

    package init() {}
}

/// Buckets of tokens by whoever draws from them. A value: it is told what time it is.
package struct RateLimiter<Key: Hashable & Sendable>: Sendable {
    /// How many are told apart. Whoever comes beyond that shares one bucket with all such.
    package static var mostKeys: Int { 10_000 }

    private struct Bucket {
        var level: Double
        var at: Int64
    }

    private let rate: Rate
    private var buckets: [Key: Bucket] = [:]
    private var shared: Bucket?

    package init(_ rate: Rate) { self.rate = rate }

    /// Takes one; or tells after how many seconds there will be one. `now` is in milliseconds, of a
    /// clock that does not jump.
    package mutating func take(_ key: Key, at now: Int64) -> Int? {
        if buckets[key] == nil, buckets.count >= Self.mostKeys { forgetFull(at: now) }
        let isOwn = buckets[key] != nil || buckets.count < Self.mostKeys
        var bucket = (isOwn ? buckets[key] : shared) ?? Bucket(level: Double(rate.burst), at: now)
        bucket = filled(bucket, at: now)
        let wait =
            bucket.level >= 1 ? nil : max(1, Int(((1 - bucket.level) / rate.perSecond) + 0.999))
        if wait == nil { bucket.level -= 1 }
        if isOwn { buckets[key] = bucket } else { shared = bucket }
        return wait
    }

    package var count: Int { buckets.count }

    private func filled(_ bucket: Bucket, at now: Int64) -> Bucket {
        let gained = Double(max(0, now - bucket.at)) / 1_000 * rate.perSecond
        return Bucket(
            level: min(Double(rate.burst), bucket.level + gained), at: max(now, bucket.at))
    }

    /// A bucket that is full again is as good as none.
    private mutating func forgetFull(at now: Int64) {
        buckets = buckets.filter { filled($0.value, at: now).level < Double(rate.burst) }
    }
}
