import Glibc

/// Times what it is given, and shows medians side by side.
enum Measure {
    /// The median of some runs, in microseconds.
    static func median(of runs: Int, _ body: () throws -> Void) rethrows -> Double {
        var times: [Double] = []
        for _ in 0..<runs { times.append(try once(body)) }
        return times.sorted()[times.count / 2]
    }

    static func once(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        let (seconds, attoseconds) = start.duration(to: .now).components
        return Double(seconds) * 1e6 + Double(attoseconds) / 1e12
    }

    /// In KiB.
    static var peakMemory: Int {
        var usage = rusage()
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}

/// Rows of a Markdown table; the first is the floor that the others are ratios of.
struct Table {
    let title: String
    let unit: String
    private var rows: [(String, Double)] = []

    init(_ title: String, unit: String) {
        self.title = title
        self.unit = unit
    }

    mutating func add(_ what: String, _ value: Double) { rows.append((what, value)) }

    func show() {
        print("\n### \(title)\n\n| what | \(unit) | ratio |\n|---|---:|---:|")
        guard let floor = rows.first?.1 else { return }
        for (what, value) in rows {
            print("| \(what) | \(Self.number(value)) | \(Self.number(value / floor)) |")
        }
    }

    /// Three digits that matter.
    static func number(_ value: Double) -> String {
        if value >= 100 { return String(Int(value.rounded())) }
        let digits = value >= 10 ? 10.0 : 100.0
        return String((value * digits).rounded() / digits)
    }
}
