package import People

/// Who wants something, as the record will tell it.
package enum Who: Hashable, Sendable, Codable {
    /// A person, known by a name that is theirs for good, and the roles they hold at this moment.
    case person(Person)
    /// A rule of the definition or of the engine.
    case slipway
    /// A change in a source, a schedule, another pipeline: whatever starts executions by itself.
    case trigger(String)

    // What the record calls values that have no label here.
    private enum PersonCodingKeys: String, CodingKey {
        case _0 = "who"
    }
    private enum TriggerCodingKeys: String, CodingKey {
        case _0 = "name"
    }

    package var name: String {
        switch self {
        case .person(let person): person.name
        case .slipway: "slipway"
        case .trigger(let name): name
        }
    }
}

package struct Person: Hashable, Sendable, Codable {
    package let name: String
    package let roles: [String]
    /// What they showed to prove it; nothing for whoever sits at the house's own machine.
    package let token: TokenID?

    package init(_ name: String, roles: [String] = [], token: TokenID? = nil) {
        self.name = name
        self.roles = roles
        self.token = token
    }
}
