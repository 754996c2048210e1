import Client
import Pipelines

/// Words that a server knows, for a shell that completes a line. One page of each is enough: a
/// person who looks for one among more begins to write it.
struct ServedWords {
    private static let most = 200

    private let client: Client

    /// Nothing where no server is meant.
    init?(for arguments: Arguments) {
        guard let found = try? arguments.serverChoice(), let client = try? Client(found) else {
            return nil
        }
        self.client = client
    }

    /// Nothing is said where the server does not answer, or refuses.
    func words(
        _ kind: WordKind, typed: String, after operands: [String]
    ) -> [Offer.Word] {
        (try? found(kind, typed, operands)) ?? []
    }

    private func found(
        _ kind: WordKind, _ typed: String, _ operands: [String]
    ) throws(ClientError) -> [Offer.Word] {
        switch kind {
        case .pipeline:
            return try list(PipelineSummary.self, "pipelines").map {
                Offer.Word($0.name, $0.last.map { "\($0.execution) \($0.status)" } ?? "")
            }
        case .execution: return try executions(typed)
        case .action: return try actions(of: operands.last)
        case .served(let list): return try words(of: list, after: operands)
        default: return []
        }
    }

    private func words(
        of list: WordKind.ServerList, after operands: [String]
    ) throws(ClientError) -> [Offer.Word] {
        switch list {
        case .stages: return try stages(of: operands.last)
        case .environments:
            let pipelines = try self.list(PipelineSummary.self, "pipelines")
            return Set(pipelines.flatMap { $0.environments ?? [] }).sorted().map { Offer.Word($0) }
        case .instances:
            return try environment(operands.last).map { shown in
                shown.instances.map { Offer.Word($0.instance, "\($0.release) \($0.condition)") }
            } ?? []
        case .releases:
            return try environment(operands.last).map { shown in
                shown.releases.map { Offer.Word($0.release, $0.shortVersion) }
            } ?? []
        case .secrets:
            return try self.list(SecretWords.self, "secrets").map {
                Offer.Word($0.name, "version \($0.version)")
            }
        case .runners:
            let runners = try client.list(RunnerWords.self, path: ["runners"], isPaged: false)
            return runners.items.map { Offer.Word($0.name, "\($0.places) places") }
        case .tokens:
            return try self.list(TokenWords.self, "tokens").filter { $0.status != "revoked" }
                .map { Offer.Word($0.id, $0.name) }
        case .people: return try self.list(PersonWords.self, "people").map { Offer.Word($0.name) }
        }
    }

    private func environment(_ name: String?) throws(ClientError) -> EnvironmentDetail? {
        guard let name else { return nil }
        return try client.get(EnvironmentDetail.self, "environments", name).value
    }

    /// The newest of all, or of the pipeline whose name is written already.
    private func executions(_ typed: String) throws(ClientError) -> [Offer.Word] {
        let pipeline = typed.firstIndex(of: "/").map { String(typed[..<$0]) }
        let path = pipeline.map { ["pipelines", $0, "executions"] } ?? ["executions"]
        return try client.list(ExecutionSummary.self, path: path, atMost: Self.most).items
            .map { Offer.Word($0.execution, $0.status) }
    }

    private func actions(of execution: String?) throws(ClientError) -> [Offer.Word] {
        guard let (pipeline, number) = ExecutionName.parse(execution) else { return [] }
        let detail = try client.get(
            ExecutionDetail.self, "pipelines", pipeline, "executions", "\(number)"
        ).value
        return detail.stages.flatMap(\.actions).compactMap { action in
            action.attempts.last.map { Offer.Word($0.name, $0.status) }
        }
    }

    /// Of the pipeline, or of the execution's.
    private func stages(of word: String?) throws(ClientError) -> [Offer.Word] {
        guard let name = word?.split(separator: "/").first else { return [] }
        let pipeline = try client.get(PipelineDetail.self, "pipelines", String(name)).value
        return pipeline.stages.map { Offer.Word($0.stage, "stage") }
    }

    private func list<Item: Decodable & Sendable>(
        _ type: Item.Type, _ path: String
    ) throws(ClientError) -> [Item] {
        try client.list(type, path, atMost: Self.most).items
    }
}
