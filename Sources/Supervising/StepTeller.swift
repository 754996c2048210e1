package import Attempts
import Glibc

/// Hears from the driver of steps: `begin 0`, `end 0 CODE`. It is the attempt's own word about
/// itself, so it is kept within bounds and believed in nothing that matters.
package struct StepTeller {
    private static let most = 10_000
    /// More than a pipe holds. Who writes without an end does not keep us from all else.
    private static let mostReads = 32

    /// Somebody is there who could tell something.
    package private(set) var isOpen = true
    /// The driver has said that no step follows, and may wait for leave to end.
    package private(set) var isOver = false
    private var rest = ""
    private var began: (index: Int, at: Int)?
    package private(set) var ended: [AttemptReport.Step] = []

    package init() {}

    package mutating func take(from descriptor: Int32, _ now: Int, _ log: inout AttemptLog) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var reads = 0
        while isOpen, reads < Self.mostReads, unsafe poll(&waited, 1, 0) > 0 {
            reads += 1
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else {
                isOpen = false
                return
            }
            rest += String(decoding: buffer[..<count], as: UTF8.self)
            while let end = rest.firstIndex(of: "\n") {
                hear(rest[..<end].split(separator: " "), now, &log)
                rest = String(rest[rest.index(after: end)...])
            }
            if rest.utf8.count > 100 { rest = "" }
        }
    }

    private mutating func hear(_ words: [Substring], _ now: Int, _ log: inout AttemptLog) {
        guard words.count >= 2, let index = Int(words[1]), ended.count < Self.most else { return }
        if words[0] == "begin" {
            began = (index, now)
            log.begin(step: index, at: now)
        } else if words[0] == "end", words.count == 3, let code = Int(words[2]),
            let began, began.index == index
        {
            ended.append(.init(index: index, milliseconds: now - began.at, code: code))
            self.began = nil
            log.endStep(code: code, at: now)
        } else if words[0] == "over" {
            isOver = true
        }
    }
}
