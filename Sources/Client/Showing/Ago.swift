/// Times as people tell them: how long ago, or how soon.
package enum Ago {
    package static func text(_ time: Instant, now: Instant) -> String {
        let seconds = Int((now.milliseconds - time.milliseconds) / 1_000)
        let span = span(abs(seconds))
        if abs(seconds) < 2 { return "just now" }
        return seconds > 0 ? "\(span) ago" : "in \(span)"
    }

    /// How long something lasts by now.
    package static func lasting(since start: Instant, now: Instant) -> String {
        let seconds = Int((now.milliseconds - start.milliseconds) / 1_000)
        return seconds < 2 ? "just now" : "for \(span(seconds))"
    }

    /// How long something took: `1.5s`, `42s`, `3m05s`, `2h10m`.
    package static func elapsed(milliseconds: Int) -> String {
        let seconds = milliseconds / 1_000
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if milliseconds < 10_000 { return "\(seconds).\(milliseconds % 1_000 / 100)s" }
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3_600 { return "\(seconds / 60)m\(two(seconds % 60))s" }
        return "\(seconds / 3_600)h\(two(seconds / 60 % 60))m"
    }

    package static func elapsed(from start: Instant, to end: Instant) -> String {
        elapsed(milliseconds: Int(max(0, end.milliseconds - start.milliseconds)))
    }

    /// How long something lasts: `42 s`, `3 h`.
    package static func span(from start: Instant, to end: Instant) -> String {
        span(Int(max(0, end.milliseconds - start.milliseconds) / 1_000))
    }

    private static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3_600: "\(seconds / 60) min"
        case ..<86_400: "\(seconds / 3_600) h"
        case ..<(2 * 86_400): "1 day"
        default: "\(seconds / 86_400) days"
        }
    }
}
