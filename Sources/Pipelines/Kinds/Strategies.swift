// How strategies are written: a word, or a word with what belongs to it.

extension Strategy {
    static let shape = Shape.either(short, or: full)

    package static let words = ["all-at-once", "rolling", "blue-green", "canary", "linear"]

    /// As it is with no settings; nothing if there is none of this name.
    package init?(word: String) {
        switch word {
        case "all-at-once": self = .allAtOnce
        case "rolling": self = .rolling(batch: nil, minimumHealthy: nil, maximum: nil)
        case "blue-green": self = .blueGreen(bake: .zero, keep: .zero)
        case "canary":
            self = .canary(steps: [.init(percent: 10, time: .seconds(300))], bake: .zero)
        case "linear": self = .linear(percent: 10, every: .seconds(60), bake: .zero)
        default: return nil
        }
    }

    private static let short = Shape<Strategy>.text(
        "a strategy: \(oneOf(words))", schema: .words(words)
    ) { text throws(Mistake) in
        if let strategy = Strategy(word: text) { return strategy }
        let guess = Nearest.word(to: text, among: words).map { "did you mean '\($0)'? " } ?? ""
        throw Mistake("'\(text)' is no strategy", hint: guess + "use \(oneOf(words))")
    }

    private static let full = Shape<Strategy>.mapping(about: "a strategy with its settings") {
        keys in
        let rolling = keys.optional("rolling", rolling, about: "some instances after the other")
        let blueGreen = keys.optional(
            "blue-green", blueGreen, about: "a second set beside the first, then all traffic to it")
        let canary = keys.optional("canary", canary, about: "part of the traffic first")
        let linear = keys.optional("linear", linear, about: "traffic in equal steps")
        let given = [rolling, blueGreen, canary, linear].compactMap(\.self)
        let named = ["rolling", "blue-green", "canary", "linear"].filter { keys.has($0) }
        if !keys.isDescribing, named.count != 1 {
            keys.findings.error(
                at: keys.place, "a strategy is one of \(oneOf(words)), not \(named.count) of them",
                hint: "keep the one that you want")
        }
        return given.first
    }

    private static let rolling = Shape<Strategy>.mapping(about: "some instances after the other") {
        keys in
        let batch = keys.optional("batch", .whole(1...10_000), about: "how many at once")
        let minimum = keys.optional(
            "minimum-healthy", .whole(0...100), about: "percent that always serve")
        let maximum = keys.optional("maximum", .whole(100...200), about: "percent that run at most")
        if keys.has("batch"), keys.has("minimum-healthy") || keys.has("maximum") {
            keys.findings.error(
                at: keys.keyPlace(of: "batch"),
                "'batch' and percentages say the same thing in two ways", hint: "keep one of them")
        }
        return .rolling(batch: batch, minimumHealthy: minimum, maximum: maximum)
    }

    private static let blueGreen = Shape<Strategy>.mapping(about: "a second set beside the first") {
        keys in
        let bake = keys.optional("bake", .duration, about: "how long the new set is watched")
        let keep = keys.optional("keep", .duration, about: "how long the old set stays")
        return .blueGreen(bake: bake ?? .zero, keep: keep ?? .zero)
    }

    private static let canary = Shape<Strategy>.mapping(about: "part of the traffic first") {
        keys in
        let steps = keys.required("steps", .list(of: canaryStep), about: "how much, how long")
        let bake = keys.optional("bake", .duration, about: "how long the new version is watched")
        return steps.map { .canary(steps: $0, bake: bake ?? .zero) }
    }

    private static let canaryStep = Shape<Strategy.CanaryStep>.mapping(about: "one step") { keys in
        let percent = keys.required("percent", .whole(1...99), about: "how much traffic")
        let time = keys.required("time", .duration, about: "for how long")
        guard let percent, let time else { return nil }
        return Strategy.CanaryStep(percent: percent, time: time)
    }

    private static let linear = Shape<Strategy>.mapping(about: "traffic in equal steps") { keys in
        let percent = keys.required("percent", .whole(1...99), about: "how much at each step")
        let every = keys.required("every", .duration, about: "the time between steps")
        let bake = keys.optional("bake", .duration, about: "how long the new version is watched")
        guard let percent, let every else { return nil }
        return .linear(percent: percent, every: every, bake: bake ?? .zero)
    }
}
