import CYAML
import Pipelines

/// Reading and checking a definition of 10,000 lines, against libyaml alone going over the same
/// bytes.
enum LintBench {
    static func run() throws {
        let bytes = Array(text().utf8)
        let reading = Definition.read(bytes)
        let problems = reading.diagnostics.filter { $0.severity == .error }
        guard reading.definition != nil else { return print("bench: \(problems)") }
        let lines = bytes.count { $0 == UInt8(ascii: "\n") }
        var table = Table("Lint of \(lines) lines, \(bytes.count >> 10) KiB", unit: "ms")
        table.add("libyaml's bare parse", Measure.median(of: 15) { bareParse(bytes) } / 1_000)
        table.add(
            "read, checked, explained",
            Measure.median(of: 15) { _ = Definition.read(bytes) } / 1_000)
        table.show()
    }

    private static func text() -> String {
        var text = "name: large\nsources:\n  app: { git: . }\nstages:\n"
        for stage in 0..<50 {
            text += "  - name: stage-\(stage)\n    actions:\n"
            for action in 0..<25 {
                text += "      action-\(stage)-\(action):\n        run:\n"
                text += "          - make target-\(action)\n          - make check-\(action)\n"
                if action > 0 { text += "        after: action-\(stage)-\(action - 1)\n" }
                text += "        environment:\n          COMMIT: \"#{app.commit}\"\n"
                text += "        limits: { time: 20m, memory: 2GiB }\n"
            }
        }
        return text
    }

    private static func bareParse(_ bytes: [UInt8]) {
        var parser = unsafe yaml_parser_t()
        _ = unsafe yaml_parser_initialize(&parser)
        defer { unsafe yaml_parser_delete(&parser) }
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            while true {
                var event = unsafe yaml_event_t()
                guard unsafe yaml_parser_parse(&parser, &event) == 1 else { return }
                let isEnd = unsafe event.type == YAML_STREAM_END_EVENT
                unsafe yaml_event_delete(&event)
                if isEnd { return }
            }
        }
    }
}
