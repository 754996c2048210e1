import YAML

extension Action {
    /// An action without its name, which is its key.
    struct Body {
        let namespace: String?
        let about: String?
        let after: [Located<ActionName>]
        let retry: RetryPolicy?
        let work: any ActionKind
        let time: Duration?
    }

    static let shape = Shape<Body>.mapping(about: "one unit of a stage's work") { keys in
        let about = keys.optional("about", .string, about: "what it is for")
        let namespace = keys.optional(
            "namespace", ActionName.shape,
            about: "what variables call it: '#{NAMESPACE.OUTPUT}'; its own name if left out")
        let after = keys.optional(
            "after", .oneOrMany(ActionName.shape.located),
            about: "actions of this stage that have to succeed first")
        let retry = keys.optional(
            "retry", RetryPolicy.shape, about: "how often a failed attempt is repeated")
        guard let work = keys.kindOfAction() else { return nil }
        return Body(
            namespace: namespace?.description, about: about, after: after ?? [], retry: retry,
            work: work, time: work.limits.time)
    }

    init(_ name: Located<ActionName>, _ body: Body) {
        self.init(
            name: name, namespace: body.namespace ?? name.value.description, about: body.about,
            written: body.after, retry: body.retry ?? body.work.standardRetry, time: body.time,
            work: body.work)
    }
}

extension Gate {
    static let before = shape(refusals: [.fail, .skip])
    static let after = shape(refusals: [.fail, .rollBack])

    private static func shape(refusals: [GateRefusal]) -> Shape<Gate> {
        .mapping(about: "something that has to open first") { keys in
            let words = refusals.map(\.rawValue)
            let otherwise = keys.optional(
                "else",
                .text("one of \(oneOf(words))", schema: .words(words)) { text throws(Mistake) in
                    guard let refusal = refusals.first(where: { $0.rawValue == text }) else {
                        throw Mistake("'\(text)' cannot follow here", hint: "use \(oneOf(words))")
                    }
                    return refusal
                }, about: "what follows when it does not open")
            guard let kind = keys.kindOfGate() else { return nil }
            return Gate(kind: kind, otherwise: otherwise ?? .fail)
        }
    }
}

extension Stage {
    static let shape = Shape<Stage>.mapping(about: "what an execution enters as a whole") { keys in
        let name =
            keys.required("name", StageName.shape.located, about: "what it is called")
            ?? Located(.unread(at: keys.place), at: keys.place)
        let about = keys.optional("about", .string, about: "what it is for")
        let closed = keys.optional(
            "closed", .string, about: "the way into it starts closed, for this reason")
        let before = keys.optional(
            "before", .oneOrMany(Gate.before), about: "gates that open before it is entered")
        let actions = keys.required(
            "actions",
            .dictionary(keys: ActionName.shape.located, values: Action.shape),
            about: "what is done in it, side by side unless one says 'after'")
        let onSuccess = keys.optional(
            "on-success", .oneOrMany(Gate.after), about: "conditions for leaving it")
        let onFailure = keys.optional(
            "on-failure", FailurePolicy.shape, about: "what follows when it fails")
        guard let actions else { return nil }
        if keys.isEmpty("actions") {
            keys.findings.error(
                at: keys.place(of: "actions"), "stage '\(name.value)' has no actions",
                hint: "add one, such as 'build: { run: make }'")
        }
        return Stage(
            name: name, about: about, closed: closed, before: before ?? [],
            actions: actions.map { Action($0.0, $0.1) }, onSuccess: onSuccess ?? [],
            onFailure: (onFailure?.value ?? FailurePolicy()),
            onFailurePlace: onFailure?.place ?? name.place)
    }
}

extension FailurePolicy {
    static let shape = Shape.either(short, or: full).located

    private static let words = ["fail", "retry", "roll-back", "skip"]

    private static let short = Shape<FailurePolicy>.text(
        "one of \(oneOf(words))", schema: .words(words)
    ) { text throws(Mistake) in
        switch text {
        case "fail": return FailurePolicy()
        case "retry": return FailurePolicy(retries: 1)
        case "roll-back": return FailurePolicy(then: .rollBack)
        case "skip": return FailurePolicy(then: .skip)
        default:
            let guess = Nearest.word(to: text, among: words).map { "did you mean '\($0)'? " } ?? ""
            throw Mistake("'\(text)' cannot follow a failure", hint: guess + "use \(oneOf(words))")
        }
    }

    private static let full = Shape<FailurePolicy>.mapping(about: "what follows a failure") {
        keys in
        let retry = keys.optional("retry", repeats, about: "the stage is tried again first")
        let then = keys.optional(
            "then", Shape<FailureEnd>.word(), about: "what follows at last")
        return FailurePolicy(
            retries: retry?.0 ?? 0, retryScope: retry?.1 ?? .failed, then: then ?? .fail)
    }

    private static let repeats = Shape<(Int, RetryScope)>.either(
        Shape<Int>.whole(1...10).map { ($0, .failed) },
        or: .mapping(about: "how a stage is tried again") { keys in
            let times = keys.required("times", .whole(1...10), about: "how often")
            let scope = keys.optional(
                "actions", Shape<RetryScope>.word(),
                about: "only those that failed, or all")
            return times.map { ($0, scope ?? .failed) }
        })
}
