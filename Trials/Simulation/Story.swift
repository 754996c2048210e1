package import Store
import Engine
import Pipelines

/// A run as something to read: each step, and what it put on the record.
package enum Story {
    package static func tell<Tried: RecordStore & ~Copyable>(
        _ trial: Trial, on bench: StoreBench<Tried>
    ) throws(StoreError) -> String {
        var world = try World.new(on: bench)
        var lines: [String] = []
        for (number, step) in trial.steps.enumerated() {
            let before = world.records.count
            var end: Violation?
            do {
                try world.perform(step)
            } catch { end = error }
            lines.append("\(number + 1). \(sentence(step))")
            for record in world.records.dropFirst(before) {
                lines.append("     \(record.sequence) \(sentence(record.event))")
            }
            if let end { return (lines + ["  => \(end)"]).joined(separator: "\n") + "\n" }
        }
        if let violation = trial.violation { lines.append("  => at rest: \(violation)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func sentence(_ step: Step) -> String {
        switch step {
        case .tell(let told):
            told.map { "\($0.by.name) says \(sentence($0.command))" }.joined(separator: ", and ")
        case .pass(let milliseconds): "\(Duration.milliseconds(milliseconds).short) pass"
        case .setClock(let jump): "the clock is set by \(jump / 86_400_000) days"
        case .look: "the conductor looks"
        case .order(let place, let delivery): "order \(place) arrives \(delivery)"
        case .attemptEnds(let place, let result): "running attempt \(place) ends: \(result.end)"
        case .report(let place): "the runner tells of attempt \(place)"
        case .window(let place, let isOpen): "window \(place) \(isOpen ? "opens" : "closes")"
        case .diskFault(let fault): "the disk will fail: \(fault)"
        case .kill: "the server is killed"
        case .runnerCrash: "the runner's machine goes down"
        }
    }

    private static func sentence(_ command: Command) -> String {
        if case .define(let definition) = command { return "define:\n\(definition.text)" }
        return "\(command)"
    }

    private static func sentence(_ event: Event) -> String {
        if case .pipelineDefined(let definition, let version) = event {
            return "pipelineDefined \(definition.name) version \(version)"
        }
        return "\(event)"
    }
}
