/// How HAProxy finds out by itself whether a server is well.
package struct HealthCheck: Hashable, Sendable {
    package let path: String
    package let host: String
    package let interval: Duration
    /// So many checks in a row have to fail before a server is ill,
    package let fall: Int
    /// and to pass before it is well again.
    package let rise: Int
    package let statuses: ClosedRange<Int>

    package init(
        path: String, host: String = "localhost", interval: Duration = .seconds(2),
        fall: Int = 3, rise: Int = 2, statuses: ClosedRange<Int> = 200...399
    ) throws(BalancerProblem) {
        // No letter among these ends a word, begins a comment or stands for another one.
        try Self.check(path, of: "-._~/?=&+,:@%", as: "the path of a health check")
        guard path.hasPrefix("/") else {
            throw .badText(
                what: "the path of a health check", text: path, allowed: "one that begins with '/'")
        }
        try Self.check(host, of: "-._:[]", as: "the host of a health check")
        try Self.check(fall, in: 1...1000, as: "'fall' of a health check")
        try Self.check(rise, in: 1...1000, as: "'rise' of a health check")
        try Self.check(
            interval.milliseconds, in: 10...3_600_000, as: "the interval of a health check in ms")
        try Self.check(statuses.lowerBound, in: 100...599, as: "the least status that is well")
        try Self.check(statuses.upperBound, in: 100...599, as: "the greatest status that is well")
        self.path = path
        self.host = host
        self.interval = interval
        self.fall = fall
        self.rise = rise
        self.statuses = statuses
    }

    private static func check(
        _ text: String, of others: String, as what: String
    ) throws(BalancerProblem) {
        guard 1...1024 ~= text.utf8.count,
            text.utf8.allSatisfy({ $0.isLetterOrDigit || others.utf8.contains($0) })
        else {
            throw .badText(
                what: what, text: text, allowed: "1 to 1024 of A-Z, a-z, 0-9 and \(others)")
        }
    }

    private static func check(
        _ number: Int, in allowed: ClosedRange<Int>, as what: String
    ) throws(BalancerProblem) {
        guard allowed.contains(number) else {
            throw .badNumber(what: what, number: number, allowed: allowed)
        }
    }

    /// As it stands behind a server, in the configuration and on the socket alike.
    var words: String {
        "check inter \(interval.milliseconds)ms fall \(fall) rise \(rise)"
    }
}

extension Duration {
    var milliseconds: Int {
        let (seconds, rest) = components
        let (thousands, isTooMuch) = seconds.multipliedReportingOverflow(by: 1000)
        return isTooMuch ? .max : Int(thousands) + Int(rest / 1_000_000_000_000_000)
    }
}
