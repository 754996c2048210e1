/// What HAProxy is told on its socket while it runs.
package enum RuntimeCommand: Hashable, Sendable {
    /// Without a part of the requests, and resting.
    case add(ServerID, Endpoint, HealthCheck?)
    case startChecks(ServerID)
    case enable(ServerID)
    case weigh(ServerID, Int)
    /// Takes nothing any more, whatever its weight.
    case rest(ServerID)
    /// Of one that rests, and has no connection left.
    case remove(ServerID)

    var movesTraffic: Bool {
        if case .weigh = self { true } else { false }
    }

    package var text: String {
        switch self {
        case .add(let id, let endpoint, let check):
            "add server \(id) \(endpoint) weight 0" + (check.map { " \($0.words)" } ?? "")
        case .startChecks(let id): "enable health \(id)"
        case .enable(let id): "set server \(id) state ready"
        case .weigh(let id, let weight): "set server \(id) weight \(weight)"
        case .rest(let id): "set server \(id) state maint"
        case .remove(let id): "del server \(id)"
        }
    }

    /// What HAProxy says when it has done so.
    private var assent: String {
        switch self {
        case .add: "New server registered."
        case .remove: "Server deleted."
        case .startChecks, .enable, .weigh, .rest: ""
        }
    }

    /// HAProxy keeps connections to a server for a while after their last request, and does not
    /// remove it before they are closed. That is no failure: it is told again the next time.
    func check(_ answer: String) throws(BalancerProblem) {
        if case .remove = self, answer.contains("still has connections") { return }
        guard answer == assent else { throw .refused(asked: text, answer: answer) }
    }
}
