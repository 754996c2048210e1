/// What BuildKit tells, as lines for people: each begins with the number of its step.
package struct BuildLines: Sendable {
    private static let mostSteps = 10_000
    private static let longestLine = 16 << 10
    private static let lastLines = 10

    private struct Known: Sendable {
        var number: Int?
        var name = ""
        var started: Int?
        var isOver = false
        /// The beginning of a line whose end has not come.
        var rest: [UInt8] = []
        var restTime: Int?
        /// What it printed last, for the end of a build that failed at it.
        var last: [String] = []
        /// Parts of it that were told to be over.
        var parts: Set<String> = []
    }

    private var known: [String: Known] = [:]
    private var numbers = 0
    /// The first step that failed by itself, as it was shown.
    package private(set) var failed: String?
    private var failedDigest: String?

    package init() {}

    package mutating func lines(of trace: BuildTrace) -> [String] {
        var lines: [String] = []
        for step in trace.steps { begin(step, &lines) }
        for part in trace.parts { tell(part, &lines) }
        for print in trace.prints { tell(print, &lines) }
        for step in trace.steps { end(step, &lines) }
        return lines
    }

    /// What stands at the end of a build that failed: where it did, and what was printed there.
    package func ending() -> [String] {
        guard let failed, let digest = failedDigest, let last = known[digest]?.last else {
            return []
        }
        let rule = "------"
        return [rule, " > \(failed):"] + last + [rule]
    }

    private mutating func begin(_ step: BuildTrace.Step, _ lines: inout [String]) {
        guard known[step.digest] != nil || known.count < Self.mostSteps else { return }
        var entry = known[step.digest] ?? Known()
        entry.name = BuildText.visible(step.name)
        entry.started = entry.started ?? step.started
        // One that waits for others has no number yet, and may never get one.
        if entry.number == nil, step.started != nil || !step.error.isEmpty {
            numbers += 1
            entry.number = numbers
            lines.append("#\(numbers) \(entry.name)")
        }
        known[step.digest] = entry
    }

    private mutating func tell(_ part: BuildTrace.Part, _ lines: inout [String]) {
        guard let number = known[part.step]?.number, let completed = part.completed,
            known[part.step]?.parts.count ?? 0 < Self.mostSteps,
            known[part.step]?.parts.insert(part.name).inserted == true
        else { return }
        var words = "#\(number) \(BuildText.visible(part.name))"
        if part.total > 0 || part.current > 0 {
            words += " \(max(part.total, part.current)) bytes"
        }
        if let started = part.started {
            words += " \(BuildText.seconds(completed - started))"
        }
        lines.append(words + " done")
    }

    private mutating func tell(_ print: BuildTrace.Print, _ lines: inout [String]) {
        guard var entry = known[print.step], entry.number != nil else { return }
        for byte in print.bytes {
            if byte == UInt8(ascii: "\n") || entry.rest.count >= Self.longestLine {
                let time = entry.restTime ?? print.time
                Self.tell(&entry, at: time, &lines)
            }
            if byte != UInt8(ascii: "\n") {
                if entry.rest.isEmpty { entry.restTime = print.time }
                entry.rest.append(byte)
            }
        }
        known[print.step] = entry
    }

    private static func tell(_ entry: inout Known, at time: Int?, _ lines: inout [String]) {
        let number = entry.number ?? 0
        let milliseconds = max(0, (time ?? 0) - (entry.started ?? time ?? 0))
        let digits = String(1_000 + milliseconds % 1_000).dropFirst()
        let text = String(decoding: entry.rest, as: UTF8.self)
        entry.rest = []
        entry.restTime = nil
        let line = "#\(number) \(milliseconds / 1_000).\(digits) \(text)"
        lines.append(line)
        if entry.last.count >= lastLines { entry.last.removeFirst() }
        entry.last.append(line)
    }

    private mutating func end(_ step: BuildTrace.Step, _ lines: inout [String]) {
        guard var entry = known[step.digest], let number = entry.number, !entry.isOver,
            let completed = step.completed
        else { return }
        if !entry.rest.isEmpty { Self.tell(&entry, at: entry.restTime, &lines) }
        entry.isOver = true
        known[step.digest] = entry
        if step.error.hasSuffix("context canceled") {
            lines.append("#\(number) CANCELED")
        } else if !step.error.isEmpty {
            if failed == nil { (failed, failedDigest) = (entry.name, step.digest) }
            lines.append("#\(number) ERROR: \(BuildText.visible(step.error))")
        } else if step.isCached {
            lines.append("#\(number) CACHED")
        } else {
            let time = BuildText.seconds(completed - (step.started ?? completed))
            lines.append("#\(number) DONE \(time)")
        }
    }
}
