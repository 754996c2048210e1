/// How an instance of a service is, as its supervisor sees it and tells the house.
package struct ServiceReading: Hashable, Sendable {
    package enum Condition: String, Hashable, Sendable {
        /// Not known to be well so far.
        case starting
        case healthy, unhealthy
        /// Asked to end.
        case stopping
    }

    package var condition: Condition
    /// Why it is not well, for people.
    package var cause: String?
    /// Where others reach it on this machine: `127.70.1.2:41234`.
    package var door: String?

    package init(_ condition: Condition, cause: String? = nil, door: String? = nil) {
        self.condition = condition
        self.cause = cause
        self.door = door
    }
}

extension ServiceReading {
    package var fields: Fields {
        var fields = Fields()
        fields.add("condition", condition.rawValue)
        fields.add("cause", cause)
        fields.add("door", door)
        return fields
    }

    package init(_ fields: Fields) throws(FieldError) {
        guard let condition = Condition(rawValue: try fields.text("condition")) else {
            throw FieldError("'condition' is unknown")
        }
        self.init(
            condition, cause: fields.texts("cause").first, door: fields.texts("door").first)
    }
}

extension AttemptFolder {
    /// How an instance of a service is (`ServiceReading`): replaced whole, by a rename.
    package var state: String { "\(path)/state" }
    /// What was printed before the log became too long.
    package var earlierLog: String { "\(path)/log.before" }
}
