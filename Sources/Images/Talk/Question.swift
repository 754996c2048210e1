/// A request that changes nothing, asked until there is an answer that is final.
package struct Question: RegistryErrand {
    /// What a manifest may be in an answer.
    package static let accepted = MediaType.manifests.map(\.description).joined(separator: ", ")

    private let what: String
    private let request: RegistryRequest
    /// Statuses that are an answer, besides those of success.
    private let fine: Set<Int>
    private var persistence: Persistence

    /// `what` goes on from "cannot": "read the manifest of …".
    package init(
        _ what: String, _ request: RegistryRequest, fine: Set<Int> = [], persistence: Persistence
    ) {
        self.what = what
        self.request = request
        self.fine = fine
        self.persistence = persistence
    }

    package mutating func begin() -> RegistryStep<RegistryAnswer> { .ask(request) }

    package mutating func apply(_ event: RegistryEvent) -> RegistryStep<RegistryAnswer> {
        switch event {
        case .waited: return .ask(request)
        case .admitted(let isForThis):
            return persistence.isAdmissible(isForThis)
                ? .ask(request) : Self.refused(what, RegistryAnswer(401))
        case .broke: return Self.again(&persistence, what, after: event)
        case .answered(let answer):
            if 200..<300 ~= answer.status || fine.contains(answer.status) { return .done(answer) }
            return answer.isPassing
                ? Self.again(&persistence, what, after: event) : Self.refused(what, answer)
        }
    }
}
