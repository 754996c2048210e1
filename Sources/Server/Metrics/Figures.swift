/// How often something happened, by labels.
struct Counter: Hashable, Sendable {
    private var counts: [[String]: Int] = [:]

    mutating func add(_ labels: [String]) { counts[labels, default: 0] += 1 }

    func text(_ name: String, _ about: String, _ labels: [String]) -> String {
        let lines = counts.map { values, count in
            let pairs = zip(labels, values).map { "\($0)=\"\($1)\"" }.joined(separator: ",")
            return "\(name){\(pairs)} \(count)\n"
        }
        return Figures.heading(name, "counter", about) + lines.sorted().joined()
    }
}

/// How many took how long, by a label.
struct Histogram: Hashable, Sendable {
    /// For what takes from a tenth of a second to an hour.
    static let long = [100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000]
        .map { $0 * 1_000 }
    /// For what should be over before anybody notices.
    static let short = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 500_000, 2_500_000]

    private struct Row: Hashable {
        var counts: [Int]
        var sum = 0
    }

    private let label: String?
    /// In microseconds.
    private let bounds: [Int]
    private var rows: [String: Row] = [:]

    init(_ bounds: [Int] = Histogram.long, label: String? = "pipeline") {
        self.bounds = bounds
        self.label = label
    }

    mutating func add(_ time: Duration, _ labels: [String] = []) {
        let (seconds, attoseconds) = time.components
        let microseconds = max(0, Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000))
        let place = bounds.firstIndex { microseconds <= $0 } ?? bounds.count
        let empty = Row(counts: Array(repeating: 0, count: bounds.count + 1))
        rows[labels.first ?? "", default: empty].counts[place] += 1
        rows[labels.first ?? "", default: empty].sum += microseconds
    }

    func text(_ name: String, _ about: String) -> String {
        var text = Figures.heading(name, "histogram", about)
        for (value, row) in rows.sorted(by: { $0.key < $1.key }) {
            let own = label.map { "\($0)=\"\(value)\"" }
            var count = 0
            for (place, bound) in (bounds.map(Self.seconds) + ["+Inf"]).enumerated() {
                count += row.counts[place]
                let labels = [own, "le=\"\(bound)\""].compactMap(\.self).joined(separator: ",")
                text += "\(name)_bucket{\(labels)} \(count)\n"
            }
            let labels = own.map { "{\($0)}" } ?? ""
            text += "\(name)_sum\(labels) \(Self.seconds(row.sum))\n"
            text += "\(name)_count\(labels) \(count)\n"
        }
        return text
    }

    private static func seconds(_ microseconds: Int) -> String {
        let isWhole = microseconds % 1_000 == 0
        let digits = String(microseconds % 1_000_000 + 1_000_000).dropFirst()
        return "\(microseconds / 1_000_000).\(isWhole ? digits.prefix(3) : digits)"
    }
}

/// How single figures are written for Prometheus.
enum Figures {
    static func heading(_ name: String, _ type: String, _ about: String) -> String {
        "# HELP \(name) \(about)\n# TYPE \(name) \(type)\n"
    }

    static func one(_ name: String, _ type: String, _ about: String, _ value: Int) -> String {
        "\(heading(name, type, about))\(name) \(value)\n"
    }

    /// With a label that has few values, each named once.
    static func some(
        _ name: String, _ about: String, _ label: String, _ values: [(String, Int)]
    ) -> String {
        heading(name, "gauge", about)
            + values.map { "\(name){\(label)=\"\($0.0)\"} \($0.1)\n" }.joined()
    }
}
