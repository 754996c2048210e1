/// What is asked of a server of metrics while a new version gets requests, and which answers turn
/// its deployment back.
package struct AlarmQuery: Hashable, Sendable {
    package let name: AlarmName
    /// A server by the name that it has in the settings.
    package let server: MetricsName
    /// In its own language, PromQL.
    package let ask: Template
    package let bound: Bound
    /// For so long without a break, before it counts.
    package let lasting: Duration

    /// Where it begins to be bad.
    package enum Bound: Hashable, Sendable, Codable {
        case above(Double)
        case below(Double)

        package func isCrossed(by value: Double) -> Bool {
            switch self {
            case .above(let limit): value > limit
            case .below(let limit): value < limit
            }
        }
    }
}

extension AlarmQuery {
    static let shape = Shape<@Sendable (AlarmName) -> AlarmQuery>.mapping(
        about: "what is asked of a server of metrics"
    ) { keys in
        let server = keys.required(
            "metrics", MetricsName.shape, about: "the server, as 'metrics:' of the settings says")
        let ask = keys.required("ask", .template, about: "the question, in PromQL")
        let above = keys.optional("above", .number, about: "a value above this is bad")
        let below = keys.optional("below", .number, about: "a value below this is bad")
        let lasting = keys.optional("for", .duration, about: "for how long without a break")
        if !keys.isDescribing, keys.has("above") == keys.has("below") {
            keys.findings.error(
                at: keys.place,
                keys.has("above") ? "it has 'above' and 'below'" : "no value would be bad",
                hint: "give either 'above: 0.5' or 'below: 10'")
        }
        guard let server, let ask,
            let bound = above.map(Bound.above) ?? below.map(Bound.below)
        else { return nil }
        return { name in
            AlarmQuery(
                name: name, server: server, ask: ask, bound: bound, lasting: lasting ?? .zero)
        }
    }
}

extension Template {
    /// What comes from outside cannot end a quotation that it stands in: a branch may be called
    /// what somebody likes.
    package func filledQuotably(_ fill: (Template) -> String) -> String {
        parts.map { part in
            guard case .reference = part else { return fill(Template(parts: [part])) }
            let quoted = fill(Template(parts: [part])).unicodeScalars.map { scalar in
                switch scalar {
                case "\\", "\"", "'": "\\\(scalar)"
                case "`": "'"
                case "\n": "\\n"
                default: "\(scalar)"
                }
            }
            return quoted.joined()
        }.joined()
    }
}

extension Shape where Value == Double {
    fileprivate static var number: Shape {
        .text(
            "a number such as 0.5", schema: .pattern("^-?[0-9]+(\\.[0-9]+)?$", example: "0.5")
        ) { text throws(Mistake) in
            let isPlain = text.utf8.allSatisfy { byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-.".utf8.contains(byte)
            }
            guard isPlain, let number = Double(text), number.isFinite else {
                throw Mistake("'\(text)' is no number", hint: "write one such as 0.5")
            }
            return number
        }
    }
}
