// What the server tells of pipelines.

package struct PipelineSummary: Decodable, Sendable {
    package let name: String
    package let version: Int
    package let mode: String
    /// Its newest execution.
    package let last: ExecutionSummary?
    package let waiting: [ReasonWords]
    /// Transitions that are closed.
    package let closed: [TransitionWords]
    /// Why it is not as its repository has it.
    package let problems: [String]?
}

package struct TransitionWords: Decodable, Sendable {
    package let stage: String
    package let reason: String?
    package let by: String?
}

/// What something waits for, and what would end that.
package struct ReasonWords: Decodable, Hashable, Sendable {
    package let subject: String
    package let waitsFor: String
    package let endsWhen: String

    private enum CodingKeys: String, CodingKey {
        case subject
        case waitsFor = "waits-for"
        case endsWhen = "ends-when"
    }

    package var sentence: String { "\(subject): \(waitsFor)" }

    /// Every action waits for these, and nobody has to do anything about it.
    var isUsual: Bool {
        ["it is running", "it comes after ", "its runner is starting it"]
            .contains { waitsFor.hasPrefix($0) }
    }
}

/// What came of giving the server a definition.
package struct DefinitionWords: Decodable, Sendable {
    package let name: String
    package let version: Int
    /// Warnings, since it was taken.
    package let mistakes: [ServerMistake]
}
