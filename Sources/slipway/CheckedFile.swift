import JSON
import Pipelines
import YAML

/// A file that a person wrote for Slipway, and all there is to say of it.
struct CheckedFile {
    enum Kind: String {
        case pipeline, runner, registry
    }

    /// What it is read as; nothing if it cannot be read at all.
    let kind: Kind?
    let report: String
    let errors: Int
    let warnings: Int
    let json: JSON

    init(_ name: String, _ kind: Kind, _ bytes: [UInt8], _ diagnostics: [Diagnostic]) {
        self.kind = kind
        let text = String(decoding: bytes, as: UTF8.self)
        report = Report(file: name, text: text).text(of: diagnostics)
        errors = diagnostics.count { $0.severity == .error }
        warnings = diagnostics.count { $0.severity == .warning }
        json = [
            "file": .string(name), "kind": .string(kind.rawValue),
            "diagnostics": .array(diagnostics.map { $0.json(file: name) }),
        ]
    }

    init(_ name: String, unreadable failure: Input.Failure) {
        kind = nil
        report = "\(Report.visible(name)): error: \(failure.problem)\n  hint: \(failure.hint)\n"
        errors = 1
        warnings = 0
        json = ["file": .string(name), "unreadable": .string(failure.problem), "diagnostics": []]
    }

    /// A definition, or the profile of a runner or a registry, whichever it looks like.
    static func read(_ path: String, as kind: Kind? = nil) -> CheckedFile {
        let name = shown(path)
        do throws(Input.Failure) {
            let bytes = try Input.read(path)
            switch kind ?? Self.kind(of: bytes) {
            case .pipeline:
                return DefinitionFile(name, bytes).checked
            case .runner:
                let reading = RunnerProfile.read(bytes)
                return CheckedFile(name, .runner, bytes, reading.diagnostics)
            case .registry:
                let reading = RegistryProfile.read(bytes)
                return CheckedFile(name, .registry, bytes, reading.diagnostics)
            }
        } catch {
            return CheckedFile(name, unreadable: error)
        }
    }

    static func shown(_ path: String) -> String { path == "-" ? "(standard input)" : path }

    /// By keys that only one of them has. Who mistypes one of them still has the others.
    private static func kind(of bytes: [UInt8]) -> Kind {
        guard let root = try? Document.read(bytes), case .mapping(let entries) = root.content else {
            return .pipeline
        }
        let keys = Set(
            entries.compactMap { entry -> String? in
                if case .scalar(let text, _) = entry.key.content { text } else { nil }
            })
        guard keys.isDisjoint(with: ["sources", "stages"]) else { return .pipeline }
        if !keys.isDisjoint(with: ["places", "read-only", "network"]) { return .runner }
        return keys.isDisjoint(with: ["host", "aws", "plain-http"]) ? .pipeline : .registry
    }
}
