package import JSON
import YAML

extension Diagnostic {
    package func json(file: String) -> JSON {
        [
            "file": .string(file), "line": .int(place.line), "column": .int(place.column),
            "severity": .string(severity.rawValue), "problem": .string(problem),
            "hint": .string(hint),
        ]
    }
}
