package import Pipelines

/// A version in an environment, numbered as they come: `r7`. One that is put back keeps its number.
package struct ReleaseID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let number: Int

    package init(_ number: Int) { self.number = number }

    /// `r7`, as it is written.
    package init?(_ text: String) {
        guard text.first == "r", let number = Int(text.dropFirst()), text == "r\(number)" else {
            return nil
        }
        self.number = number
    }

    package var description: String { "r\(number)" }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// What is deployed, with all that it needs to run: to put it back is to run the very same again.
package struct Release: Hashable, Sendable, Codable {
    package let id: ReleaseID
    /// An image by its digest, or an artifact by its hash.
    package let version: String
    package let roles: [Role]
    /// What another party runs, in the place of any roles.
    package let handover: Handover?

    package init(
        _ id: ReleaseID, version: String, roles: [Role], handover: Handover? = nil
    ) {
        self.id = id
        self.version = version
        self.roles = roles
        self.handover = handover
    }

    /// The image, if it is one: `repository@sha256:…`, or its number on this machine alone. An
    /// artifact's hash does not say what it is of.
    package var image: String? { version.contains("sha256:") ? version : nil }

    package func role(_ name: RoleName) -> Role? { roles.first { $0.name == name } }
}

/// One kind of instance of a service: what answers requests, or what works through a queue.
package struct Role: Hashable, Sendable, Codable {
    package let name: RoleName
    package let count: Int
    /// How that changes with what is asked of them; nothing if it does not.
    package let scaling: ScalingRule?
    /// Whether a balancer sends it requests.
    package let takesTraffic: Bool
    /// Until an instance has to be healthy.
    @Written package var patience: Duration
    /// How long it may go on with what it has begun.
    @Written package var drain: Duration
    /// Nothing where nothing is really run.
    package let work: Workload?

    package init(
        _ name: RoleName, count: Int, takesTraffic: Bool, patience: Duration, drain: Duration,
        scaling: ScalingRule? = nil, work: Workload? = nil
    ) {
        self.name = name
        self.count = count
        self.scaling = scaling
        self.takesTraffic = takesTraffic
        _patience = Written(wrappedValue: patience)
        _drain = Written(wrappedValue: drain)
        self.work = work
    }
}

extension ReleaseID: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "'\(text)' is the number of no release"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
