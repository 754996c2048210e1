/// Opens by itself after a while.
package struct WaitGate: GateKind {
    package static let key = "wait"
    package static let about = "a time that has to pass"

    package let duration: Duration

    package var opening: Opening { .wait(duration) }
    package var summary: String { "after \(duration.short)" }

    package static func read(_ keys: inout Keys) -> WaitGate? {
        keys.required(key, .duration, about: about).map(WaitGate.init)
    }
}
