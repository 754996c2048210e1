import YAML

/// The name of one kind of thing. Each value is known to be safe in a path, a URL and an argument
/// list, so nobody checks it again; the type parameter keeps a stage's name from passing for an
/// action's.
package struct Name<Subject: Named>: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let description: String

    /// Nothing where `text` breaks the rule that `NameRule.problem(in:)` tells in words.
    package init?(_ text: String) {
        guard NameRule.problem(in: text) == nil else { return nil }
        description = text
    }

    /// Stands in for a name that could not be read, in a definition that nobody will be given.
    static func unread(at place: Place) -> Self { Self(known: "unread-\(place.line)") }

    fileprivate init(known text: String) { description = text }

    package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

/// Something that a definition gives a name to; `word` is what messages call it.
package protocol Named: SendableMetatype {
    static var word: String { get }
}

/// What every name has to look like. CodePipeline's alphabet, less what a shell or a path would
/// trip over.
package enum NameRule {
    package static let maximumLength = 100
    package static let hint =
        "use 1 to \(maximumLength) of a-z, A-Z, 0-9, '.', '_', '-' and '@', "
        + "beginning with a letter or a digit, such as 'build-linux'"

    /// The first thing wrong with `text` and where, counted in scalars; nothing if it is a name.
    package static func problem(in text: String) -> (offset: Int, problem: String)? {
        if text.isEmpty { return (0, "it is empty") }
        for (offset, scalar) in text.unicodeScalars.enumerated() {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9": continue
            case ".", "_", "-", "@":
                if offset > 0 { continue }
                return (0, "it begins with '\(scalar)'")
            default:
                return (offset, "it has \(quoted(scalar)) in it")
            }
        }
        let length = text.utf8.count
        return length > maximumLength ? (maximumLength, "it has \(length) letters") : nil
    }

    /// A scalar as a message can show it: a control character by its number.
    private static func quoted(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            "U+" + String(scalar.value, radix: 16, uppercase: true)
        case .spaceSeparator: "a space"
        default: "'\(scalar)'"
        }
    }
}

package enum PipelineSubject: Named { package static let word = "pipeline" }
package enum StageSubject: Named { package static let word = "stage" }
package enum ActionSubject: Named { package static let word = "action" }
package enum SourceSubject: Named { package static let word = "source" }
package enum ArtifactSubject: Named { package static let word = "artifact" }
package enum VariableSubject: Named { package static let word = "variable" }
package enum RunnerSubject: Named { package static let word = "runner" }
package enum EnvironmentSubject: Named { package static let word = "environment" }
package enum SecretSubject: Named { package static let word = "secret" }
package enum RegistrySubject: Named { package static let word = "registry" }
package enum RoleSubject: Named { package static let word = "role" }
package enum MetricsSubject: Named { package static let word = "metrics" }
package enum AlarmSubject: Named { package static let word = "alarm" }

package typealias PipelineName = Name<PipelineSubject>
package typealias StageName = Name<StageSubject>
package typealias ActionName = Name<ActionSubject>
package typealias SourceName = Name<SourceSubject>
package typealias ArtifactName = Name<ArtifactSubject>
package typealias VariableName = Name<VariableSubject>
extension Name<PipelineSubject> {
    /// Stands where a pipeline's name would, for sources that are no pipeline's: none can be called
    /// that.
    package static let definitions = Self(known: "(definitions)")
}

extension Name<RunnerSubject> {
    package static let process = Self(known: "process")
    package static let docker = Self(known: "docker")
    /// Nothing runs there: it is where deployments wait for one another.
    package static let deployments = Self(known: "deployments")
}

package typealias RunnerName = Name<RunnerSubject>
package typealias EnvironmentName = Name<EnvironmentSubject>
package typealias SecretName = Name<SecretSubject>
package typealias RegistryName = Name<RegistrySubject>
package typealias RoleName = Name<RoleSubject>
package typealias MetricsName = Name<MetricsSubject>
package typealias AlarmName = Name<AlarmSubject>

extension Name: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let name = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "'\(text)' is no \(Subject.word) name: \(NameRule.hint)"))
        }
        self = name
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Lets a dictionary keyed by names be a JSON object instead of a flat list.
extension Name: CodingKeyRepresentable {
    package var codingKey: any CodingKey { PlainKey(stringValue: description) }

    package init?(codingKey: some CodingKey) { self.init(codingKey.stringValue) }
}

private struct PlainKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
