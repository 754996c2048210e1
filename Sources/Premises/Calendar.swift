package import Conductor
package import Engine
package import Pipelines
import SmallFiles
package import Zones

/// Looks at windows with the time zones of this machine.
package struct Calendar: Sendable {
    /// The rules of time change in the end, so nothing is taken as known for longer.
    private static let longest = Duration.seconds(3_600)

    package init() {}

    /// Open or closed, and until the end of this minute at the least.
    package func view(of window: Window, at now: Moment) -> WindowView {
        let zone = zone(window.zone)
        let seconds = Int(now.wall / 1_000)
        let isOpen = isOpen(window, zone, at: seconds)
        var minutes = 1
        while minutes < 60, self.isOpen(window, zone, at: (seconds / 60 + minutes) * 60) == isOpen {
            minutes += 1
        }
        let next = Int64((seconds / 60 + minutes) * 60_000)
        return WindowView(
            isOpen: isOpen, lasts: min(Self.longest, .milliseconds(max(1, next - now.wall))))
    }

    /// Whether deployments may begin, and until the end of this minute at the least.
    package func view(of hours: OpeningHours, at now: Moment) -> HoursView {
        let seconds = Int(now.wall / 1_000)
        let frozen = frozen(hours, at: seconds)
        var minutes = 1
        while minutes < 60,
            self.frozen(hours, at: (seconds / 60 + minutes) * 60) == frozen
        {
            minutes += 1
        }
        let next = Int64((seconds / 60 + minutes) * 60_000)
        return HoursView(
            frozen: frozen, lasts: min(Self.longest, .milliseconds(max(1, next - now.wall))))
    }

    private func frozen(_ hours: OpeningHours, at seconds: Int) -> String? {
        let freeze = hours.freezes.first { freeze in
            let civil = zone(freeze.zone).civil(at: seconds)
            return freeze.lasts(
                at: LocalTime(
                    year: civil.year, month: civil.month, day: civil.day, minute: civil.minute))
        }
        if let freeze { return freeze.sentence }
        guard let window = hours.window, !isOpen(window, zone(window.zone), at: seconds) else {
            return nil
        }
        return "deployments begin \(window.text)"
    }

    private func isOpen(_ window: Window, _ zone: Zone, at seconds: Int) -> Bool {
        let civil = zone.civil(at: seconds)
        return window.isOpen(weekday: civil.weekday, minute: civil.minute)
    }

    /// Names were checked when the definition was read; one that is gone since is as good as UTC.
    package func zone(_ name: String) -> Zone {
        let file = "/usr/share/zoneinfo/\(name)"
        guard let bytes = try? SmallFile.bytes(of: file) else { return .utc }
        return Zone(parsing: bytes) ?? .utc
    }
}
