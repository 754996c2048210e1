package import Pipelines

/// Whoever reads definitions out of repositories, and knows which are not at work as they are
/// written. Asked by threads that must not wait.
package protocol DefinitionNews: Sendable {
    var notes: [DefinitionNote] { get }
}

/// Why a file of a repository is not at work as its newest commit has it.
package struct DefinitionNote: Hashable, Sendable {
    package let repository: String
    package let path: String
    package let commit: String
    /// The pipeline that it brought before; what was brought is still at work.
    package let pipeline: PipelineName?
    /// Every mistake with its line, as `slipway lint` tells it.
    package let problem: String

    package init(
        repository: String, path: String, commit: String, pipeline: PipelineName?, problem: String
    ) {
        self.repository = repository
        self.path = path
        self.commit = commit
        self.pipeline = pipeline
        self.problem = problem
    }

    /// In a line.
    var sentence: String {
        let first = problem.split(whereSeparator: \.isNewline).first ?? ""
        return "its file is not at work as commit \(commit.prefix(12)) has it: \(first)"
    }

    static let view = View<DefinitionNote>(
        "DefinitionProblem", "A file that is not at work as its newest commit has it.",
        [
            .text("repository", "The repository that it is in.") { $0.repository },
            .text("path", "The file.") { $0.path },
            .text("commit", "The commit.") { $0.commit },
            .optionalText("pipeline", "The pipeline that it brought before, and that is at work.") {
                $0.pipeline?.description
            },
            .text("problem", "What is wrong, each mistake with its line.") { $0.problem },
        ])
}

/// Reads no repositories.
package struct NoDefinitions: DefinitionNews {
    package init() {}

    package var notes: [DefinitionNote] { [] }
}
