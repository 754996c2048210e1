import Client
import Pipelines
import YAML

/// What a definition names, as a server has told whether it is there.
struct Needs {
    private let all: [NeedWords]

    init(_ all: [NeedWords]) { self.all = all }

    var areMet: Bool { !all.contains(where: \.isMissing) }

    /// As mistakes are shown, each with its line.
    func showMissing(as severity: Diagnostic.Severity, _ name: String, _ bytes: [UInt8]) {
        let report = Report(file: name, text: String(decoding: bytes, as: UTF8.self))
        let missing = all.filter(\.isMissing).map { need in
            Diagnostic(
                severity, at: Place(line: max(1, need.line), column: max(1, need.column)),
                need.message, hint: need.hint)
        }
        Output.error(report.text(of: missing))
    }

    /// A line of what is there, and one for each thing of which nobody knows.
    var summary: String {
        let here = names(all.filter(\.isHere))
        var lines = here.isEmpty ? [] : ["it has \(here.joined(separator: ", "))"]
        lines += all.filter { !$0.isHere && !$0.isMissing }.map {
            "not known of \(title($0)): \($0.message)"
        }
        return lines.map { "  \(Report.visible($0))\n" }.joined()
    }

    /// Each once, however often it is named.
    private func names(_ needs: [NeedWords]) -> [String] {
        var seen: Set<String> = []
        return needs.map(title).filter { seen.insert($0).inserted }
    }

    private func title(_ need: NeedWords) -> String { "\(need.kind) '\(need.name)'" }
}
