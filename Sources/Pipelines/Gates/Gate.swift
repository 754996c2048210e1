/// What a stage waits for before it is entered, or is judged by before it is left.
package struct Gate: Sendable {
    package let kind: any GateKind
    /// What follows when the gate does not open.
    package let otherwise: GateRefusal

    package init(kind: any GateKind, otherwise: GateRefusal) {
        self.kind = kind
        self.otherwise = otherwise
    }
}

package enum GateRefusal: String, Sendable, CaseIterable {
    case fail
    /// Goes on without the stage; only before one.
    case skip
    /// Puts back what had succeeded before; only when leaving one.
    case rollBack = "roll-back"
}

/// One kind of gate; the key that says so in YAML is the kind's `key`. Added like an `ActionKind`.
package protocol GateKind: Sendable {
    static var key: String { get }
    static var about: String { get }

    static func read(_ keys: inout Keys) -> Self?

    /// How it opens. The engine knows these few ways and nothing else of a gate.
    var opening: Opening { get }
    var templates: [Template] { get }
    var summary: String { get }
}

extension GateKind {
    package var templates: [Template] { [] }
}

package enum Opening: Sendable {
    /// By people.
    case approval(ApprovalRule)
    /// By itself, this long after it was reached.
    case wait(Duration)
    /// While a time of the week lasts. Somebody with a clock and a calendar has to look.
    case window(Window)
    /// By an action that succeeds, run in the sandbox, within a time if one is given.
    case check(Action, within: Duration?)
    /// At once, if a value is what it should be.
    case comparison(Comparison)
}

/// Who has to say yes, how many of them, and for how long they are asked.
package struct ApprovalRule: Sendable, Hashable {
    /// Names and roles; empty if anybody who may approve at all will do.
    package let by: [String]
    package let needed: Int
    package let within: Duration
    /// Whoever pushed or started what is being approved does not count.
    package let fourEyes: Bool
    package let reasonRequired: Bool

    package init(
        by: [String] = [], needed: Int = 1, within: Duration = .seconds(7 * 86_400),
        fourEyes: Bool = false, reasonRequired: Bool = false
    ) {
        self.by = by
        self.needed = needed
        self.within = within
        self.fourEyes = fourEyes
        self.reasonRequired = reasonRequired
    }
}

/// A text held against another when a gate is reached.
package struct Comparison: Sendable, Hashable {
    package enum Relation: String, Sendable, CaseIterable {
        case equals, differs, contains, matches
    }

    package let value: Template
    package let relation: Relation
    /// A glob if the relation is `matches`.
    package let other: String

    package init(value: Template, relation: Relation, other: String) {
        self.value = value
        self.relation = relation
        self.other = other
    }
}
