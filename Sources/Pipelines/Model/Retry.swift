extension RetryPolicy {
    package static let shape = Shape.either(short, or: full)

    private static let maximum = 20

    private static let short = Shape<RetryPolicy>.text(
        "how often, or 'never'", schema: .any([.whole(0...maximum), .words(["never"])])
    ) { text throws(Mistake) in
        if text == "never" { return .never }
        guard let times = Int(text), 0...maximum ~= times else {
            throw Mistake(
                "'\(text)' is no number of retries", hint: "write 0 to \(maximum), or 'never'")
        }
        return RetryPolicy(times: times, causes: Set(RetryCause.allCases))
    }

    private static let full = Shape<RetryPolicy>.mapping(
        about: "when and how often an attempt is repeated"
    ) {
        keys in
        let times = keys.required("times", .whole(1...maximum), about: "how often at most")
        let causes = keys.optional(
            "on", .oneOrMany(Shape<RetryCause>.word("cause of failure")),
            about: "which failures; all if left out")
        let delay = keys.optional("delay", .duration, about: "the pause before the first retry")
        let backOff = keys.optional(
            "back-off", .whole(1...10), about: "what each further pause is multiplied with")
        let longest = keys.optional("maximum-delay", .duration, about: "the longest pause")
        guard let times else { return nil }
        return RetryPolicy(
            times: times, causes: Set(causes ?? RetryCause.allCases), delay: delay ?? .seconds(1),
            backOff: backOff ?? 2, maximumDelay: longest ?? .seconds(300))
    }
}
