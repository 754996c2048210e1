import JSON
import Pipelines

/// A definition in a file, read, with all there is to say of it.
struct DefinitionFile {
    let definition: Definition?
    let report: String
    let errors: Int
    let warnings: Int
    let json: JSON

    init(_ path: String) {
        let name = path == "-" ? "(standard input)" : path
        do throws(Input.Failure) {
            let bytes = try Input.read(path)
            let reading = Definition.read(bytes, zones: ZoneNames.known)
            let text = String(decoding: bytes, as: UTF8.self)
            definition = reading.definition
            report = Report(file: name, text: text).text(of: reading.diagnostics)
            errors = reading.diagnostics.count { $0.severity == .error }
            warnings = reading.diagnostics.count { $0.severity == .warning }
            json = [
                "file": .string(name),
                "diagnostics": .array(reading.diagnostics.map { $0.json(file: name) }),
            ]
        } catch {
            definition = nil
            let shown = Report.visible(name)
            report = "\(shown): error: \(error.problem)\n  hint: \(error.hint)\n"
            errors = 1
            warnings = 0
            json = ["file": .string(name), "unreadable": .string(error.problem), "diagnostics": []]
        }
    }
}
