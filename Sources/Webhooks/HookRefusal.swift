/// Why a delivery changes nothing.
package enum HookRefusal: String, Error, Hashable, Sendable, CaseIterable {
    case tooLarge, malformed, unsigned, wrong, stale, replayed

    /// What the sender is told by way of HTTP. A stranger learns only that they are one; which
    /// sources there are is told by nothing, so an unknown one is answered in the same way.
    package var status: Int {
        switch self {
        case .tooLarge: 413
        case .malformed, .unsigned, .wrong, .stale: 401
        // The forge is to stop repeating it.
        case .replayed: 200
        }
    }

    /// For whoever reads the log of the house.
    package var problem: String {
        switch self {
        case .tooLarge: "the delivery is larger than \(Webhook.maximumBody) bytes"
        case .malformed: "the delivery's headers are there twice, or make no sense"
        case .unsigned: "the delivery is not signed"
        case .wrong: "the delivery's signature is wrong"
        case .stale: "the delivery's time is more than \(StandardWebhook.tolerance) s from ours"
        case .replayed: "the delivery was here before"
        }
    }

    package var hint: String {
        switch self {
        case .tooLarge: "let the forge tell of pushes only"
        case .malformed: "look at what stands between the forge and Slipway"
        case .unsigned: "set the secret at the forge too"
        case .wrong: "set the same secret here and at the forge"
        case .stale: "set the clocks, here and at the forge"
        case .replayed: "nothing is to be done, unless there are many"
        }
    }
}
