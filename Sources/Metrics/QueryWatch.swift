package import Deployment
import Pipelines

/// What came of one question while a version is watched.
package struct QueryWatch: Hashable, Sendable {
    /// A server that says nothing so often lets nobody see what a version does.
    private static let mostSilences = 4

    private var crossedSince: Duration?
    private var newest: Double?
    private var silences = 0
    private var silence = ""
    private var now: Duration = .zero

    package init() {}

    package mutating func note(_ values: [Double], of query: Workload.Query, at now: Duration) {
        self.now = now
        silences = 0
        let bad = values.filter { query.bound.isCrossed(by: $0) }
        guard let worst = query.bound.worst(of: bad) else {
            crossedSince = nil
            return
        }
        newest = worst
        crossedSince = crossedSince ?? now
    }

    package mutating func note(silence words: String) {
        silences += 1
        silence = words
    }

    /// Why the deployment should be turned back, for people.
    package func alarm(_ query: Workload.Query) -> String? {
        if silences >= Self.mostSilences {
            return "'\(query.name)' could not be asked of '\(query.server)' \(silences) times in a "
                + "row: \(silence)"
        }
        guard let since = crossedSince, let newest, now - since >= query.lasting else { return nil }
        let time = query.lasting > .zero ? " for \(query.lasting.short)" : ""
        return "'\(query.name)' is \(Self.short(newest))\(time), and \(query.bound.words) is bad"
    }

    static func short(_ number: Double) -> String {
        let rounded = (number * 1_000).rounded() / 1_000
        return rounded == rounded.rounded() && abs(rounded) < 1e15
            ? "\(Int(rounded))" : "\(rounded)"
    }
}

extension AlarmQuery.Bound {
    fileprivate func worst(of values: [Double]) -> Double? {
        switch self {
        case .above: values.max()
        case .below: values.min()
        }
    }

    fileprivate var words: String {
        switch self {
        case .above(let limit): "above \(QueryWatch.short(limit))"
        case .below(let limit): "below \(QueryWatch.short(limit))"
        }
    }
}
