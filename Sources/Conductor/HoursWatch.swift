import Deployment
import Engine
import Pipelines

/// Whether an environment is open, as it is seen at one moment.
package struct HoursView: Hashable, Sendable {
    /// Why it is not.
    package let frozen: String?
    /// How long it surely stays so. Looking again early does no harm.
    package let lasts: Duration

    package init(frozen: String?, lasts: Duration) {
        self.frozen = frozen
        self.lasts = lasts
    }

    /// Where nobody has a calendar.
    package static let open = HoursView(frozen: nil, lasts: .seconds(3_600))
}

/// What calendars say of environments, as far as it has not been told yet.
struct HoursWatch {
    let look: (OpeningHours, Moment) -> HoursView
    private var seen: [EnvironmentName: Seen] = [:]

    private struct Seen {
        let hours: OpeningHours
        let view: HoursView
        let until: Steady
    }

    init(look: @escaping (OpeningHours, Moment) -> HoursView) { self.look = look }

    /// When to look again.
    var ends: [Steady] { seen.values.map(\.until) }

    mutating func forget() { seen = [:] }

    /// Environments that show another face than is on the record.
    mutating func turned(in state: EngineState, at now: Moment) -> [Message] {
        var turned: [Message] = []
        var known: [EnvironmentName: Seen] = [:]
        for (name, environment) in state.environments.sorted(by: { $0.key < $1.key }) {
            let site = environment.site
            guard let hours = state.hours(of: name) else {
                // They were taken out of the definition.
                if site.hours != nil, site.hours != .open { turned.append(open(name, nil)) }
                continue
            }
            var one = seen[name]
            if one?.hours != hours || one.map({ $0.until <= now.steady }) ?? true {
                let view = look(hours, now)
                one = Seen(hours: hours, view: view, until: now.steady + view.lasts)
            }
            known[name] = one
            let frozen = one?.view.frozen
            if site.hours == nil || site.frozen?.reason != frozen {
                turned.append(open(name, frozen))
            }
        }
        seen = known
        return turned
    }

    private func open(_ name: EnvironmentName, _ frozen: String?) -> Message {
        Message(.environment(name, .hours(frozen: frozen)), by: .slipway)
    }
}
