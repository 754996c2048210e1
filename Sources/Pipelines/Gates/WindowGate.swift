/// Open at some times of the week.
package struct WindowGate: GateKind {
    package static let key = "window"
    package static let about = "times of the week at which it stands open"

    package let window: Window

    package var opening: Opening { .window(window) }
    package var summary: String { "open \(window.text)" }

    package static func read(_ keys: inout Keys) -> WindowGate? {
        keys.required(key, shape, about: about)
    }
}

extension WindowGate {
    static let shape = Shape<WindowGate>.mapping(about: "when it stands open") { keys in
        let open = keys.required("open", .oneOrMany(.span), about: "days and hours")
        let zone = keys.optional("zone", .zone, about: "whose clock; UTC if left out")
        guard let open else { return nil }
        return WindowGate(window: Window(spans: open, zone: zone ?? "UTC"))
    }
}
