import Conductor
import Engine
import JSON
import People
import Pipelines
import Store
import Vault

/// What a server says to its house when it starts: the runners that are here, the definitions of
/// its settings, what the vault holds, and, the first time, an administrator's token.
struct Opening {
    private let messages: [Message]
    private let journal: Journal

    init(
        _ order: ServerOrder, _ written: [DefinitionFiles.Found], _ profiles: [RunnerProfile],
        _ vault: Vault, _ state: EngineState, at now: Moment
    ) throws {
        journal = order.journal
        var commands: [Engine.Command] = profiles.map { .configure($0.name, places: $0.places) }
        let kept = Dictionary(
            uniqueKeysWithValues: try vault.entries().map { ($0.name, $0.version) })
        commands += state.people.differences(from: kept).map { .people($0) }
        for found in written {
            if let definition = found.definition { commands.append(.define(definition)) }
            if !found.report.isEmpty {
                journal.warn("definition '\(found.path)'", ["report": .string(found.report)])
            }
        }
        let first = try FirstToken.message(in: order.home, state, at: now)
        messages = commands.map { Message($0, by: .slipway) } + [first].compactMap(\.self)
    }

    /// Leaves all of it at the desk, and what is to follow from the end of the record.
    func tell(_ desk: FrontDesk, following: [Message]) {
        for message in messages + following { desk.submit([message], then: hear) }
    }

    /// One that is refused does not keep the server from starting.
    private func hear(_ result: Result<[Reply], StoreError>) {
        switch result {
        case .success(let replies):
            for case .refused(let refusal) in replies {
                journal.warn(refusal.problem, ["hint": .string(refusal.hint)])
            }
        case .failure(let error): journal.fail("\(error)")
        }
    }
}
