import Engine
import Pipelines

/// The line of development that an execution belongs to, as caches are kept apart by it: the refs
/// of all its sources.
enum CacheLine {
    static func own(of execution: Execution) -> String {
        line(execution.revisions.map { ($0.source, $0.ref) })
    }

    /// The line that others start from: of each source the first branch that the definition names
    /// without a pattern, or its one tag of a registry. Nothing if it names none.
    static func main(of execution: Execution, _ definition: Definition) -> String? {
        var refs: [(SourceName, String)] = []
        for revision in execution.revisions {
            let source = definition.sources.first { $0.name == revision.source }
            guard let ref = source?.mainRef else { return nil }
            refs.append((revision.source, ref))
        }
        return refs.isEmpty ? nil : line(refs)
    }

    private static func line(_ refs: [(SourceName, String)]) -> String {
        refs.map { "\($0.0)=\($0.1)" }.sorted().joined(separator: " ")
    }
}

extension Source {
    fileprivate var mainRef: String? {
        switch origin {
        case .git(let git):
            git.branches.first { !$0.excludes && $0.isPlain }.map { "refs/heads/\($0.text)" }
        case .image(let image): "\(image.tag)"
        }
    }
}
