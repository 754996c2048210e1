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
    /// Those that it changes; nothing from a server that does not tell yet.
    package let environments: [String]?
}

package struct PipelineDetail: Decodable, Sendable {
    package let stages: [TransitionWords]
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
    /// Since when it waits, and when that ends by itself; nothing from a server that does not tell.
    package let since: Instant?
    package let deadline: Instant?

    private enum CodingKeys: String, CodingKey {
        case subject, since, deadline
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
    /// Nothing from a server that does not tell yet.
    package let needs: [NeedWords]?
}

/// Something that a definition names, and whether the server has it.
package struct NeedWords: Decodable, Sendable {
    package let kind: String
    package let name: String
    package let standing: String
    package let line: Int
    package let column: Int
    package let message: String
    package let hint: String

    package var isHere: Bool { standing == "here" }
    package var isMissing: Bool { standing == "missing" }
}
