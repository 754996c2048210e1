package import Pipelines

/// One running copy of a role: `i12`. A number is never given twice.
package struct InstanceID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let number: Int

    package init(_ number: Int) { self.number = number }

    /// `i12`, as it is written.
    package init?(_ text: String) {
        guard text.first == "i", let number = Int(text.dropFirst()), text == "i\(number)" else {
            return nil
        }
        self.number = number
    }

    package var description: String { "i\(number)" }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

package struct Instance: Hashable, Sendable, Codable {
    package enum Condition: Hashable, Sendable, Codable {
        /// Its target is to start it, and has not said that it did.
        case ordered
        case starting
        case healthy
        case unhealthy
        /// It gets nothing new, and goes on with what it has.
        case leaving
        case stopping
    }

    package let id: InstanceID
    package let release: ReleaseID
    package let role: RoleName
    package internal(set) var condition: Condition = .ordered
    package internal(set) var since: HouseTime
    /// Since when it leaves and is known to get nothing new.
    package internal(set) var freeSince: HouseTime?
    /// Whether it has nothing to do any more, since it gets nothing new.
    package internal(set) var isDrained = false

    /// Why it was not healthy when it was last asked before it ever was.
    package internal(set) var ailment: String?
    /// How often that has changed.
    var ailments = 0

    /// Whether it is counted upon: it serves, or is about to.
    package var isComing: Bool {
        switch condition {
        case .ordered, .starting, .healthy: true
        case .unhealthy, .leaving, .stopping: false
        }
    }

    var isHealthy: Bool { condition == .healthy }
}

extension InstanceID: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "'\(text)' is the number of no instance"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
