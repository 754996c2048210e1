/// What a new version may do to those who ask, before its deployment is turned back.
package struct AlarmRule: Hashable, Sendable, Codable {
    /// So many of a hundred answers may say that something broke; nothing if nobody counts them.
    package let errors: Int?
    /// What an answer may take on average; nothing if nobody measures it.
    package var latency: Duration? { slowest?.wrappedValue }
    private let slowest: Written?
    /// With fewer requests in its window nothing is judged.
    package let requests: Int

    package static let standardRequests = 20

    package init(errors: Int?, latency: Duration?, requests: Int = standardRequests) {
        self.errors = errors
        slowest = latency.map(Written.init(wrappedValue:))
        self.requests = requests
    }
}

extension AlarmRule {
    static let shape = Shape<(rule: AlarmRule, queries: [AlarmQuery])>.mapping(
        about: "what turns a deployment back"
    ) { keys in
        let errors = keys.optional(
            "errors", .percent, about: "how many answers may be 5xx or broken off")
        let latency = keys.optional(
            "latency", .duration, about: "what an answer may take on average")
        let requests = keys.optional(
            "requests", .whole(1...1_000_000), about: "with fewer in half a minute none is judged")
        let queries = keys.optional(
            "queries", .dictionary(keys: AlarmName.shape, values: AlarmQuery.shape),
            about: "what servers of metrics are asked: NAME: question")
        let isWatching = ["errors", "latency", "queries"].contains { keys.has($0) }
        if !keys.isDescribing, !isWatching {
            keys.findings.error(
                at: keys.place, "nothing is watched", hint: "add 'errors: 5%' or 'latency: 500ms'")
        }
        let rule = AlarmRule(
            errors: errors, latency: latency, requests: requests ?? standardRequests)
        return (rule, (queries ?? []).map { $1($0) })
    }
}

extension Shape where Value == Int {
    fileprivate static var percent: Shape {
        .text(
            "a percentage such as 5%", schema: .pattern("^[0-9]{1,3}%$", example: "5%")
        ) { text throws(Mistake) in
            guard text.hasSuffix("%"), let number = Int(text.dropLast()), 0...100 ~= number else {
                throw Mistake("'\(text)' is no percentage", hint: "write 0% to 100%")
            }
            return number
        }
    }
}
