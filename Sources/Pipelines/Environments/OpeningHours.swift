/// When pipelines may begin to deploy to an environment.
package struct OpeningHours: Hashable, Sendable {
    /// Times of the week; any if nothing is said.
    package let window: Window?
    package let freezes: [Freeze]

    package struct Freeze: Hashable, Sendable {
        package let from: LocalTime
        package let to: LocalTime
        package let zone: String
        package let reason: String

        /// Whether it lasts when a clock of its zone shows this.
        package func lasts(at now: LocalTime) -> Bool {
            from.hasBegun(at: now) && !to.isOver(at: now)
        }

        /// For people.
        package var sentence: String {
            let end = to.minute == nil ? "to the end of \(to)" : "until \(to)"
            return "\(reason) (\(end), \(zone))"
        }
    }
}

extension OpeningHours {
    /// Nothing where it is always open.
    static func read(_ keys: inout Keys) -> OpeningHours? {
        let window = keys.optional(
            "window", WindowGate.shape, about: "times of the week at which deployments may begin")
        let freezes = keys.optional(
            "freeze", .oneOrMany(Freeze.shape), about: "days on which none begins")
        if window == nil, freezes?.isEmpty ?? true { return nil }
        return OpeningHours(window: window?.window, freezes: freezes ?? [])
    }
}

extension OpeningHours.Freeze {
    fileprivate static let shape = Shape<OpeningHours.Freeze>.mapping(
        about: "days on which no deployment begins"
    ) { keys in
        let from = keys.required("from", LocalTime.shape, about: "its first day, or when it begins")
        let to = keys.required("to", LocalTime.shape, about: "its last day, or when it ends")
        let zone = keys.optional("zone", .zone, about: "whose clock; UTC if left out")
        let reason = keys.required("reason", .string, about: "why, for those who wait")
        guard let from, let to, let reason else { return nil }
        let starts = LocalTime(
            year: from.year, month: from.month, day: from.day, minute: from.minute ?? 0)
        if to.isOver(at: starts) {
            keys.findings.error(
                at: keys.place(of: "to"), "the freeze ends before it begins",
                hint: "write a day that is not before \(from)")
        }
        return .init(from: from, to: to, zone: zone ?? "UTC", reason: reason)
    }
}
