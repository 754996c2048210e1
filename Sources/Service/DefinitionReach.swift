package import Git
package import Pipelines
package import Watching
import YAML

/// What definitions may reach of the server's machine. Whoever hosts the server has written those
/// that lie in files of the machine, and may name what they like there; all others may name what
/// the settings open to them.
package struct DefinitionReach: Sendable {
    private struct Own: Hashable {
        let pipeline: PipelineName
        let address: RemoteAddress?
    }

    private let folders: FolderPolicy
    private let own: Set<Own>
    /// Servers of metrics that the settings name.
    private let metrics: Set<MetricsName>
    /// Pipelines that files of the machine define.
    let pipelines: Set<PipelineName>

    /// `folders` are whole paths; `written` is what lies in files of the machine.
    package init(
        folders: [String], metrics: Set<MetricsName> = [], written: [Definition]
    ) {
        self.metrics = metrics
        self.folders = .within(folders)
        own = Set(
            written.flatMap { definition in
                definition.sources.map { source in
                    Own(pipeline: definition.name, address: Self.folder(of: source))
                }
            })
        pipelines = Set(written.map(\.name))
    }

    /// In which folders a source's repository may lie.
    package func folders(of source: WatchedSource) -> FolderPolicy {
        let named = Own(pipeline: source.pipeline, address: Self.folder(of: source.source))
        let isOwn = source.pipeline == .definitions || own.contains(named)
        return isOwn ? .anywhere : folders
    }

    /// Sources that are on this machine and may not be, and servers of metrics that nobody knows.
    package func mistakes(in definition: Definition) -> [Diagnostic] {
        sources(in: definition) + definition.environments.flatMap(unknownMetrics)
    }

    private func unknownMetrics(in environment: Environment) -> [Diagnostic] {
        environment.services.flatMap(\.queries).filter { !metrics.contains($0.server) }.map {
            query in
            Diagnostic(
                at: environment.place,
                "alarm '\(query.name)' asks a server of metrics '\(query.server)', and this server "
                    + "knows none of that name",
                hint: "whoever hosts the server names it under 'metrics:' in 'server.yml'")
        }
    }

    private func sources(in definition: Definition) -> [Diagnostic] {
        definition.sources.compactMap { source in
            let watched = WatchedSource(definition.name, source)
            guard let address = Self.folder(of: source),
                let refusal = folders(of: watched).refusal(of: address.path)
            else { return nil }
            return Diagnostic(
                at: source.written.place, "cannot \(refusal.operation): \(refusal.problem)",
                hint: refusal.hint)
        }
    }

    /// The same, and secrets that a repository's definitions may not name.
    func mistakes(
        in definition: Definition, of repository: DefinitionRepository
    ) -> [Diagnostic] {
        let secrets = repository.secrets
        return mistakes(in: definition)
            + definition.mistakes(
                namingSecretsBut: { name in
                    !secrets.isEmpty && secrets.admit(name.description)
                },
                hint: { name in
                    "whoever hosts the server adds 'secrets: \(name)' to this repository in "
                        + "'server.yml'"
                })
    }

    private static func folder(of source: Source) -> RemoteAddress? {
        let address = source.git.flatMap { try? RemoteAddress(parsing: $0.address) }
        return address?.way == .folder ? address : nil
    }
}
