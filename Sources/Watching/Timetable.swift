package import Engine
import Pipelines
package import Zones

/// What starts because it is time.
package struct Timetable: Sendable {
    /// A time that is this long ago was missed; up to then somebody was just a little late.
    package static let grace = 60
    /// A clock that was set back by no more than this is waited for; one that was set back further
    /// had been wrong, and is believed now.
    package static let patience = 3_600

    private struct Entry: Sendable {
        let pipeline: PipelineName
        let schedule: Schedule
        let times: FireTimes
        let missed: MissedSchedule
    }

    private let entries: [Entry]

    package init(_ state: EngineState, zone: (String) -> Zone) {
        // This is made anew every second, and most pipelines wait for no time.
        let timed = state.pipelines.values.filter { pipeline in
            pipeline.current?.definition.triggers.contains(where: Self.isSchedule) == true
        }
        entries = timed.sorted { $0.name < $1.name }.flatMap { pipeline in
            (pipeline.current?.definition.triggers ?? []).compactMap { trigger in
                guard case .schedule(let schedule, let name, let missed) = trigger else {
                    return nil
                }
                return Entry(
                    pipeline: pipeline.name, schedule: schedule,
                    times: FireTimes(schedule, in: zone(name)), missed: missed)
            }
        }
    }

    private static func isSchedule(_ trigger: Trigger) -> Bool {
        if case .schedule = trigger { true } else { false }
    }

    /// What has become due after `last`, when this was last asked, up to now; both in seconds since
    /// 1970. However many times of a schedule have passed, it starts once. The request names the
    /// time, so that asking twice starts once too.
    package func starts(after last: Int, upTo now: Int) -> [Start] {
        entries.compactMap { entry in
            guard let time = entry.times.last(upTo: now, after: last),
                entry.missed == .once || now - time <= Self.grace
            else { return nil }
            return Start(
                entry.pipeline, cause: .schedule(entry.schedule.text),
                request: RequestID("schedule \(entry.schedule.text) at \(time)"))
        }
    }

    /// When to ask again; nothing if nothing is ever due.
    package func next(after now: Int) -> Int? {
        entries.compactMap { $0.times.next(after: now) }.min()
    }

    /// What to remember as the time of the last asking: the later of the two, unless the clock was
    /// set back so far that it would be waited for too long.
    package static func asked(_ now: Int, before last: Int) -> Int {
        now < last && last - now <= patience ? last : now
    }
}
